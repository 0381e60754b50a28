import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { followOnce } from '../../projections/follow.ts';
import { createInstallationsOf } from '../../projections/installations.ts';
import type { Projection, ProjectionName } from '../../projections/projection.ts';
import type { BatchLog } from '../../stores/log/batch-log.ts';
import { createPool, type Pool } from '../../stores/postgres/pool.ts';
import type { SeriesStore } from '../../stores/series/series-store.ts';

// The proof that a projection says what the log says: the log is read into fresh projections beside the ones in use, in a
// schema and a file of their own, and the digests are compared. Digests do not depend on the kind of store, so a time series
// in InfluxDB is compared with one in DuckDB.

const TABLES = ['projection_cursors', 'projection_skipped', 'vehicle_states', 'ledger_batches', 'vehicle_facts'];

export interface ReplayDeps {
  readonly log: BatchLog;
  readonly pool: Pool;
  readonly createProjections: (pool: Pool, series: SeriesStore) => readonly Projection[];
  /** Folder for the file of the fresh time series; emptied afterwards. */
  readonly scratchFolder: string;
  /** Opens a fresh, embedded time series in `file`. */
  readonly openScratchSeries: (file: string) => Promise<SeriesStore>;
}

/** Digest of each projection after reading the log from its beginning up to and including `head`. */
export async function replayApart(deps: ReplayDeps, head: bigint): Promise<Record<ProjectionName, string>> {
  const schema = `replay_${randomBytes(6).toString('hex')}`;
  const file = join(deps.scratchFolder, `${schema}.duckdb`);
  await mkdir(deps.scratchFolder, { recursive: true });
  // Fresh tables come first in the search path; people and installations are found behind them.
  const apart = createPool(urlWith(deps.pool, schema), { maxConnections: 4, applicationName: 'temoin-verify' });
  let series: SeriesStore | undefined;
  try {
    await deps.pool.query(`CREATE SCHEMA ${schema}`);
    for (const table of TABLES) await deps.pool.query(`CREATE TABLE ${schema}.${table} (LIKE ${table} INCLUDING ALL)`);
    series = await deps.openScratchSeries(file);
    const projections = deps.createProjections(apart, series);
    const digests: Partial<Record<ProjectionName, string>> = {};
    for (const projection of projections) {
      await readAll(projection, upTo(deps.log, head), apart);
      digests[projection.name] = await projection.digest();
    }
    return digests as Record<ProjectionName, string>;
  } finally {
    await series?.close();
    await apart.end();
    await deps.pool.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`).catch(() => undefined);
    await rm(file, { force: true });
    await rm(`${file}.wal`, { force: true });
  }
}

/** The log as it was when it ended at `head`. */
const upTo = (log: BatchLog, head: bigint): BatchLog => ({
  ...log,
  read: async (after, limit) => (await log.read(after, limit)).filter((entry) => entry.position <= head),
});

async function readAll(projection: Projection, log: BatchLog, pool: Pool): Promise<void> {
  const follow = { log, installationsOf: createInstallationsOf(pool), setAside: async () => undefined };
  for (let cursor = 0n; ; ) {
    const next = await followOnce(projection, cursor, follow);
    if (next === cursor) return;
    cursor = next;
  }
}

/** The same database with `schema` in front of the search path. */
function urlWith(pool: Pool, schema: string): string {
  const url = new URL(String(pool.options.connectionString));
  url.searchParams.set('options', `-c search_path=${schema},public`);
  return url.href;
}
