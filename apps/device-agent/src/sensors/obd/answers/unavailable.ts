import type { MetricKey } from '@temoin/shared/metrics';

// Control units that have no value send all ones or all zeros. For a percentage these are values; for a temperature of 215 °C
// or a speed of 255 km/h they are not. Dropped here, where the bytes are still known.

/** All ones mean "not available". Counters that stop at their end (run time, distances) and percentages are not here. */
const NEVER_ALL_ONES: ReadonlySet<MetricKey> = new Set<MetricKey>([
  'obdSpeedKmh',
  'rpm',
  'coolantTempC',
  'intakeAirTempC',
  'ambientTempC',
  'oilTempC',
  'massAirFlowGps',
  'fuelRateLph',
  'moduleVoltageV',
  'absoluteLoadPct',
  'barometricPressureKpa',
  'timingAdvanceDeg',
  'fuelType',
  'odometerKm',
]);

/** All zeros cannot be: no air pressure at all, or the voltage of the very computer that answers. */
const NEVER_ZERO: ReadonlySet<MetricKey> = new Set<MetricKey>([
  'barometricPressureKpa',
  'intakePressureKpa',
  'moduleVoltageV',
]);

/** Zero is −40 °C: possible in Lapland, but then the value before was close to it. */
const TEMPERATURES: ReadonlySet<MetricKey> = new Set<MetricKey>([
  'coolantTempC',
  'intakeAirTempC',
  'ambientTempC',
  'oilTempC',
]);
const CLOSE_TO_MINUS_40 = -35;

/** A tank does not empty between two answers. */
const EMPTY_TANK_AFTER_PCT = 10;

/** Is this answer a pattern that says nothing. `before` is the last value accepted of the same metric in this drive. */
export function isUnavailable(key: MetricKey, bytes: readonly number[], before: number | undefined): boolean {
  if (bytes.every((byte) => byte === 0xff)) return NEVER_ALL_ONES.has(key);
  if (!bytes.every((byte) => byte === 0)) return false;
  if (NEVER_ZERO.has(key)) return true;
  if (TEMPERATURES.has(key)) return before === undefined || before > CLOSE_TO_MINUS_40;
  return key === 'fuelLevelPct' && before !== undefined && before > EMPTY_TANK_AFTER_PCT;
}
