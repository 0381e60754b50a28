import { createHash } from 'node:crypto';
import type { FastifyBaseLogger } from 'fastify';
import { type Access, createAccess } from './access/identify.ts';
import { type RightsEvents, startRightsEvents } from './access/rights-events.ts';
import { loadOperatorToken, loadSiteKey } from './access/site-keys.ts';
import type { Config } from './config/config.ts';
import { registerAccounts } from './features/accounts/accounts.routes.ts';
import { type BoxDoors, createBoxDoors } from './features/boxes/box-doors.ts';
import { createBoxIdentities } from './features/boxes/box-identity.ts';
import { registerBoxes } from './features/boxes/boxes.routes.ts';
import { registerVehicles } from './features/vehicles/vehicles.routes.ts';
import { type App, buildApp } from './http/build-app.ts';
import { type ReadinessCheck, registerHealth } from './http/health.ts';
import { createMetrics, type Metrics } from './http/metrics.ts';
import { registerSettings, type Settings } from './http/settings.ts';
import { registerStaticSite } from './http/static-site.ts';
import { readVehicleStates } from './projections/state-projection.ts';
import type { Pool } from './stores/postgres/pool.ts';

// The doors of the service on given stores: what main.ts opens for real and tests open on stores of their own.

export interface ServiceDeps {
  readonly config: Config;
  readonly version: string;
  readonly logger: FastifyBaseLogger;
  readonly pool: Pool;
  readonly checks: Readonly<Record<string, ReadinessCheck>>;
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

/** Builds the app with all doors that need the relational stores alone; the others are added to `app` before it listens. */
export async function buildService(deps: ServiceDeps): Promise<Service> {
  const { config, version, logger, pool, checks, demoAccounts, now = Date.now } = deps;
  const [siteKey, operatorToken, rights] = await Promise.all([
    loadSiteKey(config.keysFolder),
    loadOperatorToken(config.keysFolder),
    startRightsEvents(pool),
  ]);
  const metrics = createMetrics();
  const access = createAccess({ pool, rights, siteKey, operatorToken });
  const app = await buildApp({ config, logger, metrics, version });
  app.addHook('onClose', () => rights.close());

  registerHealth(app, { checks, metrics, access });
  registerSettings(app, { config, version, demoAccounts });
  const cookieSecret = createHash('sha256').update(`cookies of ${operatorToken}`).digest('base64url');
  registerAccounts(app, { pool, access, siteKey, cookieSecret, config, now });
  registerBoxes(app, { pool, access, config, now });
  registerVehicles(app, { pool, access, now, readVehicleStates: (ids) => readVehicleStates(pool, ids) });
  await registerStaticSite(app, config);

  const identities = createBoxIdentities({ pool, rights, publicOrigins: config.http.publicOrigins, now });
  return { app, access, rights, metrics, boxes: createBoxDoors(pool, identities) };
}
