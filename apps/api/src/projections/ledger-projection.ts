import type { Pool } from 'pg';
import { FORM_NUMBERS } from '../stores/log/log-rows.ts';
import { applyWithCursor, digestOfRows, readCursor, resetTable } from './cursors.ts';
import type { Projection } from './projection.ts';

const INSERT = `
  INSERT INTO ledger_batches (box_id, boot, seq, part, vehicle_id, form, origin, first_at_ms, last_at_ms, readings,
    refused_readings, refusals, received_at_ms)
  SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::smallint[], $5::uuid[], $6::smallint[], $7::text[],
    $8::bigint[], $9::bigint[], $10::integer[], $11::integer[], $12::jsonb[], $13::bigint[])
  ON CONFLICT DO NOTHING`;

/** The completeness ledger: one row per batch, also for batches of boxes that were in no vehicle. */
export function createLedgerProjection(pool: Pool): Projection {
  return {
    name: 'ledger',
    cursor: () => readCursor(pool, 'ledger'),
    apply: (entries, cursor) =>
      applyWithCursor(pool, 'ledger', cursor, async (client) => {
        if (entries.length === 0) return;
        const spans = entries.map(({ readings }) => spanOf(readings.map((reading) => reading.at)));
        await client.query({
          name: 'ledger-insert',
          text: INSERT,
          values: [
            entries.map((e) => e.entry.boxId),
            entries.map((e) => e.entry.boot),
            entries.map((e) => e.entry.seq),
            entries.map((e) => e.part),
            entries.map((e) => e.vehicleId ?? null),
            entries.map((e) => FORM_NUMBERS[e.entry.form]),
            entries.map((e) => e.origin),
            spans.map((span) => span?.first ?? null),
            spans.map((span) => span?.last ?? null),
            entries.map((e) => e.readings.length),
            entries.map((e) => e.refusedReadings),
            entries.map((e) => JSON.stringify(e.refusals)),
            entries.map((e) => e.entry.receivedAt),
          ],
        });
      }),
    reset: () => resetTable(pool, 'ledger', 'ledger_batches'),
    digest: () => digestOfRows(pool, 'ledger', 'ledger_batches', 'to_jsonb(ledger_batches)::text'),
  };
}

function spanOf(instants: readonly number[]): { first: number; last: number } | undefined {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const at of instants) {
    if (at < first) first = at;
    if (at > last) last = at;
  }
  return instants.length > 0 ? { first, last } : undefined;
}
