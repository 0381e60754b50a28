'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { VehicleDetail } from '@temoin/shared/vehicles';
import { useEffect, useReducer, useState } from 'react';
import { vehicleQuery } from '@/lib/history/get-vehicle';
import { joinVehicle } from '@/lib/live-socket';
import { serverNow } from '@/lib/server-clock';
import { createReadingStream, type ReadingStream } from './reading-stream';
import { useMay } from './use-may';
import { type Followed, follow, NOTHING_FOLLOWED } from './vehicle-changes';

export interface FollowedVehicle {
  /** What is known now: the vehicle's facts with its newest values over them. */
  readonly vehicle: VehicleDetail | undefined;
  readonly facts: Followed['facts'];
  readonly stream: ReadingStream;
  readonly error: unknown;
  readonly copiedAt: number | undefined;
  readonly closed: string | undefined;
  readonly retry: () => void;
}

/** One vehicle: read by HTTP, then followed by the socket while this is mounted. Without the right to live values, read only. */
export function useVehicle(idOrVin: string): FollowedVehicle {
  const mayLive = useMay('vehicle.live');
  const queries = useQueryClient();
  const query = useQuery(vehicleQuery(idOrVin));
  const [followed, dispatch] = useReducer(follow, NOTHING_FOLLOWED);
  const [stream] = useState(createReadingStream);
  const detail = query.data?.vehicle;

  useEffect(() => {
    if (detail) dispatch({ kind: 'snapshot', vehicle: detail });
  }, [detail]);

  useEffect(() => {
    if (!mayLive || idOrVin === '') return;
    let snapshots = 0;
    return joinVehicle(idOrVin, {
      onSnapshot: (vehicle) => {
        dispatch({ kind: 'snapshot', vehicle });
        snapshots += 1;
        if (snapshots > 1) stream.interrupted();
      },
      onReadings: ({ readings }) => {
        dispatch({ kind: 'readings', readings, heardAt: serverNow() });
        stream.push(readings);
      },
      onFact: (fact, cursor) => {
        dispatch({ kind: 'fact', fact, cursor });
        // What a fact means for alarms is the service's to say.
        void queries.invalidateQueries({ queryKey: ['vehicle', idOrVin] });
      },
      onClosed: (code) => dispatch({ kind: 'closed', code }),
    });
  }, [idOrVin, mayLive, queries, stream]);

  return {
    vehicle: detail && { ...detail, ...followed.vehicle },
    facts: followed.facts,
    stream,
    error: query.error,
    copiedAt: query.data?.copiedAt,
    closed: followed.closed,
    retry: () => void query.refetch(),
  };
}
