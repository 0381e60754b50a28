import type { VehicleFact } from '@temoin/shared/live';
import type { Fact } from '@temoin/shared/telemetry';
import type { Pool } from 'pg';
import { orStoreUnavailable } from '../stores/log/postgres-away.ts';
import type { Queryable } from '../stores/postgres/pool.ts';
import { applyWithCursor, digestOfRows, readCursor, resetTable } from './cursors.ts';
import type { Projection } from './projection.ts';

const INSERT = `
  INSERT INTO vehicle_facts (box_id, boot, seq, fact_index, vehicle_id, position, at_ms, kind, fact)
  SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::smallint[], $5::uuid[], $6::bigint[], $7::bigint[],
    $8::text[], $9::jsonb[])
  ON CONFLICT DO NOTHING`;

/** Everything that happened, one row a fact, numbered by the position of its entry in the log. */
export function createFactsProjection(pool: Pool): Projection {
  return {
    name: 'facts',
    cursor: () => readCursor(pool, 'facts'),
    apply: (entries, cursor) =>
      applyWithCursor(pool, 'facts', cursor, async (client) => {
        const rows = entries.flatMap(({ entry, vehicleId, facts, factIndexes }) =>
          vehicleId === undefined
            ? []
            : facts.map((fact, i) => ({ entry, vehicleId, fact, index: factIndexes[i] ?? i })),
        );
        if (rows.length === 0) return;
        await client.query({
          name: 'facts-insert',
          text: INSERT,
          values: [
            rows.map((r) => r.entry.boxId),
            rows.map((r) => r.entry.boot),
            rows.map((r) => r.entry.seq),
            rows.map((r) => r.index),
            rows.map((r) => r.vehicleId),
            rows.map((r) => r.entry.position.toString()),
            rows.map((r) => r.fact.at),
            rows.map((r) => r.fact.kind),
            rows.map((r) => JSON.stringify(r.fact)),
          ],
        });
      }),
    reset: () => resetTable(pool, 'facts', 'vehicle_facts'),
    // Without the position: where an entry stands in the log differs between sites, what it says does not.
    digest: () => digestOfRows(pool, 'facts', 'vehicle_facts', `(to_jsonb(vehicle_facts) - 'position')::text`),
  };
}

/**
 * Facts of a vehicle after a cursor, oldest first, whole entries only: at least `limit` where there are so many, so that the
 * last cursor never cuts an entry in two.
 */
export async function readVehicleFacts(
  db: Queryable,
  vehicleId: string,
  after: bigint,
  limit: number,
): Promise<VehicleFact[]> {
  const { rows } = await orStoreUnavailable(() =>
    db.query<{ position: string; fact: Fact }>(
      `SELECT position, fact FROM vehicle_facts WHERE vehicle_id = $1 AND position > $2 AND position <= coalesce(
         (SELECT position FROM vehicle_facts WHERE vehicle_id = $1 AND position > $2 ORDER BY position, fact_index
          OFFSET $3 LIMIT 1), 9223372036854775807)
       ORDER BY position, fact_index`,
      [vehicleId, after.toString(), limit - 1],
    ),
  );
  return rows.map((row) => ({ vehicleId, cursor: row.position, fact: row.fact }));
}
