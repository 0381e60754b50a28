'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { Reading } from '@temoin/shared/telemetry';
import { useEffect, useMemo, useState } from 'react';
import { keepTail } from '@/lib/history/extend-series';
import { trackQuery } from '@/lib/history/get-track';
import { extendTrack } from '@/lib/history/track-geometry';
import type { TimeWindow } from '@/ui/charts/chart-window';
import type { ReadingStream } from './reading-stream';

/** Readings of the stream since this was mounted, in order and bounded; emptied when the stream says something was missed. */
export function useTail(stream: ReadingStream, onInterrupted: () => void): readonly Reading[] {
  const [tail, setTail] = useState<readonly Reading[]>([]);
  useEffect(
    () =>
      stream.subscribe({
        onReadings: (readings) => setTail((before) => keepTail(before, readings)),
        onInterrupted: () => {
          setTail([]);
          onInterrupted();
        },
      }),
    [stream, onInterrupted],
  );
  return tail;
}

/** The track of a window, growing at its end while readings come that belong to it. */
export function useTrack(vehicleId: string, window: TimeWindow, stream: ReadingStream, enabled = true) {
  const queries = useQueryClient();
  const [again] = useState(() => () => void queries.invalidateQueries({ queryKey: ['track', vehicleId] }));
  const options = trackQuery(vehicleId, window.from, window.to);
  const query = useQuery({ ...options, enabled: enabled && vehicleId !== '' });
  const tail = useTail(stream, again);
  const track = useMemo(
    () =>
      query.data &&
      extendTrack(
        query.data,
        tail.filter((reading) => reading.at >= window.from && reading.at < window.to),
      ),
    [query.data, tail, window.from, window.to],
  );
  return { ...query, track };
}
