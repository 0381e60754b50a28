import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Logger, pino } from 'pino';
import { buildConfig, type Config } from './config/config.ts';
import { ConfigProblems, programVersion, readEnv } from './config/env.ts';
import { seedDemo } from './features/accounts/demo-seed.ts';
import { pruneSessions } from './features/accounts/refresh-sessions.ts';
import { createEnrolmentCode } from './features/boxes/enrolment.ts';
import { startLive } from './live/live-server.ts';
import { createProjections, placeOf } from './projections/all-projections.ts';
import { createInstallationsOf } from './projections/installations.ts';
import { createProjectionRunner } from './projections/runner.ts';
import { buildService } from './service.ts';
import { createStopInOrder, onStopSignals, type StopInOrder } from './stop-in-order.ts';
import type { BlobStore } from './stores/blobs/blob-store.ts';
import type { BatchLog } from './stores/log/batch-log.ts';
import { createPostgresBatchLog } from './stores/log/postgres-batch-log.ts';
import { startEmbeddedPostgres } from './stores/postgres/embedded-postgres.ts';
import { watchEmbeddedPostgres } from './stores/postgres/embedded-watch.ts';
import { tryFileLock } from './stores/postgres/file-lock.ts';
import { migrate } from './stores/postgres/migrate.ts';
import { createPool, type Pool } from './stores/postgres/pool.ts';
import type { SeriesStore } from './stores/series/series-store.ts';

// The composition root: settings, stores, projections, doors, and the way down again. Everything that one part needs of
// another is handed over here and nowhere else.

/** sysexits.h: the settings are wrong, and starting again will not help. */
const EXIT_CONFIG = 78;
const DAY_MS = 86_400_000;

async function main(): Promise<void> {
  const config = readConfig();
  const logger = pino({
    level: config.logLevel,
    redact: ['req.headers.authorization', 'req.headers.cookie', '*.password', '*.token', '*.code'],
  });
  const stopper = createStopInOrder(logger);
  let ending = false;
  const end = async (exitCode: number) => {
    ending = true;
    await stopper.stop();
    process.exit(exitCode);
  };
  onStopSignals((signal) => {
    logger.info({ signal }, 'stopping');
    void end(0);
  });
  // Nobody knows what state we are in: end, and let what comes after start from the disk.
  process.on('uncaughtException', (err) => {
    logger.fatal({ err }, 'uncaught');
    void end(1);
  });
  try {
    await start(config, logger, stopper);
  } catch (err) {
    // Told to stop while still starting: what fails then fails because its stores were closed beneath it.
    if (ending) return;
    logger.debug({ err }, 'could not start');
    logger.fatal((err as Error).message);
    await end(1);
  }
}

