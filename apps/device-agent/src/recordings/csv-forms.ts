import { METRIC_KEYS, type MetricKey } from '@temoin/shared/metrics';
import type { ClockTrust } from '@temoin/shared/telemetry';
import { KM_PER_MILE } from '@temoin/shared/units';

// The CSV forms that we can read, as tables: which column is which metric, and in which unit it is written. Columns that are
// not named here have no metric in the catalogue and are left out.

export interface CsvColumn {
  readonly from: string;
  readonly to: MetricKey;
  /** Factor from the column's unit to the metric's. */
  readonly times?: number;
  /** The column means this metric only in rows where another column has this text. */
  readonly where?: { readonly column: string; readonly is: string };
}

/** How a row's instant is found. */
export type CsvTime =
  | { readonly column: string; readonly as: 'utc' | 'morocco' | 'utc_or_ms' }
  /** Seconds since the recording's beginning, which is assumed: such a source has no date. */
  | { readonly column: string; readonly as: 'seconds' | 'coarse_seconds'; readonly beginsAt: number }
  | { readonly as: 'absent' };

export interface CsvForm {
  readonly name: string;
  /** A header with all of these is of this form. */
  readonly requires: readonly string[];
  readonly time: CsvTime;
  readonly clockTrust: ClockTrust;
  readonly columns: readonly CsvColumn[];
}

/** Beginning given to recordings that carry no date. */
export const UNDATED_BEGINS_AT = Date.UTC(2019, 0, 1);

const same = (...keys: MetricKey[]): CsvColumn[] => keys.map((key) => ({ from: key, to: key }));
const map = (table: Partial<Record<string, MetricKey>>): CsvColumn[] =>
  Object.entries(table).map(([from, to]) => ({ from, to: to as MetricKey }));

const driveplotr: CsvForm = {
  name: 'driveplotr',
  requires: ['time_utc', 'gps_lat', 'gps_long', 'speed_mph', 'speed_source', 'cumulative_drive_dist_mi'],
  time: { column: 'time_utc', as: 'utc' },
  clockTrust: 'gps',
  columns: [
    ...map({
      gps_lat: 'lat',
      gps_long: 'lon',
      gps_elevation: 'altitudeM',
      // gps_heading is unwrapped and leaves 0–360.
      gps_heading_raw: 'courseDeg',
      gps_fix: 'fixMode',
      gps_sats: 'satellites',
      gps_pdop: 'pdop',
      gps_hdop: 'hdop',
      gps_vdop: 'vdop',
      accel_x: 'accelXG',
      accel_y: 'accelYG',
      accel_z: 'accelZG',
      engine_rpm: 'rpm',
      engine_throttle: 'throttlePct',
    }),
    { from: 'speed_mph', to: 'gpsSpeedKmh', times: KM_PER_MILE, where: { column: 'speed_source', is: 'gps' } },
    { from: 'speed_mph', to: 'obdSpeedKmh', times: KM_PER_MILE, where: { column: 'speed_source', is: 'obd' } },
  ],
};

/** Of enviroCar's air flows only the sensor's own is a measurement; `calc_maf_gps` was computed afterwards. */
const envirocar: CsvForm = {
  name: 'envirocar',
  requires: ['time_utc', 'lat', 'lon', 'obd_speed_kmh', 'rpm', 'engine_load_pct'],
  time: { column: 'time_utc', as: 'utc' },
  clockTrust: 'gps',
  columns: map({
    lat: 'lat',
    lon: 'lon',
    obd_speed_kmh: 'obdSpeedKmh',
    gps_speed_kmh: 'gpsSpeedKmh',
    rpm: 'rpm',
    engine_load_pct: 'engineLoadPct',
    throttle_pct: 'throttlePct',
    intake_pressure_kpa: 'intakePressureKpa',
    intake_temp_c: 'intakeAirTempC',
    maf_gps: 'massAirFlowGps',
    consumption_lph: 'fuelRateLph',
    gps_alt_m: 'altitudeM',
    gps_bearing_deg: 'courseDeg',
    gps_hdop: 'hdop',
    gps_pdop: 'pdop',
    gps_vdop: 'vdop',
    gps_accuracy_m: 'positionAccuracyM',
  }),
};

