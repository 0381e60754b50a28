import { lastHeardAt, stateOf, VEHICLE_STATES, type VehicleNow, type VehicleState } from '@temoin/shared/vehicles';

// Which vehicles a list shows, and in which order. Orders are stable: vehicles of equal rank keep the order of their plates,
// so that rows do not change places while someone reads.

export const SORTS = ['activity', 'label', 'speed', 'seen'] as const;
export type Sort = (typeof SORTS)[number];

const plain = (text: string) =>
  text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase();
/** Plates are typed with and without hyphens. */
const dense = (text: string) => plain(text).replace(/[^a-z0-9]/g, '');

/** Whether every word of `text` is found in the plate, VIN, model, driver or place. */
export function matchesText(vehicle: VehicleNow, text: string): boolean {
  const wanted = plain(text).split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return true;
  const words = plain(
    [
      vehicle.label,
      vehicle.vin,
      vehicle.model,
      vehicle.driver,
      vehicle.position?.street,
      vehicle.position?.quarter,
    ].join(' '),
  );
  const ids = `${dense(vehicle.label)} ${dense(vehicle.vin)}`;
  return wanted.every((word) => words.includes(word) || (dense(word) !== '' && ids.includes(dense(word))));
}

export interface ListedVehicle {
  readonly vehicle: VehicleNow;
  readonly state: VehicleState;
}

export interface ListQuery {
  readonly states: ReadonlySet<VehicleState>;
  readonly text: string;
  readonly sort: Sort;
  readonly now: number;
  /** Ids on the map's present view, when only those are wanted. */
  readonly within?: ReadonlySet<string> | undefined;
}

/** The vehicles that a list shows, in its order. An empty set of states means all. */
export function orderVehicles(vehicles: Iterable<VehicleNow>, query: ListQuery): ListedVehicle[] {
  const listed: ListedVehicle[] = [];
  for (const vehicle of vehicles) {
    const state = stateOf(vehicle, query.now);
    if (query.states.size > 0 && !query.states.has(state)) continue;
    if (query.within && !query.within.has(vehicle.id)) continue;
    if (matchesText(vehicle, query.text)) listed.push({ vehicle, state });
  }
  return listed.sort((a, b) => RANKS[query.sort](a, b) || collator.compare(a.vehicle.label, b.vehicle.label));
}

const collator = new Intl.Collator('fr', { numeric: true });
const rankOf = new Map(VEHICLE_STATES.map((state, index) => [state, index]));

const RANKS: Readonly<Record<Sort, (a: ListedVehicle, b: ListedVehicle) => number>> = {
  activity: (a, b) =>
    (rankOf.get(a.state) ?? 9) - (rankOf.get(b.state) ?? 9) ||
    (a.state === 'alarm' ? (b.vehicle.alarm?.at ?? 0) - (a.vehicle.alarm?.at ?? 0) : 0),
  label: () => 0,
  speed: (a, b) => (b.vehicle.speedKmh ?? -1) - (a.vehicle.speedKmh ?? -1),
  seen: (a, b) => (lastHeardAt(b.vehicle) ?? 0) - (lastHeardAt(a.vehicle) ?? 0),
};
