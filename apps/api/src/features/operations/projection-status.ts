import type { Projection } from '../../projections/projection.ts';
import type { Queryable } from '../../stores/postgres/pool.ts';
import type { OperationsStatus } from './operations.ts';

/** Counting stops here: "more than a million behind" says enough. */
const COUNTED = 1_000_000;

export type StatusOfProjection = OperationsStatus['projections'][number];

/** Where a projection stands, by its own store; `behind` counts the entries that it has not read. */
export async function statusOf(db: Queryable, projection: Projection): Promise<StatusOfProjection> {
  const cursor = await projection.cursor();
  const { rows } = await db.query<{ behind: string }>(
    `SELECT count(*) AS behind FROM (SELECT FROM batch_log WHERE position > $1 LIMIT ${COUNTED}) later`,
    [cursor.toString()],
  );
  return { name: projection.name, cursor: cursor.toString(), behind: Number(rows[0]?.behind ?? 0) };
}

export async function overview(
  db: Queryable,
  projections: readonly Projection[],
  version: string,
): Promise<OperationsStatus> {
  const { rows } = await db.query<Record<'head' | 'batches' | 'boxes' | 'vehicles' | 'people', string>>(
    `SELECT (SELECT coalesce(max(position), 0) FROM batch_log) AS head, (SELECT count(*) FROM batch_log) AS batches,
            (SELECT count(*) FROM boxes WHERE revoked_at IS NULL) AS boxes, (SELECT count(*) FROM vehicles) AS vehicles,
            (SELECT count(*) FROM people WHERE disabled_at IS NULL) AS people`,
  );
  const counts = rows[0];
  const statuses = await Promise.all(projections.map((projection) => statusOf(db, projection)));
  return {
    version,
    serverTime: Date.now(),
    head: counts?.head ?? '0',
    batches: Number(counts?.batches ?? 0),
    boxes: Number(counts?.boxes ?? 0),
    vehicles: Number(counts?.vehicles ?? 0),
    people: Number(counts?.people ?? 0),
    projections: statuses,
    caughtUp: statuses.every(({ behind }) => behind === 0),
  };
}

export async function countSkipped(db: Queryable, name: string): Promise<number> {
  const { rows } = await db.query<{ skipped: string }>(
    'SELECT count(*) AS skipped FROM projection_skipped WHERE projection = $1',
    [name],
  );
  return Number(rows[0]?.skipped ?? 0);
}
