import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { testDatabaseUrl } from '../config/env.ts';
import { startEmbeddedPostgres } from '../stores/postgres/embedded-postgres.ts';
import { isHolderAlive, startTimeOf, waitForFileLock } from '../stores/postgres/file-lock.ts';
import { migrate, readMigrations } from '../stores/postgres/migrate.ts';
import { createPool, type Pool } from '../stores/postgres/pool.ts';

// One PostgreSQL for all test files and processes of a machine, a fresh database for each. The first to need it starts it
// under a lock; a keeper process stops it some time after the last user is gone, killed ones included. Databases are copies
// of a template that is migrated once. TEST_DATABASE_URL names a server to use instead.

export interface TestDatabase {
  readonly url: string;
  readonly pool: Pool;
  /** Ends the pool and removes the database. */
  drop(): Promise<void>;
}

const CACHE = fileURLToPath(new URL('../../../../node_modules/.cache/temoin-test-postgres', import.meta.url));
const LOCK = `${CACHE}/lock`;
const USERS = `${CACHE}/users`;
const TEMPLATE_PREFIX = 'temoin_template_';
const TEST_PREFIX = 'temoin_test_';

let server: Promise<{ adminUrl: string; template: string }> | undefined;

/** A migrated, empty database of one's own on a real PostgreSQL. */
export async function createTestDatabase(): Promise<TestDatabase> {
  server ??= prepareServer();
  const { adminUrl, template } = await server;
  const name = `${TEST_PREFIX}${process.pid}_${randomBytes(5).toString('hex')}`;
  await runAsAdmin(adminUrl, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  const pool = createPool(url.href, { applicationName: 'temoin-test' });
  return {
    url: url.href,
    pool,
    async drop() {
      await pool.end();
      await runAsAdmin(adminUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

async function prepareServer(): Promise<{ adminUrl: string; template: string }> {
  const lock = await waitForFileLock(LOCK, 110_000);
  try {
    const adminUrl = testDatabaseUrl() ?? (await startShared());
    return { adminUrl, template: await ensureTemplate(adminUrl) };
  } finally {
    await lock.release();
  }
}

async function startShared(): Promise<string> {
  await mkdir(USERS, { recursive: true });
  await writeFile(`${USERS}/${process.pid}`, `${process.pid} ${await startTimeOf(process.pid)}`);
  const started = await startEmbeddedPostgres({
    folder: `${CACHE}/data`,
    passwordFile: `${CACHE}/password`,
    database: 'temoin_admin',
    // Nothing here need survive a power cut; what must is tested on a server of its own.
    settings: { fsync: 'off', full_page_writes: 'off', max_connections: '300', shared_buffers: '64MB' },
  });
  if (!started.reused) await removeLeftovers(started.url);
  await startKeeper();
  return started.url;
}

/** Databases of test processes that were killed before they could drop them. */
async function removeLeftovers(adminUrl: string): Promise<void> {
  const rows = await runAsAdmin(adminUrl, `SELECT datname FROM pg_database WHERE datname LIKE '${TEST_PREFIX}%'`);
  for (const { datname } of rows) await runAsAdmin(adminUrl, `DROP DATABASE ${datname}`);
}

/** At most one lives; it is detached, so that it outlasts us. */
async function startKeeper(): Promise<void> {
  const known = await readFile(`${CACHE}/keeper`, 'utf8').catch(() => '');
  if (known !== '' && (await isHolderAlive(known))) return;
  const keeper = spawn(
    process.execPath,
    ['--import', 'tsx', fileURLToPath(new URL('./test-database-keeper.ts', import.meta.url)), CACHE],
    { cwd: fileURLToPath(new URL('../../../../', import.meta.url)), detached: true, stdio: 'ignore' },
  );
  keeper.unref();
  if (keeper.pid) await writeFile(`${CACHE}/keeper`, `${keeper.pid} ${await startTimeOf(keeper.pid)}`);
}

/** The users that still live; the marks of the others are removed. */
export async function livingUsers(usersFolder: string): Promise<number> {
  let alive = 0;
  for (const name of await readdir(usersFolder).catch(() => [])) {
    const mark = await readFile(`${usersFolder}/${name}`, 'utf8').catch(() => '');
    if (await isHolderAlive(mark)) alive += 1;
    else await rm(`${usersFolder}/${name}`, { force: true });
  }
  return alive;
}

async function ensureTemplate(adminUrl: string): Promise<string> {
  const hash = createHash('sha256')
    .update(
      readMigrations()
        .map((m) => m.name + m.hash)
        .join(),
    )
    .digest('hex')
    .slice(0, 16);
  const template = `${TEMPLATE_PREFIX}${hash}`;
  const known = await runAsAdmin(adminUrl, `SELECT 1 FROM pg_database WHERE datname = '${template}' AND datistemplate`);
  if (known.length > 0) return template;
  await runAsAdmin(adminUrl, `DROP DATABASE IF EXISTS ${template} WITH (FORCE)`);
  await runAsAdmin(adminUrl, `CREATE DATABASE ${template}`);
  const url = new URL(adminUrl);
  url.pathname = `/${template}`;
  const pool = createPool(url.href, { maxConnections: 1 });
  try {
    await migrate(pool);
  } finally {
    await pool.end();
  }
  // Only now is it complete: a killed attempt is not marked and is made again.
  await runAsAdmin(adminUrl, `ALTER DATABASE ${template} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false`);
  return template;
}

async function runAsAdmin(adminUrl: string, sql: string): Promise<{ datname: string }[]> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 20_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<{ datname: string }>(sql)).rows;
  } finally {
    await client.end();
  }
}