const twizy: CsvForm = {
  name: 'rsk-twizy',
  requires: ['time_local', 'lat', 'lon', 'can_speed_kmh', 'soc_pct'],
  time: { column: 'time_local', as: 'morocco' },
  clockTrust: 'gps',
  columns: map({
    lat: 'lat',
    lon: 'lon',
    alt_m: 'altitudeM',
    can_speed_kmh: 'obdSpeedKmh',
    gps_speed_kmh: 'gpsSpeedKmh',
    soc_pct: 'stateOfChargePct',
    ambient_c: 'ambientTempC',
  }),
};

const carObd: CsvForm = {
  name: 'carobd',
  requires: ['row', 'engine_run_time_s', 'rpm', 'speed_kmh'],
  time: { column: 'engine_run_time_s', as: 'coarse_seconds', beginsAt: UNDATED_BEGINS_AT },
  clockTrust: 'file',
  columns: map({
    engine_run_time_s: 'engineRunTimeS',
    rpm: 'rpm',
    speed_kmh: 'obdSpeedKmh',
    throttle_pct: 'throttlePct',
    engine_load_pct: 'engineLoadPct',
    coolant_c: 'coolantTempC',
    ltft1_pct: 'longFuelTrimPct',
    stft1_pct: 'shortFuelTrimPct',
    intake_pressure_kpa: 'intakePressureKpa',
    fuel_level_pct: 'fuelLevelPct',
    baro_kpa: 'barometricPressureKpa',
    intake_air_c: 'intakeAirTempC',
    timing_advance_deg: 'timingAdvanceDeg',
    module_voltage_v: 'moduleVoltageV',
    dist_mil_on_km: 'milDistanceKm',
  }),
};

const driveCycle: CsvForm = {
  name: 'drive-cycle',
  requires: ['t_s', 'speed_kmh'],
  time: { column: 't_s', as: 'seconds', beginsAt: UNDATED_BEGINS_AT },
  clockTrust: 'file',
  columns: map({ speed_kmh: 'obdSpeedKmh' }),
};

const track: CsvForm = {
  name: 'track',
  requires: ['time_utc', 'lat', 'lon'],
  time: { column: 'time_utc', as: 'utc' },
  clockTrust: 'gps',
  columns: [...map({ azimuth_deg: 'courseDeg' }), ...same(...METRIC_KEYS)],
};

/** Positions that nobody timed: each row is refused, and says so. */
const untimedTrack: CsvForm = {
  name: 'untimed-track',
  requires: ['latitude', 'longitude'],
  time: { as: 'absent' },
  clockTrust: 'file',
  columns: map({ latitude: 'lat', longitude: 'lon' }),
};

/** Our own export: an instant, and columns named by the metric catalogue. */
const catalogue = (timeColumn: string): CsvForm => ({
  name: 'temoin-csv',
  requires: [timeColumn],
  time: { column: timeColumn, as: 'utc_or_ms' },
  clockTrust: 'gps',
  columns: same(...METRIC_KEYS),
});

const NAMED_FORMS: readonly CsvForm[] = [driveplotr, envirocar, twizy, carObd, driveCycle, track];

/** The form of a CSV file by its header, or undefined when it is no drive that we know. */
export function csvFormOf(header: readonly string[]): CsvForm | undefined {
  const has = (column: string) => header.includes(column);
  const named = NAMED_FORMS.find((form) => form.requires.every(has));
  if (named) return named;
  const timeColumn = ['at', 'time', 'time_utc'].find(has);
  if (timeColumn && METRIC_KEYS.some(has)) return catalogue(timeColumn);
  const timed = header.some((column) => /time|date/i.test(column));
  return !timed && untimedTrack.requires.every(has) ? untimedTrack : undefined;
}
