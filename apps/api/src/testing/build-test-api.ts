import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Role } from '@temoin/shared/accounts';
import { pino } from 'pino';
import { loadOperatorToken } from '../access/site-keys.ts';
import { buildConfig, type Config } from '../config/config.ts';
import { readEnv } from '../config/env.ts';
import { createPerson } from '../features/accounts/people.ts';
import type { App } from '../http/build-app.ts';
import { createProjections } from '../projections/all-projections.ts';
import { createInstallationsOf } from '../projections/installations.ts';
import { createProjectionRunner } from '../projections/runner.ts';
import { buildService, type Service } from '../service.ts';
import type { BlobStore } from '../stores/blobs/blob-store.ts';
import { openFolderBlobStore } from '../stores/blobs/folder-blob-store.ts';
import type { BatchLog } from '../stores/log/batch-log.ts';
import { createPostgresBatchLog } from '../stores/log/postgres-batch-log.ts';
import { openDuckDbSeriesStore } from '../stores/series/duckdb-series-store.ts';
import type { SeriesStore } from '../stores/series/series-store.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';

// The real service on a database of its own, knocked at through its front door without a network (`app.inject`), or with one
// when a test calls `app.listen`.

export const TEST_ORIGIN = 'http://localhost:8480';
export const TEST_PASSWORD = 'correct horse battery';

export interface TestApi extends Service {
  readonly db: TestDatabase;
  readonly log: BatchLog;
  readonly series: SeriesStore;
  readonly blobs: BlobStore;
  readonly config: Config;
  readonly operatorToken: string;
  /** A person with this role in an organisation (made if absent); for a client also the client's record. */
  addPerson(options: { email: string; role: Role; organisation?: string; client?: string }): Promise<TestPerson>;
  addVehicle(options: {
    label: string;
    vin?: string;
    organisation?: string;
    client?: string;
    driver?: string;
  }): Promise<TestVehicle>;
  /** Signs in through the door and answers the headers that every request then needs. */
  signIn(email: string): Promise<{ authorization: string }>;
  close(): Promise<void>;
}

export interface TestPerson {
  readonly id: string;
  readonly organisationId: string;
  readonly email: string;
}
export interface TestVehicle {
  readonly id: string;
  readonly vin: string;
  readonly label: string;
  readonly organisationId: string;
}

export interface TestApiOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly now?: () => number;
  /** Follow the log, as in life; by default nothing is projected. */
  readonly projections?: boolean;
  /** More doors, on the same deps, before the app is ready. */
  readonly register?: (service: Service, db: TestDatabase, config: Config) => void | Promise<void>;
}

export async function buildTestApi(options: TestApiOptions = {}): Promise<TestApi> {
  const db = await createTestDatabase();
  const dataFolder = await mkdtemp(join(tmpdir(), 'temoin-api-'));
  const config = buildConfig(
    readEnv({
      ...{ TEMOIN_DATA: dataFolder, TEMOIN_PUBLIC_ORIGINS: TEST_ORIGIN, DATABASE_URL: db.url },
      TEMOIN_WEB: join(dataFolder, 'web'),
      ...options.env,
    }),
  );
  const log = createPostgresBatchLog({ pool: db.pool });
  const series = await openDuckDbSeriesStore({ path: ':memory:' });
  const blobs = await openFolderBlobStore(join(dataFolder, 'blobs'));
  const projections = createProjections(db.pool, series);
  const installationsOf = createInstallationsOf(db.pool);
  const runner = createProjectionRunner({ log, pool: db.pool, installationsOf, projections });
  if (options.projections) runner.start();
  const service = await buildService({
    ...{ config, version: '0.0.0-test', logger: pino({ level: 'silent' }), pool: db.pool, demoAccounts: undefined },
    ...{ log, series, blobs, runner, projections, createProjections },
    ...(options.now && { now: options.now }),
  });
  await options.register?.(service, db, config);
  await service.app.ready();

  let vins = 0;
  const nextVin = () => {
    vins += 1;
    return `ZZZTEST00000${String(vins).padStart(5, '0')}`;
  };
  return {
    ...service,
    db,
    log,
    series,
    blobs,
    config,
    operatorToken: await loadOperatorToken(config.keysFolder),
    async addPerson({ email, role, organisation = 'Insurer A', client }) {
      const organisationId = await ensure(db, 'organisations', { name: organisation });
      const clientId =
        role === 'client'
          ? await ensure(db, 'clients', { organisation_id: organisationId, name: client ?? email })
          : undefined;
      const person = {
        email,
        role,
        name: email,
        organisationId,
        password: TEST_PASSWORD,
        ...(clientId && { clientId }),
      };
      return { id: await createPerson(db.pool, person, 'operator'), organisationId, email };
    },
    async addVehicle({ label, vin = nextVin(), organisation = 'Insurer A', client, driver }) {
      const organisationId = await ensure(db, 'organisations', { name: organisation });
      const clientId = client ? await ensure(db, 'clients', { organisation_id: organisationId, name: client }) : null;
      const { rows } = await db.pool.query<{ id: string }>(
        `INSERT INTO vehicles (organisation_id, client_id, vin, label, plate, make, model, driver_name)
         VALUES ($1, $2, $3, $4, $4, 'Peugeot', '308 SW', $5) RETURNING id`,
        [organisationId, clientId, vin, label, driver ?? null],
      );
      return { id: rows[0]!.id, vin, label, organisationId };
    },
    signIn: (email) => signIn(service.app, email),
    async close() {
      await service.app.close();
      await runner.stop();
      await log.close();
      await series.close();
      await blobs.close();
      await db.drop();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

/** Headers that a page of ours sends where a cookie is at stake. */
export const OWN_PAGE = { origin: TEST_ORIGIN, 'x-temoin': '1' };

async function signIn(app: App, email: string): Promise<{ authorization: string }> {
  const reply = await app.inject({
    method: 'POST',
    url: '/v1/session',
    headers: OWN_PAGE,
    payload: { email, password: TEST_PASSWORD },
  });
  if (reply.statusCode !== 200) throw new Error(`${email} could not sign in: ${reply.body}`);
  return { authorization: `Bearer ${reply.json<{ accessToken: string }>().accessToken}` };
}

async function ensure(
  db: TestDatabase,
  table: 'organisations' | 'clients',
  row: Record<string, string>,
): Promise<string> {
  const columns = Object.keys(row);
  const { rows } = await db.pool.query<{ id: string }>(
    `INSERT INTO ${table} (${columns.join()}) VALUES (${columns.map((_, i) => `$${i + 1}`).join()})
     ON CONFLICT (${columns.join()}) DO UPDATE SET name = excluded.name RETURNING id`,
    Object.values(row),
  );
  return rows[0]!.id;
}
