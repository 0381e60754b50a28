import type { VehicleState } from '@temoin/shared/vehicles';
import { useDeferredValue, useMemo } from 'react';
import { useStore } from 'zustand';
import { useNow } from '@/lib/use-now';
import { fleetFilter } from '../fleet-filter';
import { countStates, type FleetState } from '../fleet-state';
import { type ListedVehicle, orderVehicles } from '../order-vehicles';

/** What the list shows under the present filter, and the counts over everything. */
export function useListed(state: FleetState): {
  listed: readonly ListedVehicle[];
  counts: Record<VehicleState, number>;
  total: number;
} {
  const filter = useStore(fleetFilter);
  // A copy stands still: its states are those of the moment it was made, or all would read "silent".
  const clock = useNow(1000);
  const now = state.copiedAt ?? clock;
  const text = useDeferredValue(filter.text);
  const within = filter.isOnlyInView ? filter.inView : undefined;
  const listed = useMemo(
    () => orderVehicles(state.vehicles.values(), { states: filter.states, text, sort: filter.sort, now, within }),
    [state.vehicles, filter.states, text, filter.sort, now, within],
  );
  const counts = useMemo(() => countStates(state.vehicles.values(), now), [state.vehicles, now]);
  return { listed, counts, total: state.vehicles.size };
}
