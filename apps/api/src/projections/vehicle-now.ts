import type { VehicleNow } from '@temoin/shared/vehicles';
import { MOVING_FROM_KMH } from '@temoin/shared/vehicles';
import type { VehicleState } from './vehicle-state.ts';

// From the merged state to what a page is told. A value that was not renewed while others were is no news: an engine speed
// from before the ignition was switched off does not keep the engine running.

/** The part of `VehicleNow` that boxes decide. */
export type VehicleMotion = Omit<VehicleNow, 'id' | 'vin' | 'label' | 'model' | 'driver'>;

/** How much older than the newest reading a value may be and still describe the present, ms. */
const SAME_MOMENT_MS = 60_000;
/** How much older the car's own speed may be than the receiver's and still be preferred, ms. */
const PREFER_OBD_FOR_MS = 10_000;
/** A charging 12 V system (alternator, or the converter of an electric car that is on) is above this, V. */
const CHARGING_FROM_V = 13.2;
/** A crash is an alarm until the vehicle has gone on reporting for this long. */
const CRASH_ALARM_MS = 24 * 3600_000;

export function toVehicleMotion(state: VehicleState): VehicleMotion {
  const speedKmh = presentSpeed(state);
  const moving = speedKmh !== undefined && speedKmh >= MOVING_FROM_KMH;
  const engineOn = presentEngine(state, moving);
  const alarm = presentAlarm(state);
  const standingSince = moving ? undefined : lastChange(state, engineOn === true);
  const locationOff = state.locationSwitch?.off ?? state.latest.locationOff?.[0] === 1;
  const motion: VehicleMotion = {
    ...(state.origin && { origin: state.origin.origin }),
    ...(state.lastAt !== undefined && { lastReadingAt: state.lastAt }),
    ...(state.contactAt !== undefined && { lastContactAt: state.contactAt }),
    ...(speedKmh !== undefined && { speedKmh }),
    ...(engineOn !== undefined && { engineOn }),
    ...(standingSince !== undefined && { standingSince }),
    ...(state.place && { position: presentPlace(state) }),
    ...(Object.keys(state.latest).length > 0 && {
      latest: Object.fromEntries(Object.entries(state.latest).map(([key, [value, at]]) => [key, [value, at]])),
    }),
    ...(state.faults && {
      faults: { at: state.faults.stamp[0], milOn: state.faults.milOn, codes: [...state.faults.codes] },
    }),
    ...(alarm && { alarm }),
    ...(locationOff && { locationOff }),
  };
  return motion;
}

function valueNow(state: VehicleState, key: keyof VehicleState['latest']): number | undefined {
  const known = state.latest[key];
  if (!known || state.lastAt === undefined || known[1] < state.lastAt - SAME_MOMENT_MS) return undefined;
  return known[0];
}

function presentSpeed(state: VehicleState): number | undefined {
  const { obdSpeedKmh, gpsSpeedKmh } = state.latest;
  const obd = valueNow(state, 'obdSpeedKmh');
  if (obd !== undefined && (!gpsSpeedKmh || (obdSpeedKmh?.[1] ?? 0) >= gpsSpeedKmh[1] - PREFER_OBD_FOR_MS)) return obd;
  return valueNow(state, 'gpsSpeedKmh');
}

/** By engine speed; without one (electric cars, no OBD-2) by movement, then by a charging 12 V system; else unknown. */
function presentEngine(state: VehicleState, moving: boolean): boolean | undefined {
  const rpm = valueNow(state, 'rpm');
  if (rpm !== undefined && rpm > 0) return true;
  if (moving) return true;
  if (rpm !== undefined) return false;
  const volts = valueNow(state, 'moduleVoltageV') ?? valueNow(state, 'batteryVoltageV');
  if (volts !== undefined) return volts >= CHARGING_FROM_V;
  return state.latest.rpm ? false : undefined;
}

/** Since when it stands: the last movement, or the last change of the engine after it. */
function lastChange(state: VehicleState, engineOn: boolean): number | undefined {
  const changes = [state.movingAt, engineOn ? state.engineOffAt : state.engineOnAt].filter((at) => at !== undefined);
  return changes.length > 0 ? Math.max(...changes) : state.firstAt;
}

function presentPlace(state: VehicleState): VehicleNow['position'] {
  if (!state.place) return undefined;
  const { stamp, ...place } = state.place;
  const course = state.latest.courseDeg;
  const courseDeg = place.courseDeg ?? (course && course[1] >= stamp[0] - PREFER_OBD_FOR_MS ? course[0] : undefined);
  return { ...place, at: stamp[0], ...(courseDeg !== undefined && { courseDeg }) };
}

/** A crash is above all; then a box that was pulled out; then an engine light, until a later list is empty or unlit. */
function presentAlarm(state: VehicleState): VehicleNow['alarm'] {
  const { crash, plug, faults } = state;
  const lastAt = state.lastAt ?? 0;
  if (crash && lastAt - crash.stamp[0] < CRASH_ALARM_MS) return { kind: 'crash', at: crash.stamp[0], codes: [] };
  if (plug?.out) return { kind: 'unplugged', at: plug.stamp[0], codes: [] };
  if (faults?.milOn && faults.codes.length > 0)
    return { kind: 'faults', at: faults.stamp[0], codes: [...faults.codes] };
  return undefined;
}
