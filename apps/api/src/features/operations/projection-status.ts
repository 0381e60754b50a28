import type { Projection } from '../../projections/projection.ts';
import type { BatchLog } from '../../stores/log/batch-log.ts';
import type { Queryable } from '../../stores/postgres/pool.ts';
import type { OperationsStatus } from './operations.ts';

/** Counting stops here: "more than a million behind" says enough. */
const COUNTED = 1_000_000;

export type StatusOfProjection = OperationsStatus['projections'][number];

/**
 * Where a projection stands, by its own store. `behind` counts the entries that it has not read; for a log outside of this
 * database it is the distance between the positions, which is no less.
 */
export async function statusOf(
  db: Queryable,
  log: Pick<BatchLog, 'head'>,
  projection: Projection,
): Promise<StatusOfProjection> {
  const cursor = await projection.cursor();
  const { rows } = await db.query<{ behind: string; here: boolean }>(
    `SELECT count(*) AS behind, EXISTS (SELECT FROM batch_log) AS here
     FROM (SELECT FROM batch_log WHERE position > $1 LIMIT ${COUNTED}) later`,
    [cursor.toString()],
  );
  const head = rows[0]?.here ? 0n : await log.head();
  const behind = head > cursor ? Number(head - cursor) : Number(rows[0]?.behind ?? 0);
  return { name: projection.name, cursor: cursor.toString(), behind };
}

export async function overview(
  db: Queryable,
  log: Pick<BatchLog, 'head'>,
  projections: readonly Projection[],
  version: string,
): Promise<OperationsStatus> {
  const { rows } = await db.query<Record<'batches' | 'boxes' | 'vehicles' | 'people', string>>(
    `SELECT (SELECT count(*) FROM batch_log) AS batches,
            (SELECT count(*) FROM boxes WHERE revoked_at IS NULL) AS boxes, (SELECT count(*) FROM vehicles) AS vehicles,
            (SELECT count(*) FROM people WHERE disabled_at IS NULL) AS people`,
  );
  const counts = rows[0];
  const head = await log.head();
  const statuses = await Promise.all(projections.map((projection) => statusOf(db, log, projection)));
  const batchesHere = Number(counts?.batches ?? 0);
  return {
    version,
    serverTime: Date.now(),
    head: head.toString(),
    batches: batchesHere > 0 ? batchesHere : Number(head),
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
