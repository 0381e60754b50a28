import * as z from 'zod';
import { addRefusals, type RefusalCounts } from '../errors/index.ts';
import type { MetricKey } from '../metrics/index.ts';
import type { Reading } from '../telemetry/index.ts';

// The upload format of the first system, for boxes that are still in the field: JSON with one record per moment and a list of
// sensors in it. It has no box identity, no numbering and no signature; those come from the door it is accepted at.

const LEGACY_LIMITS = { records: 2000, pictures: 20, pictureChars: 8 * 1024 * 1024 } as const;

/** Numbers came as numbers or as text, absent ones as null: what is no finite number is simply not there. */
const LooseNumber = z.union([z.number(), z.string(), z.null()]).optional();
const LooseTime = z.union([z.number(), z.string()]);

const Gps = z.object({
  sensor: z.literal('gps'),
  satellites: LooseNumber,
  location: z.array(LooseNumber).nullish(),
  altitude: LooseNumber,
  course: LooseNumber,
  speed: LooseNumber,
  datetime: LooseTime.nullish(),
});
const Obd2 = z.object({
  sensor: z.literal('obd2'),
  engine_load: LooseNumber,
  coolant_temp: LooseNumber,
  intake_pressure: LooseNumber,
  rpm: LooseNumber,
  speed: LooseNumber,
  fuel_level: LooseNumber,
  // Spelt so by the first system.
  ambiant_air_temp: LooseNumber,
});
const AnySensor = z.object({ sensor: z.string() });
const Record_ = z.object({ time: LooseTime, data: z.object({ sensors: z.array(z.unknown()).max(64) }) });
const Picture = z.object({ time: LooseTime, data: z.string().max(LEGACY_LIMITS.pictureChars) });

/** The outer shape; records and pictures are read one by one, so that a bad one harms nothing else. */
export const LegacyUpload = z
  .object({
    localtime: LooseTime.optional(),
    records: z.array(z.unknown()).max(LEGACY_LIMITS.records).default([]),
    pictures: z.array(z.unknown()).max(LEGACY_LIMITS.pictures).default([]),
  })
  .meta({ id: 'LegacyUpload' });

export interface LegacyContents {
  readonly readings: Reading[];
  readonly recordsRead: number;
  readonly refusals: RefusalCounts;
  readonly pictures: { readonly at: number; readonly jpegBase64: string }[];
}

const OBD2_METRICS = {
  engine_load: 'engineLoadPct',
  coolant_temp: 'coolantTempC',
  intake_pressure: 'intakePressureKpa',
  rpm: 'rpm',
  speed: 'obdSpeedKmh',
  fuel_level: 'fuelLevelPct',
  ambiant_air_temp: 'ambientTempC',
} as const satisfies Record<string, MetricKey>;

/** A satellite time further than this from the record's own is a receiver without a date; the record's time is taken. */
const LARGEST_GPS_SHIFT_MS = 24 * 3600_000;

/**
 * Reads an old upload. Each sensor becomes a reading at its own instant (the receiver's time where it has one), sensors of one
 * instant become one reading. Throws `ZodError` when the outer shape is wrong.
 */
export function decodeLegacyUpload(json: unknown): LegacyContents {
  const upload = LegacyUpload.parse(json);
  const refusals: RefusalCounts = {};
  const readings = upload.records.flatMap((record) => readRecord(record, refusals));
  const pictures = upload.pictures.flatMap((raw) => {
    const picture = Picture.safeParse(raw);
    const at = picture.success ? parseLegacyTime(picture.data.time) : undefined;
    if (picture.success && at !== undefined) return [{ at, jpegBase64: picture.data.data }];
    addRefusals(refusals, 'photo_invalid');
    return [];
  });
  return { readings, recordsRead: upload.records.length, refusals, pictures };
}

function readRecord(raw: unknown, refusals: RefusalCounts): Reading[] {
  const record = Record_.safeParse(raw);
  const at = record.success ? parseLegacyTime(record.data.time) : undefined;
  if (!record.success || at === undefined) {
    addRefusals(refusals, 'row_unreadable');
    return [];
  }
  const byInstant = new Map<number, Record<string, number>>();
  for (const sensor of record.data.data.sensors) {
    const measured = readSensor(sensor, at, refusals);
    if (!measured) continue;
    byInstant.set(measured.at, { ...byInstant.get(measured.at), ...measured.values });
  }
  return [...byInstant].map(([instant, values]) => ({ at: instant, values }));
}

function readSensor(raw: unknown, recordAt: number, refusals: RefusalCounts) {
  const gps = Gps.safeParse(raw);
  if (gps.success) return readGps(gps.data, recordAt);
  const obd2 = Obd2.safeParse(raw);
  if (obd2.success) {
    const values: Record<string, number> = {};
    for (const [field, key] of Object.entries(OBD2_METRICS))
      put(values, key, obd2.data[field as keyof typeof OBD2_METRICS]);
    return { at: recordAt, values };
  }
  const named = AnySensor.safeParse(raw);
  // The Arduino's own entry holds only its uptime; other names are sensors that we do not know.
  if (!named.success || ['gps', 'obd2'].includes(named.data.sensor)) addRefusals(refusals, 'row_unreadable');
  else if (named.data.sensor !== 'arduino') addRefusals(refusals, 'metric_unknown');
  return undefined;
}

function readGps(gps: z.infer<typeof Gps>, recordAt: number) {
  const values: Record<string, number> = {};
  put(values, 'lat', gps.location?.[0]);
  put(values, 'lon', gps.location?.[1]);
  put(values, 'altitudeM', gps.altitude);
  put(values, 'courseDeg', gps.course);
  put(values, 'gpsSpeedKmh', gps.speed);
  put(values, 'satellites', gps.satellites);
  const satelliteTime = gps.datetime === undefined || gps.datetime === null ? undefined : parseLegacyTime(gps.datetime);
  const trusted = satelliteTime !== undefined && Math.abs(satelliteTime - recordAt) <= LARGEST_GPS_SHIFT_MS;
  return { at: trusted ? satelliteTime : recordAt, values };
}

function put(values: Record<string, number>, key: MetricKey, loose: number | string | null | undefined): void {
  if (loose === null || loose === undefined || loose === '') return;
  const value = Number(loose);
  if (Number.isFinite(value)) values[key] = value;
}

/** Epoch seconds or milliseconds, or ISO text; text without a zone is UTC, as the first system's boxes ran. */
export function parseLegacyTime(time: number | string): number | undefined {
  const asNumber = typeof time === 'number' ? time : /^\d+(\.\d+)?$/.test(time) ? Number(time) : undefined;
  if (asNumber !== undefined)
    return Number.isFinite(asNumber) ? Math.round(asNumber < 1e11 ? asNumber * 1000 : asNumber) : undefined;
  const text = String(time).trim().replace(' ', 'T');
  const at = Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`);
  return Number.isNaN(at) ? undefined : at;
}
