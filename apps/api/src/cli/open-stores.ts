import { mkdir } from 'node:fs/promises';
import type { Config } from '../config/config.ts';
import { AppError } from '../http/app-error.ts';
import { createProjections } from '../projections/all-projections.ts';
import { createInstallationsOf } from '../projections/installations.ts';
import type { Projection } from '../projections/projection.ts';
import { createProjectionRunner, type ProjectionRunner } from '../projections/runner.ts';
import type { BatchLog } from '../stores/log/batch-log.ts';
import { createPostgresBatchLog } from '../stores/log/postgres-batch-log.ts';
import { startEmbeddedPostgres } from '../stores/postgres/embedded-postgres.ts';
import { migrate } from '../stores/postgres/migrate.ts';
import { createPool, type Pool } from '../stores/postgres/pool.ts';
import { openDuckDbSeriesStore } from '../stores/series/duckdb-series-store.ts';
import type { SeriesStore } from '../stores/series/series-store.ts';

// The stores of a data folder on which no service runs, for a command: opened in order, closed in reverse, also when one of
// them cannot be opened.

export interface OpenStores {
  readonly pool: Pool;
  readonly log: BatchLog;
  readonly series: SeriesStore;
  readonly projections: readonly Projection[];
  readonly runner: ProjectionRunner;
  close(): Promise<void>;
}

/** Opens everything that `config` names, migrated. Throws `store_unavailable` in words. */
export async function openStores(config: Config): Promise<OpenStores> {
  const closers: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    await mkdir(config.dataFolder, { recursive: true });
    const url = await databaseUrl(config, closers);
    const pool = createPool(url, { applicationName: 'temoin-command', statementTimeoutMs: 0 });
    closers.push(() => pool.end());
    await migrate(pool);
    if (config.log.kind !== 'postgres')
      throw new AppError('store_unavailable', 'A log in NATS is reached through the running service only');
    const log = createPostgresBatchLog({ pool });
    closers.push(() => log.close());
    const series = await openSeries(config);
    closers.push(() => series.close());
    const projections = createProjections(pool, series);
    const runner = createProjectionRunner({ log, pool, installationsOf: createInstallationsOf(pool), projections });
    runner.start();
    closers.push(() => runner.stop());
    return { pool, log, series, projections, runner, close };
  } catch (error) {
    await close().catch(() => undefined);
    if (error instanceof AppError) throw error;
    throw new AppError('store_unavailable', (error as Error).message, { cause: error });
  }
}

async function databaseUrl(config: Config, closers: (() => Promise<unknown>)[]): Promise<string> {
  if (config.postgres.kind === 'server') return config.postgres.url;
  const { folder, passwordFile } = config.postgres;
  const started = await startEmbeddedPostgres({ folder, passwordFile, database: 'temoin' });
  if (!started.reused) closers.push(() => started.stop());
  return started.url;
}

async function openSeries(config: Config): Promise<SeriesStore> {
  if (config.series.kind === 'duckdb') return openDuckDbSeriesStore({ path: config.series.file });
  const { openInfluxSeriesStore } = await import('../stores/series/influx-series-store.ts');
  return openInfluxSeriesStore(config.series);
}

/** A fresh time series of its own in `file`, for comparing. */
export const openScratchSeries = (file: string): Promise<SeriesStore> => openDuckDbSeriesStore({ path: file });
