import type { VehicleChange } from '@temoin/shared/live';
import { stateOf, VEHICLE_STATES, type VehicleNow, type VehicleState } from '@temoin/shared/vehicles';

// What the page knows of all vehicles, as a value, and how news changes it. Promises: nothing older is ever shown over
// something newer, whatever order news comes in; the same news twice changes nothing; a change of an unknown vehicle is
// dropped, since the next snapshot brings it whole.

export interface FleetState {
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly vehicles: ReadonlyMap<string, VehicleNow>;
  /** When what is shown was copied, if it is a copy from before and nothing newer has come, ms UTC. */
  readonly copiedAt: number | undefined;
  /** Why there is nothing to show, in phase `failed`. */
  readonly error: unknown;
}

export type FleetNews =
  | { readonly kind: 'snapshot'; readonly vehicles: readonly VehicleNow[]; readonly copiedAt?: number | undefined }
  | { readonly kind: 'changes'; readonly changes: readonly VehicleChange[] }
  | { readonly kind: 'failed'; readonly error: unknown };

export const EMPTY_FLEET: FleetState = { phase: 'loading', vehicles: new Map(), copiedAt: undefined, error: undefined };

/** The state after the news; the same object when the news changes nothing. */
export function reduceFleet(state: FleetState, news: FleetNews): FleetState {
  switch (news.kind) {
    case 'snapshot':
      return afterSnapshot(state, news.vehicles, news.copiedAt);
    case 'changes':
      return afterChanges(state, news.changes);
    case 'failed':
      return state.phase === 'ready' ? state : { ...state, phase: 'failed', error: news.error };
  }
}

function afterSnapshot(state: FleetState, list: readonly VehicleNow[], copiedAt: number | undefined): FleetState {
  // A copy never takes the place of what the server itself said.
  if (copiedAt !== undefined && state.phase === 'ready' && state.copiedAt === undefined) return state;
  const vehicles = new Map<string, VehicleNow>();
  for (const fresh of list) {
    const known = state.vehicles.get(fresh.id);
    vehicles.set(fresh.id, known && isOlder(fresh, known) ? { ...known, ...constantParts(fresh) } : fresh);
  }
  return { phase: 'ready', vehicles, copiedAt, error: undefined };
}

function afterChanges(state: FleetState, changes: readonly VehicleChange[]): FleetState {
  let vehicles: Map<string, VehicleNow> | undefined;
  for (const change of changes) {
    const known = (vehicles ?? state.vehicles).get(change.id);
    if (!known || isOlder(change, known)) continue;
    vehicles ??= new Map(state.vehicles);
    vehicles.set(change.id, merged(known, change));
  }
  return vehicles ? { ...state, vehicles, copiedAt: undefined } : state;
}

function merged(known: VehicleNow, { cleared, ...parts }: VehicleChange): VehicleNow {
  const next: VehicleNow = { ...known, ...parts };
  if (known.position && parts.position && parts.position.at < known.position.at) next.position = known.position;
  for (const part of cleared ?? []) delete next[part];
  return next;
}

type Stamps = Pick<VehicleNow, 'lastContactAt' | 'lastReadingAt'>;

/** Whether `a` was known to the server before `b`. What carries no time (a cleared alarm alone) is never older. */
function isOlder(a: Stamps, b: Stamps): boolean {
  if (a.lastContactAt !== undefined && b.lastContactAt !== undefined && a.lastContactAt !== b.lastContactAt)
    return a.lastContactAt < b.lastContactAt;
  return a.lastReadingAt !== undefined && b.lastReadingAt !== undefined && a.lastReadingAt < b.lastReadingAt;
}

const constantParts = ({ label, model, vin, driver }: VehicleNow) => ({
  label,
  model,
  vin,
  ...(driver !== undefined && { driver }),
});

/** How many vehicles are in each state at `now`, ms UTC. */
export function countStates(vehicles: Iterable<VehicleNow>, now: number): Record<VehicleState, number> {
  const counts = Object.fromEntries(VEHICLE_STATES.map((state) => [state, 0])) as Record<VehicleState, number>;
  for (const vehicle of vehicles) counts[stateOf(vehicle, now)] += 1;
  return counts;
}
