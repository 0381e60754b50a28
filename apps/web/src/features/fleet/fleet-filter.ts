import type { VehicleState } from '@temoin/shared/vehicles';
import { createStore } from 'zustand/vanilla';
import type { Sort } from './order-vehicles';

/** What is looked for on the home page; it holds for list and map alike. */
export interface FleetFilter {
  /** Empty = all. */
  readonly states: ReadonlySet<VehicleState>;
  readonly text: string;
  readonly sort: Sort;
  readonly isOnlyInView: boolean;
  /** Ids on the map's present view; undefined while there is no map. */
  readonly inView: ReadonlySet<string> | undefined;
}

export const NO_FILTER: FleetFilter = {
  states: new Set(),
  text: '',
  sort: 'activity',
  isOnlyInView: false,
  inView: undefined,
};

export const fleetFilter = createStore<FleetFilter>(() => NO_FILTER);

/** Adds a state to those looked for, or takes it away. */
export function toggleState(state: VehicleState): void {
  const states = new Set(fleetFilter.getState().states);
  if (!states.delete(state)) states.add(state);
  fleetFilter.setState({ states });
}

export const clearFilter = (): void => fleetFilter.setState({ states: new Set(), text: '', isOnlyInView: false });
