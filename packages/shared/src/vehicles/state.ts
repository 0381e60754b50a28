import type { VehicleNow } from './index.ts';

export type VehicleState = 'moving' | 'idling' | 'parked' | 'silent' | 'alarm';
/** In the order in which people must see them. */
export const VEHICLE_STATES: readonly VehicleState[] = ['alarm', 'moving', 'idling', 'parked', 'silent'];

/** From this speed on a vehicle counts as moving; below it GPS noise and creeping look alike. */
export const MOVING_FROM_KMH = 3;
/** A vehicle under way reports every few seconds; after this long without a word it is silent. */
const SILENT_WHILE_DRIVING_MS = 3 * 60_000;
/** A parked box reports every 30 min at least; two missed reports and some slack. */
const SILENT_WHILE_PARKED_MS = 75 * 60_000;
/** "En direct": younger than this. */
export const LIVE_FOR_MS = 15_000;

/** The instant by which a vehicle's freshness is judged, ms UTC; undefined = never heard of. */
export const lastHeardAt = (v: Pick<VehicleNow, 'origin' | 'lastContactAt' | 'lastReadingAt'>): number | undefined =>
  v.origin === 'replayed' ? v.lastContactAt : v.lastReadingAt;

type StateInput = Pick<
  VehicleNow,
  'origin' | 'lastContactAt' | 'lastReadingAt' | 'speedKmh' | 'moving' | 'engineOn' | 'alarm'
>;

const isMoving = (v: Pick<VehicleNow, 'speedKmh' | 'moving'>): boolean =>
  v.moving ?? (v.speedKmh ?? 0) >= MOVING_FROM_KMH;

/** One state per vehicle, at `now` (ms UTC). Alarm is above all others; then silence; then what it does. */
export function stateOf(v: StateInput, now: number): VehicleState {
  if (v.alarm) return 'alarm';
  const heardAt = lastHeardAt(v);
  if (heardAt === undefined) return 'silent';
  const ageMs = now - heardAt;
  const moving = isMoving(v);
  if (ageMs > (moving || v.engineOn ? SILENT_WHILE_DRIVING_MS : SILENT_WHILE_PARKED_MS)) return 'silent';
  if (moving) return 'moving';
  return v.engineOn ? 'idling' : 'parked';
}

export type Freshness = 'live' | 'expected' | 'late';

/** `live` under 15 s, `expected` while within the rhythm of its state, `late` beyond it or never. */
export function freshnessOf(v: StateInput, now: number): Freshness {
  const heardAt = lastHeardAt(v);
  if (heardAt === undefined) return 'late';
  if (now - heardAt < LIVE_FOR_MS) return 'live';
  const driving = isMoving(v) || v.engineOn === true;
  return now - heardAt <= (driving ? SILENT_WHILE_DRIVING_MS : SILENT_WHILE_PARKED_MS) ? 'expected' : 'late';
}

/**
 * A vehicle as it is shown to a person who may only list: that it exists and in which state, without position, values, faults
 * or the driver's name.
 */
export function listedOnly(v: VehicleNow): VehicleNow {
  const { position: _position, latest: _latest, faults: _faults, driver: _driver, speedKmh, alarm, ...shown } = v;
  return {
    ...shown,
    ...(speedKmh !== undefined && { moving: isMoving(v) }),
    ...(alarm && { alarm: { kind: alarm.kind, at: alarm.at, codes: [] } }),
  };
}
