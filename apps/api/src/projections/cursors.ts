import { createHash } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { orStoreUnavailable } from '../stores/log/postgres-away.ts';
import { inTransaction } from '../stores/postgres/pool.ts';
import type { ProjectionName } from './projection.ts';

// Cursors of the projections that live in PostgreSQL: written in the same transaction as what they count.

export async function readCursor(pool: Pool, name: ProjectionName): Promise<bigint> {
  const { rows } = await orStoreUnavailable(() =>
    pool.query<{ position: string }>('SELECT position FROM projection_cursors WHERE projection = $1', [name]),
  );
  return BigInt(rows[0]?.position ?? 0);
}

/** One transaction for `work` and the new cursor, which never goes back. */
export function applyWithCursor(
  pool: Pool,
  name: ProjectionName,
  cursor: bigint,
  work: (client: PoolClient) => Promise<void>,
): Promise<void> {
  return orStoreUnavailable(() =>
    inTransaction(pool, async (client) => {
      await work(client);
      await client.query(
        `INSERT INTO projection_cursors (projection, position) VALUES ($1, $2) ON CONFLICT (projection)
         DO UPDATE SET position = greatest(projection_cursors.position, excluded.position)`,
        [name, cursor.toString()],
      );
    }),
  );
}

/** Empties the projection's table and forgets its cursor and what was skipped. `table` is a constant of ours. */
export function resetTable(pool: Pool, name: ProjectionName, table: string): Promise<void> {
  return orStoreUnavailable(() =>
    inTransaction(pool, async (client) => {
      await client.query(`TRUNCATE ${table}`);
      await client.query('DELETE FROM projection_cursors WHERE projection = $1', [name]);
      await client.query('DELETE FROM projection_skipped WHERE projection = $1', [name]);
    }),
  );
}

/**
 * Digest over a set of rows that does not depend on their order and needs no sorting: number of rows and the sum of their
 * SHA-256 hashes (128 bits of each). `row` is an SQL expression of ours that gives the row as text.
 */
export async function digestOfRows(pool: Pool, name: ProjectionName, table: string, row: string): Promise<string> {
  const { rows } = await orStoreUnavailable(() =>
    pool.query<{ rows: string; low: string | null; high: string | null }>(
      `SELECT count(*) AS rows, sum(('x' || substr(h, 1, 16))::bit(64)::bigint) AS low,
              sum(('x' || substr(h, 17, 16))::bit(64)::bigint) AS high
       FROM (SELECT encode(sha256(convert_to(${row}, 'UTF8')), 'hex') AS h FROM ${table}) hashed`,
    ),
  );
  const sums = rows[0];
  return createHash('sha256').update(`${name} ${sums?.rows} ${sums?.low} ${sums?.high}`).digest('hex');
}
