import { randomBytes } from 'node:crypto';
import { addRefusals, type ErrorCode, type RefusalCounts } from '@temoin/shared/errors';
import { createOdometer } from '@temoin/shared/history';
import { inTransaction, type Pool, type Queryable } from '../../stores/postgres/pool.ts';
import type { SeriesStore } from '../../stores/series/series-store.ts';
import { createNumberRuns } from './number-runs.ts';
import type { BoxCode, DriveReport } from './operations.ts';

// The service's side of a replay: vehicles for recorded drives, and afterwards what is stored of each, counted from the
// ledger and the time series and not from what the player says it sent.

const INSURER = 'Recordings';

/** A vehicle per label, made where it is missing; `vehicleIds` in the order of `labels`. */
export async function ensureVehicles(pool: Pool, labels: readonly string[]): Promise<string[]> {
  return inTransaction(pool, async (db) => {
    const { rows: first } = await db.query<{ id: string }>(
      'SELECT id FROM organisations ORDER BY created_at, id LIMIT 1',
    );
    const organisationId =
      first[0]?.id ??
      (await db.query<{ id: string }>('INSERT INTO organisations (name) VALUES ($1) RETURNING id', [INSURER])).rows[0]
        ?.id;
    const ids: string[] = [];
    for (const label of labels) {
      const { rows } = await db.query<{ id: string }>(
        `INSERT INTO vehicles (organisation_id, vin, label) VALUES ($1, $2, $3)
         ON CONFLICT (organisation_id, label) DO UPDATE SET label = excluded.label RETURNING id`,
        [organisationId, newVin(), label],
      );
      ids.push(rows[0]?.id ?? '');
    }
    return ids;
  });
}

/** A made-up VIN: `ZZZ` is no maker's code. */
function newVin(): string {
  const letters = '0123456789ABCDEFGHJKLMNPRSTUVWXY';
  const random = Array.from(randomBytes(14), (byte) => letters[byte & 31]).join('');
  return `ZZZ${random}`;
}

export async function codesFor(
  vehicleIds: readonly string[],
  labels: readonly string[],
  createCode: (vehicleId: string) => Promise<{ code: string; expiresAt: number }>,
): Promise<BoxCode[]> {
  const codes: BoxCode[] = [];
  for (const [i, vehicleId] of vehicleIds.entries()) {
    const { code, expiresAt } = await createCode(vehicleId);
    codes.push({ vehicle: labels[i] ?? vehicleId, code, expiresAt });
  }
  return codes;
}

/** What is stored of the vehicle with this label. Distances by the one rule of `@temoin/shared/history`. */
export async function reportDrive(db: Queryable, series: SeriesStore, label: string): Promise<DriveReport> {
  const { rows: vehicles } = await db.query<{ id: string }>('SELECT id FROM vehicles WHERE label = $1', [label]);
  const vehicleId = vehicles[0]?.id;
  const empty = { label, batches: 0, stored: 0, refusedReadings: 0, refusals: {}, inSeries: 0, holes: 0, km: 0 };
  if (!vehicleId) return empty;
  const { rows } = await db.query<{
    box_id: string;
    seq: string;
    readings: number;
    refused_readings: number;
    refusals: RefusalCounts;
  }>('SELECT box_id, seq, readings, refused_readings, refusals FROM ledger_batches WHERE vehicle_id = $1', [vehicleId]);
  const refusals: RefusalCounts = {};
  const seqs = new Map<string, ReturnType<typeof createNumberRuns>>();
  let stored = 0;
  let refusedReadings = 0;
  for (const row of rows) {
    stored += row.readings;
    refusedReadings += row.refused_readings;
    for (const [code, count] of Object.entries(row.refusals)) addRefusals(refusals, code as ErrorCode, count);
    const runs = seqs.get(row.box_id) ?? createNumberRuns();
    runs.add(Number(row.seq));
    seqs.set(row.box_id, runs);
  }
  const odometer = createOdometer();
  let inSeries = 0;
  for await (const { at, values } of series.readings({ vehicleId, from: 0, to: 8_640_000_000_000_000 })) {
    inSeries += 1;
    odometer.add({ at, speedKmh: values.obdSpeedKmh ?? values.gpsSpeedKmh, lat: values.lat, lon: values.lon });
  }
  const holes = [...seqs.values()].reduce(
    (sum, runs) => sum + runs.holes().length + ((runs.first() ?? 0) > 0 ? 1 : 0),
    0,
  );
  return {
    label,
    batches: rows.length,
    stored,
    refusedReadings,
    refusals,
    inSeries,
    holes,
    km: Math.round(odometer.km() * 1000) / 1000,
  };
}
