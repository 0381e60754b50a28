import type { ErrorCode, RefusalCounts } from '@temoin/shared/errors';
import type { LedgerHole } from '@temoin/shared/ledger';
import { orStoreUnavailable } from '../../stores/log/postgres-away.ts';
import type { Pool } from '../../stores/postgres/pool.ts';

// All SQL of the ledger. Uploads of the old format (form 3) carry no count: they are received, but prove no hole.

export interface LedgerRange {
  readonly vehicleId: string;
  /** ms UTC, `from` included, `to` excluded. */
  readonly from: number;
  readonly to: number;
}

/** Batches with readings in the range, or that came without any in it. */
const IN_RANGE = `vehicle_id = $1 AND coalesce(last_at_ms, received_at_ms) >= $2 AND coalesce(first_at_ms, received_at_ms) < $3`;

export interface LedgerTotals {
  readonly batches: number;
  readonly readings: number;
  readonly refusedReadings: number;
  readonly refusals: RefusalCounts;
  readonly lastSeq: number | undefined;
  readonly lastContactAt: number | undefined;
  readonly boxIds: string[];
}

export async function readTotals(pool: Pool, { vehicleId, from, to }: LedgerRange): Promise<LedgerTotals> {
  const range = [vehicleId, from, to];
  const [totals, refusals] = await orStoreUnavailable(() =>
    Promise.all([
      pool.query<
        Record<'batches' | 'readings' | 'refused', string> & {
          seq: string | null;
          contact: string | null;
          boxes: string[] | null;
        }
      >(
        `SELECT count(*) AS batches, coalesce(sum(readings), 0) AS readings, coalesce(sum(refused_readings), 0) AS refused,
                max(seq) FILTER (WHERE form <> 3) AS seq, max(received_at_ms) AS contact, array_agg(DISTINCT box_id) AS boxes
         FROM ledger_batches WHERE ${IN_RANGE}`,
        range,
      ),
      pool.query<{ code: ErrorCode; times: string }>(
        `SELECT key AS code, sum(value::bigint) AS times FROM ledger_batches, jsonb_each_text(refusals)
         WHERE ${IN_RANGE} GROUP BY key ORDER BY key`,
        range,
      ),
    ]),
  );
  const row = totals.rows[0];
  return {
    batches: Number(row?.batches ?? 0),
    readings: Number(row?.readings ?? 0),
    refusedReadings: Number(row?.refused ?? 0),
    refusals: Object.fromEntries(refusals.rows.map(({ code, times }) => [code, Number(times)])),
    lastSeq: row?.seq ? Number(row.seq) : undefined,
    lastContactAt: row?.contact ? Number(row.contact) : undefined,
    boxIds: row?.boxes ?? [],
  };
}

export interface ReceivedSpan {
  readonly from: number;
  readonly to: number;
  readonly late: boolean;
  readonly readings: number;
}

/**
 * Stretches of readings, cut where `joinMs` pass without any and where late changes to in time. Late = came more than
 * `lateMs` after its last reading; a recording that is played is old by nature and never late.
 */
export async function readSpans(
  pool: Pool,
  { vehicleId, from, to }: LedgerRange,
  joinMs: number,
  lateMs: number,
): Promise<ReceivedSpan[]> {
  const { rows } = await orStoreUnavailable(() =>
    pool.query<{ from_ms: string; to_ms: string; late: boolean; readings: string }>(
      `WITH batches AS (
         SELECT first_at_ms, last_at_ms, readings, origin <> 'replayed' AND received_at_ms - last_at_ms > $5 AS late
         FROM ledger_batches WHERE ${IN_RANGE} AND readings > 0
       ), edges AS (
         SELECT *, coalesce(first_at_ms > max(last_at_ms) OVER before + $4, true)
           OR late IS DISTINCT FROM lag(late) OVER ordered AS starts
         FROM batches
         WINDOW ordered AS (ORDER BY first_at_ms, last_at_ms, late, readings),
           before AS (ORDER BY first_at_ms, last_at_ms, late, readings ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
       ), numbered AS (
         SELECT *, sum(starts::int) OVER (ORDER BY first_at_ms, last_at_ms, late, readings) AS run FROM edges
       )
       SELECT min(first_at_ms) AS from_ms, max(last_at_ms) AS to_ms, bool_or(late) AS late, sum(readings) AS readings
       FROM numbered GROUP BY run ORDER BY 1, 2`,
      [vehicleId, from, to, joinMs, lateMs],
    ),
  );
  return rows.map((row) => ({
    from: Number(row.from_ms),
    to: Number(row.to_ms),
    late: row.late,
    readings: Number(row.readings),
  }));
}

/**
 * Numbers that never came between the first and the last batch that touch the range, per box; the neighbours just outside the
 * range are looked at too, so that a hole at its edge is seen.
 */
export async function readHoles(
  pool: Pool,
  { vehicleId, from, to }: LedgerRange,
  limit: number,
): Promise<LedgerHole[]> {
  const { rows } = await orStoreUnavailable(() =>
    pool.query<{ from_seq: string; to_seq: string; from_ms: string | null; to_ms: string | null }>(
      `WITH seen AS (
         SELECT box_id, min(seq) AS low, max(seq) AS high FROM ledger_batches WHERE ${IN_RANGE} AND form <> 3 GROUP BY box_id
       ), bounds AS (
         SELECT box_id,
           coalesce((SELECT max(b.seq) FROM ledger_batches b WHERE b.box_id = s.box_id AND b.seq < s.low AND b.form <> 3), low) AS low,
           coalesce((SELECT min(b.seq) FROM ledger_batches b WHERE b.box_id = s.box_id AND b.seq > s.high AND b.form <> 3), high) AS high
         FROM seen s
       ), numbers AS (
         SELECT b.box_id, b.seq, min(coalesce(b.first_at_ms, b.received_at_ms)) AS first_ms,
           max(coalesce(b.last_at_ms, b.received_at_ms)) AS last_ms
         FROM ledger_batches b JOIN bounds USING (box_id)
         WHERE b.seq BETWEEN bounds.low AND bounds.high AND b.form <> 3 GROUP BY b.box_id, b.seq
       ), steps AS (
         SELECT seq, first_ms, lag(seq) OVER w AS seq_before, lag(last_ms) OVER w AS last_before
         FROM numbers WINDOW w AS (PARTITION BY box_id ORDER BY seq)
       )
       SELECT seq_before + 1 AS from_seq, seq - 1 AS to_seq, last_before AS from_ms, first_ms AS to_ms
       FROM steps WHERE seq > seq_before + 1 ORDER BY seq DESC LIMIT $4`,
      [vehicleId, from, to, limit],
    ),
  );
  return rows.map((row) => ({
    fromSeq: Number(row.from_seq),
    toSeq: Number(row.to_seq),
    batches: Number(row.to_seq) - Number(row.from_seq) + 1,
    ...(row.from_ms !== null && { fromAt: Number(row.from_ms) }),
    ...(row.to_ms !== null && { toAt: Number(row.to_ms) }),
  }));
}