function readConfig(): Config {
  try {
    return buildConfig(readEnv());
  } catch (error) {
    if (!(error instanceof ConfigProblems)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(EXIT_CONFIG);
  }
}

async function start(config: Config, logger: Logger, stopper: StopInOrder): Promise<void> {
  const version = programVersion();
  await lockDataFolder(config, stopper);

  const pool = await openPostgres(config, logger, stopper);
  const log = await openLog(config, pool, stopper);
  const series = await openSeries(config, stopper);

  const blobs = await openBlobs(config, stopper);

  const installationsOf = createInstallationsOf(pool);
  const projections = createProjections(pool, series);
  const runner = createProjectionRunner({
    ...{ log, pool, installationsOf, projections },
    onProblem: (projection, err) => logger.error({ err, projection }, 'projection waits'),
    onSetAside: (projection, position, reason) =>
      logger.error({ projection, position: String(position), reason }, 'entry set aside'),
  });
  if (config.parts.has('projections')) {
    runner.start();
    stopper.add('projections', () => runner.stop());
  }

  const newCode = (vehicleId: string) => createEnrolmentCode(pool, vehicleId, undefined, Date.now());
  const demoAccounts = config.demo
    ? await seedDemo({
        pool,
        vehicles: config.demo.vehicles,
        dataFolder: config.dataFolder,
        createEnrolmentCode: newCode,
      })
    : undefined;

  const { app, access, metrics } = await buildService({
    ...{ config, version, logger, pool, log, series, blobs, runner, projections, createProjections, demoAccounts },
  });

  const pruning = setInterval(() => {
    pruneSessions(pool).catch((err: unknown) => logger.warn({ err }, 'sessions were not pruned'));
  }, DAY_MS);
  pruning.unref();
  stopper.add('pruning', () => clearInterval(pruning));
  stopper.add('http', () => app.close());
  if (config.parts.has('live')) {
    const live = await startLive({
      ...{ server: app.server, pool, log, access, installationsOf, placeOf, metrics },
      publicOrigins: config.http.publicOrigins,
      onProblem: (err) => logger.error({ err }, 'live waits'),
    });
    stopper.add('live', () => live.close());
  }
  if (config.parts.has('http')) await listen(config, app, logger, stopper);
}

async function lockDataFolder(config: Config, stopper: StopInOrder): Promise<void> {
  await mkdir(config.dataFolder, { recursive: true });
  await mkdir(config.keysFolder, { recursive: true, mode: 0o700 });
  const lock = await tryFileLock(join(config.dataFolder, 'service.lock'));
  if (!lock)
    throw new Error(`Another Temoin runs on ${config.dataFolder}: stop it, or name another folder in TEMOIN_DATA`);
  stopper.add('data folder', () => lock.release());
}

async function openPostgres(config: Config, logger: Logger, stopper: StopInOrder): Promise<Pool> {
  let url: string;
  if (config.postgres.kind === 'server') url = config.postgres.url;
  else {
    const { folder, passwordFile } = config.postgres;
    const server = await startEmbeddedPostgres({
      folder,
      passwordFile,
      database: 'temoin',
      log: (text) => logger.info(text),
    });
    stopper.add('embedded database', () => server.stop());
    const unwatch = watchEmbeddedPostgres(folder, () => {
      // Ends as any uncaught error does; the supervisor starts us again, and we the database.
      throw new Error(`The database in ${folder} was killed`);
    });
    stopper.add('watch on the database', unwatch);
    url = server.url;
  }
  const pool = createPool(url, { maxConnections: 24, applicationName: 'temoin-api' });
  stopper.add('database', () => pool.end());
  const { applied } = await migrate(pool);
  if (applied.length > 0) logger.info({ applied }, 'database brought up to date');
  return pool;
}

async function openLog(config: Config, pool: Pool, stopper: StopInOrder): Promise<BatchLog> {
  const log = await createLog(config, pool);
  stopper.add('log', () => log.close());
  return log;
}

async function createLog(config: Config, pool: Pool): Promise<BatchLog> {
  switch (config.log.kind) {
    case 'postgres':
      return createPostgresBatchLog({ pool });
    case 'nats': {
      const { createNatsBatchLog } = await import('./stores/log/nats-batch-log.ts');
      return createNatsBatchLog({ url: config.log.url });
    }
  }
}

async function openSeries(config: Config, stopper: StopInOrder): Promise<SeriesStore> {
  const series = await createSeries(config);
  stopper.add('series', () => series.close());
  return series;
}

/** The package of the store that is not used is not even loaded. */
async function createSeries({ series }: Pick<Config, 'series'>): Promise<SeriesStore> {
  switch (series.kind) {
    case 'duckdb': {
      const { openDuckDbSeriesStore } = await import('./stores/series/duckdb-series-store.ts');
      return openDuckDbSeriesStore({ path: series.file });
    }
    case 'influx': {
      const { openInfluxSeriesStore } = await import('./stores/series/influx-series-store.ts');
      return openInfluxSeriesStore(series);
    }
  }
}

async function openBlobs(config: Config, stopper: StopInOrder): Promise<BlobStore> {
  const blobs = await createBlobs(config);
  stopper.add('blobs', () => blobs.close());
  return blobs;
}

async function createBlobs({ blobs }: Config): Promise<BlobStore> {
  switch (blobs.kind) {
    case 'folder': {
      const { openFolderBlobStore } = await import('./stores/blobs/folder-blob-store.ts');
      return openFolderBlobStore(blobs.folder);
    }
    case 's3': {
      const { openS3BlobStore } = await import('./stores/blobs/s3-blob-store.ts');
      return openS3BlobStore(blobs);
    }
  }
}

async function listen(
  config: Config,
  app: Awaited<ReturnType<typeof buildService>>['app'],
  logger: Logger,
  stopper: StopInOrder,
): Promise<void> {
  const { host, port } = config.http;
  const address = await app.listen({ host, port }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new Error(
      `EADDRINUSE: port ${port} of ${host} is in use by another program; choose another with TEMOIN_PORT`,
    );
  });
  // By this file the command line finds the service that has the stores open.
  const runFile = join(config.dataFolder, 'run.json');
  await writeFile(`${runFile}.new`, JSON.stringify({ address, pid: process.pid }));
  await rename(`${runFile}.new`, runFile);
  stopper.add('run file', () => rm(runFile, { force: true }));
  logger.info({ address, parts: [...config.parts] }, 'ready');
}

void main();
