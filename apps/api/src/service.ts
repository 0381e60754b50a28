import { createHash } from 'node:crypto';
import type { FastifyBaseLogger } from 'fastify';
import { type Access, createAccess } from './access/identify.ts';
import { type RightsEvents, startRightsEvents } from './access/rights-events.ts';
import { loadOperatorToken, loadSiteKey } from './access/site-keys.ts';
import type { Config } from './config/config.ts';
import { registerAccounts } from './features/accounts/accounts.routes.ts';
import { hashPassword } from './features/accounts/passwords.ts';
import { type BoxDoors, createBoxDoors, hashVin } from './features/boxes/box-doors.ts';
import { createBoxIdentities } from './features/boxes/box-identity.ts';
import { createLegacyBox, revokeBox } from './features/boxes/boxes.repository.ts';
import { registerBoxes } from './features/boxes/boxes.routes.ts';
import { pendingCommands } from './features/boxes/commands.ts';
import { createEnrolmentCode } from './features/boxes/enrolment.ts';
import { registerHistory } from './features/history/history.routes.ts';
import { registerIngest } from './features/ingest/ingest.routes.ts';
import { registerLedger } from './features/ledger/ledger.routes.ts';
import { registerOperations } from './features/operations/operations.routes.ts';
import { createOperations } from './features/operations/operations-service.ts';
import { registerPhotos } from './features/photos/photos.routes.ts';
import { registerVehicles } from './features/vehicles/vehicles.routes.ts';
import { type App, buildApp } from './http/build-app.ts';
import { registerHealth } from './http/health.ts';
import { createMetrics, type Metrics } from './http/metrics.ts';
import { registerSettings, type Settings } from './http/settings.ts';
import { registerStaticSite } from './http/static-site.ts';
import type { Projection } from './projections/projection.ts';
import type { ProjectionRunner } from './projections/runner.ts';
import { projectionsCheck, registerProjectionMetrics } from './projections/runner-health.ts';
import { readVehicleStates } from './projections/state-projection.ts';
import type { BlobStore } from './stores/blobs/blob-store.ts';
import type { BatchLog } from './stores/log/batch-log.ts';
import type { Pool } from './stores/postgres/pool.ts';
import { openDuckDbSeriesStore } from './stores/series/duckdb-series-store.ts';
import type { SeriesStore } from './stores/series/series-store.ts';

// All doors of the service on given stores: what main.ts opens for real, and tests open on stores of their own. Features do
// not know each other; what one needs of another is handed over here.

export interface ServiceDeps {
  readonly config: Config;
  readonly version: string;
  readonly logger: FastifyBaseLogger;
  readonly pool: Pool;
  readonly log: BatchLog;
  readonly series: SeriesStore;
  readonly blobs: BlobStore;
  readonly runner: ProjectionRunner;
  readonly projections: readonly Projection[];
  readonly createProjections: (pool: Pool, series: SeriesStore) => readonly Projection[];
  readonly demoAccounts: Settings['demoAccounts'];
  readonly now?: () => number;
}

export interface Service {
  readonly app: App;
  readonly access: Access;
  readonly rights: RightsEvents;
  readonly boxes: BoxDoors;
  readonly metrics: Metrics;
}

/** Builds the app with all its doors; it does not listen yet. Closing the app closes what was opened here. */
export async function buildService(deps: ServiceDeps): Promise<Service> {
  const { config, version, logger, pool, log, series, blobs, runner, demoAccounts, now = Date.now } = deps;
  const [siteKey, operatorToken, rights] = await Promise.all([
    loadSiteKey(config.keysFolder),
    loadOperatorToken(config.keysFolder),
    startRightsEvents(pool),
  ]);
  const metrics = createMetrics();
  const access = createAccess({ pool, rights, siteKey, operatorToken });
  const app = await buildApp({ config, logger, metrics, version });
  app.addHook('onClose', () => rights.close());

  const stores = { database: () => pool.query('SELECT 1'), series: () => series.cursor(), log: () => log.head() };
  registerHealth(app, { checks: { ...stores, projections: projectionsCheck(runner, now) }, metrics, access });
  if (config.parts.has('projections')) registerProjectionMetrics(metrics, log, runner);
  registerSettings(app, { config, version, demoAccounts });
  const cookieSecret = createHash('sha256').update(`cookies of ${operatorToken}`).digest('base64url');
  registerAccounts(app, { pool, access, siteKey, cookieSecret, config, now });
  registerBoxes(app, { pool, access, config, now });
  registerVehicles(app, { pool, access, now, readVehicleStates: (ids) => readVehicleStates(pool, ids) });
  registerHistory(app, { series, access, pool });
  const factsReached = (position: bigint, signal: AbortSignal) => runner.reached(position, signal, 'facts');
  registerLedger(app, { pool, log, access, factsReached });
  registerOperations(app, { access, operations: operationsOn(deps) });
  registerPhotos(app, { pool, blobs, access });
  const identities = createBoxIdentities({ pool, rights, publicOrigins: config.http.publicOrigins, now });
  const boxes = createBoxDoors(pool, identities);
  const commandsFor = (boxId: string) => pendingCommands(pool, boxId);
  registerIngest(app, { log, blobs, metrics, boxes, pendingCommands: commandsFor, now });
  await registerStaticSite(app, config);
  return { app, access, rights, metrics, boxes };
}

function operationsOn({ pool, log, series, projections, runner, version, config, createProjections }: ServiceDeps) {
  return createOperations({
    ...{ pool, log, series, projections, runner, version, hashPassword, createProjections },
    dataFolder: config.dataFolder,
    openScratchSeries: (file) => openDuckDbSeriesStore({ path: file }),
    createEnrolmentCode: (vehicleId) => createEnrolmentCode(pool, vehicleId, undefined, Date.now()),
    createLegacyKey: async (vehicleId) => {
      const { rows } = await pool.query<{ vin: string }>('SELECT vin FROM vehicles WHERE id = $1', [vehicleId]);
      const { key } = await createLegacyBox(pool, vehicleId, '');
      return { hashedVin: hashVin(rows[0]?.vin ?? ''), key };
    },
    revokeBox: (boxId) => revokeBox(pool, boxId, 'operator'),
  });
}
