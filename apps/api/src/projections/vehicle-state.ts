import type { MetricKey } from '@temoin/shared/metrics';
import type { Fact, Origin, Reading } from '@temoin/shared/telemetry';
import { MOVING_FROM_KMH } from '@temoin/shared/vehicles';
import type { VehicleEntry } from './projection.ts';

// What is known of a vehicle, as a value into which entries are merged. Every field is a newest-by-stamp or a maximum, so
// merging is commutative, associative and idempotent: late, repeated and regrouped entries give the same state, and a rebuild
// gives the same bytes. What pages see is derived from it in `vehicle-now.ts`.

/** Order of readings and facts: by instant, then by start of the box, number and index. */
export type Stamp = readonly [at: number, boot: number, seq: number, index: number];
type LatestValue = readonly [value: number, at: number, boot: number, seq: number, index: number];

interface Stamped {
  readonly stamp: Stamp;
}
export interface Place extends Stamped {
  readonly lat: number;
  readonly lon: number;
  readonly courseDeg?: number;
  readonly accuracyM?: number;
  readonly street?: string;
  readonly quarter?: string;
}

export interface VehicleState {
  latest: { [metric in MetricKey]?: LatestValue };
  place?: Place;
  origin?: Stamped & { readonly origin: Origin };
  faults?: Stamped & { readonly milOn: boolean; readonly codes: readonly string[] };
  crash?: Stamped & { readonly peakG: number };
  plug?: Stamped & { readonly out: boolean };
  locationSwitch?: Stamped & { readonly off: boolean };
  /** ms UTC: first and last reading, last arrival; last reading under way, with the engine running, and with it off. */
  firstAt?: number;
  lastAt?: number;
  contactAt?: number;
  movingAt?: number;
  engineOnAt?: number;
  engineOffAt?: number;
}

export const emptyVehicleState = (): VehicleState => ({ latest: {} });

/** Merges one entry into `state`, in place. */
export function mergeEntry(state: VehicleState, entry: VehicleEntry): void {
  const { boot, seq, receivedAt } = entry.entry;
  state.contactAt = later(state.contactAt, receivedAt);
  // From the end, because the newest wins: almost all of what is older is then passed over without a trace.
  for (let i = entry.readings.length - 1; i >= 0; i -= 1) {
    const reading = entry.readings[i];
    if (reading) mergeReading(state, reading, [reading.at, boot, seq, entry.indexes[i] ?? i], entry.origin);
  }
  for (const [i, fact] of entry.facts.entries())
    mergeFact(state, fact, [fact.at, boot, seq, entry.factIndexes[i] ?? i]);
}

function mergeReading(state: VehicleState, { at, values }: Reading, stamp: Stamp, origin: Origin): void {
  state.firstAt = state.firstAt === undefined ? at : Math.min(state.firstAt, at);
  state.lastAt = later(state.lastAt, at);
  if (compareStamps(stamp, state.origin?.stamp) >= 0) state.origin = newest(state.origin, { stamp, origin });
  for (const key in values) {
    const metric = key as MetricKey;
    const value = values[metric];
    if (value !== undefined) mergeValue(state.latest, metric, value, stamp);
  }
  const { lat, lon, courseDeg, positionAccuracyM, rpm } = values;
  if (lat !== undefined && lon !== undefined && compareStamps(stamp, state.place?.stamp) >= 0) {
    const place: Place = {
      lat,
      lon,
      ...(courseDeg !== undefined && { courseDeg }),
      ...(positionAccuracyM !== undefined && { accuracyM: positionAccuracyM }),
      stamp,
    };
    state.place = newestPlace(state.place, place);
  }
  const speedKmh = values.obdSpeedKmh ?? values.gpsSpeedKmh;
  if (speedKmh !== undefined && speedKmh >= MOVING_FROM_KMH) state.movingAt = later(state.movingAt, at);
  if (rpm === undefined) return;
  if (rpm > 0) state.engineOnAt = later(state.engineOnAt, at);
  else state.engineOffAt = later(state.engineOffAt, at);
}

function mergeValue(latest: VehicleState['latest'], metric: MetricKey, value: number, stamp: Stamp): void {
  const [at, boot, seq, index] = stamp;
  const known = latest[metric];
  if (known) {
    const order = at - known[1] || boot - known[2] || seq - known[3] || index - known[4] || value - known[0];
    if (order <= 0) return;
  }
  latest[metric] = [value, at, boot, seq, index];
}

function mergeFact(state: VehicleState, fact: Fact, stamp: Stamp): void {
  switch (fact.kind) {
    case 'faults':
      state.faults = newest(state.faults, { stamp, milOn: fact.milOn, codes: fact.codes });
      return;
    case 'crash':
      state.crash = newest(state.crash, { stamp, peakG: fact.peakG });
      return;
    case 'unplugged':
    case 'plugged_in':
      state.plug = newest(state.plug, { stamp, out: fact.kind === 'unplugged' });
      return;
    case 'location_switch':
      state.locationSwitch = newest(state.locationSwitch, { stamp, off: fact.off });
      return;
    default:
    // Harsh braking, photos and dropped readings do not change what the vehicle is doing.
  }
}

const later = (known: number | undefined, at: number): number => (known === undefined || at > known ? at : known);

/** Negative when `a` is older than `b`; anything is newer than nothing. */
export function compareStamps(a: Stamp, b: Stamp | undefined): number {
  if (!b) return 1;
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || a[3] - b[3];
}

/** The newer one. Two boxes may share a stamp: then their contents decide, so that order of arrival never does. */
function newest<T extends Stamped>(known: T | undefined, other: T): T {
  if (!known) return other;
  const order = compareStamps(other.stamp, known.stamp);
  if (order !== 0) return order > 0 ? other : known;
  return inOrder(other) > inOrder(known) ? other : known;
}

/** As text that does not depend on the order of keys, which the database does not keep. */
const inOrder = (value: object): string => JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));

function newestPlace(known: Place | undefined, other: Place): Place {
  if (!known) return other;
  const { street: _street, quarter: _quarter, ...bare } = known;
  return newest<Place>(bare, other) === bare ? known : other;
}
