import type { Fact, Reading } from '@temoin/shared/telemetry';
import { type LatestValues, MOVING_FROM_KMH, type VehicleNow } from '@temoin/shared/vehicles';

// What a vehicle page knows of its vehicle, as the socket brings it. Pure. Newest wins per metric: a reading that comes late
// or twice never puts an older value over a newer one. Facts are taken once each, in the order of their cursors.

export interface VehicleFacts {
  readonly fact: Fact;
  readonly cursor: string;
}

export interface Followed {
  readonly vehicle: VehicleNow | undefined;
  /** Newest first, of this visit. */
  readonly facts: readonly VehicleFacts[];
  readonly cursor: string | undefined;
  /** Why the room was closed to us, if it was. */
  readonly closed: string | undefined;
}

export type FollowEvent =
  | { readonly kind: 'snapshot'; readonly vehicle: VehicleNow }
  | { readonly kind: 'readings'; readonly readings: readonly Reading[]; readonly heardAt: number }
  | { readonly kind: 'fact'; readonly fact: Fact; readonly cursor: string }
  | { readonly kind: 'closed'; readonly code: string };

export const NOTHING_FOLLOWED: Followed = { vehicle: undefined, facts: [], cursor: undefined, closed: undefined };

const MOST_FACTS = 50;
/** The same bounds as in the service's own state: how much older the car's speed and engine speed may be and still count. */
const PREFER_OBD_FOR_MS = 10_000;
const SAME_MOMENT_MS = 60_000;
/** A street name holds for a vehicle that has moved less than this since, in degrees (about 100 m). */
const SAME_STREET_DEG = 0.001;

/** The state after an event; the same object when nothing changed. */
export function follow(state: Followed, event: FollowEvent): Followed {
  switch (event.kind) {
    case 'snapshot':
      return { ...state, vehicle: newerOf(state.vehicle, event.vehicle), closed: undefined };
    case 'readings':
      return state.vehicle ? { ...state, vehicle: withReadings(state.vehicle, event.readings, event.heardAt) } : state;
    case 'fact': {
      if (state.cursor !== undefined && !isLater(event.cursor, state.cursor)) return state;
      const facts = [{ fact: event.fact, cursor: event.cursor }, ...state.facts].slice(0, MOST_FACTS);
      return { ...state, facts, cursor: event.cursor, vehicle: state.vehicle && withFact(state.vehicle, event.fact) };
    }
    case 'closed':
      return { ...state, closed: event.code };
  }
}

/** A snapshot with whatever we already know that is newer: an answer may have been on its way while readings came. */
function newerOf(known: VehicleNow | undefined, snapshot: VehicleNow): VehicleNow {
  if (!known || known.id !== snapshot.id || (known.lastReadingAt ?? 0) <= (snapshot.lastReadingAt ?? 0))
    return snapshot;
  const { lastReadingAt, lastContactAt, speedKmh, engineOn, standingSince } = known;
  const latest: LatestValues = { ...snapshot.latest };
  for (const [key, value] of Object.entries(known.latest ?? {}))
    if ((latest[key]?.[1] ?? 0) <= value[1]) latest[key] = value;
  const isPlaceNewer = (known.position?.at ?? 0) > (snapshot.position?.at ?? 0);
  const { street, quarter } = snapshot.position ?? {};
  const position =
    isPlaceNewer && known.position ? { street, quarter, ...dropUndefined(known.position) } : snapshot.position;
  return { ...snapshot, latest, position, lastReadingAt, lastContactAt, speedKmh, engineOn, standingSince };
}

const dropUndefined = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T;

/** Cursors are whole numbers as text; they are compared as numbers, of any length. */
export function isLater(cursor: string, than: string): boolean {
  if (/^\d+$/.test(cursor) && /^\d+$/.test(than)) return BigInt(cursor) > BigInt(than);
  return cursor > than;
}

/** The vehicle with these readings; `heardAt` = when they came, server's clock. */
export function withReadings(vehicle: VehicleNow, readings: readonly Reading[], heardAt: number): VehicleNow {
  const latest: LatestValues = { ...vehicle.latest };
  let lastReadingAt = vehicle.lastReadingAt ?? 0;
  let position = vehicle.position;
  for (const { at, values } of readings) {
    for (const [key, value] of Object.entries(values)) {
      const known = latest[key];
      if (value !== undefined && (!known || known[1] <= at)) latest[key] = [value, at];
    }
    lastReadingAt = Math.max(lastReadingAt, at);
    if (values.lat === undefined || values.lon === undefined || (position && at < position.at)) continue;
    const isNear =
      position !== undefined &&
      Math.abs(position.lat - values.lat) < SAME_STREET_DEG &&
      Math.abs(position.lon - values.lon) < SAME_STREET_DEG;
    position = {
      lat: values.lat,
      lon: values.lon,
      at,
      courseDeg: values.courseDeg ?? position?.courseDeg,
      accuracyM: values.positionAccuracyM,
      ...(isNear ? { street: position?.street, quarter: position?.quarter } : {}),
    };
  }
  const speedKmh = speedOf(latest) ?? vehicle.speedKmh;
  const rpm = latest.rpm;
  const engineOn = rpm && lastReadingAt - rpm[1] <= SAME_MOMENT_MS ? rpm[0] > 0 : vehicle.engineOn;
  const stands = (speedKmh ?? 0) < MOVING_FROM_KMH;
  const standingSince = stands ? (vehicle.standingSince ?? lastReadingAt) : undefined;
  return {
    ...vehicle,
    latest,
    position,
    lastReadingAt,
    lastContactAt: Math.max(vehicle.lastContactAt ?? 0, heardAt),
    speedKmh,
    engineOn,
    standingSince,
  };
}

function speedOf(latest: LatestValues): number | undefined {
  const obd = latest.obdSpeedKmh;
  const gps = latest.gpsSpeedKmh;
  if (obd && (!gps || gps[1] - obd[1] <= PREFER_OBD_FOR_MS)) return obd[0];
  return gps?.[0];
}

function withFact(vehicle: VehicleNow, fact: Fact): VehicleNow {
  if (fact.kind === 'faults' && fact.at >= (vehicle.faults?.at ?? 0)) {
    return { ...vehicle, faults: { at: fact.at, milOn: fact.milOn, codes: fact.codes } };
  }
  if (fact.kind === 'location_switch') return { ...vehicle, locationOff: fact.off };
  return vehicle;
}

/**
 * The vehicle's own now: ages of its values are judged by this. For a recording, whose times are old by nature, it is the
 * instant of its last reading plus the time since we heard from it.
 */
export function vehicleNow(
  vehicle: Pick<VehicleNow, 'origin' | 'lastReadingAt' | 'lastContactAt'>,
  now: number,
): number {
  if (vehicle.origin !== 'replayed' || vehicle.lastReadingAt === undefined) return now;
  return vehicle.lastReadingAt + Math.max(0, now - (vehicle.lastContactAt ?? now));
}
