import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEmbeddedPostgres, stopEmbeddedPostgres } from './embedded-postgres.ts';
import { createPool } from './pool.ts';

let root: string;
const options = () => ({
  folder: join(root, 'postgres'),
  passwordFile: join(root, 'keys/password'),
  database: 'temoin',
});
const pidOf = async () => Number.parseInt(await readFile(join(root, 'postgres/postmaster.pid'), 'utf8'), 10);

beforeAll(async () => {
  // mkdtemp makes it for us alone: when we are root, the server's user cannot even enter it.
  root = await mkdtemp(join(tmpdir(), 'temoin-embedded-'));
});
afterAll(async () => {
  await stopEmbeddedPostgres(join(root, 'postgres'));
  await rm(root, { recursive: true, force: true });
});

async function run(url: string, sql: string) {
  const pool = createPool(url, { maxConnections: 1 });
  try {
    return (await pool.query(sql)).rows;
  } finally {
    await pool.end();
  }
}

test('a fresh folder becomes a server that only its password opens', async () => {
  const server = await startEmbeddedPostgres(options());
  expect(server.reused).toBe(false);
  await run(server.url, 'CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)');
  const wrong = new URL(server.url);
  wrong.password = 'wrong';
  await expect(run(wrong.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
});

test('a server that outlived its program is found again', async () => {
  const pid = await pidOf();
  const server = await startEmbeddedPostgres(options());
  expect(server.reused).toBe(true);
  expect(await pidOf()).toBe(pid);
  expect(await run(server.url, 'SELECT n FROM kept')).toEqual([{ n: 1 }]);
});

test('a killed server is started anew and has what was committed', async () => {
  const before = await startEmbeddedPostgres(options());
  await run(before.url, 'INSERT INTO kept VALUES (2)');
  process.kill(await pidOf(), 'SIGKILL');
  const server = await startEmbeddedPostgres(options());
  expect(server.reused).toBe(false);
  expect(await run(server.url, 'SELECT sum(n)::int AS sum FROM kept')).toEqual([{ sum: 3 }]);
});

test('starts and a stop at the same time end with one server and the data', async () => {
  const old = await startEmbeddedPostgres(options());
  const [, a, b] = await Promise.all([old.stop(), startEmbeddedPostgres(options()), startEmbeddedPostgres(options())]);
  const server = await startEmbeddedPostgres(options());
  expect(await run(server.url, 'SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 2 }]);
  expect([a.url, b.url]).toContain(server.url);
});

test.skipIf(process.platform !== 'linux')(
  'a pid file whose pid is now another program does not stop the start',
  async () => {
    const server = await startEmbeddedPostgres(options());
    const text = await readFile(join(root, 'postgres/postmaster.pid'), 'utf8');
    await server.stop();
    await writeFile(join(root, 'postgres/postmaster.pid'), text.replace(/^\d+/, String(process.pid)));
    const again = await startEmbeddedPostgres(options());
    expect(await run(again.url, 'SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 2 }]);
  },
);

test('a folder of another version and a damaged one get a sentence that says what to do', async () => {
  await stopEmbeddedPostgres(join(root, 'postgres'));
  await writeFile(join(root, 'postgres/PG_VERSION'), '13\n');
  await expect(startEmbeddedPostgres(options())).rejects.toThrow(/is of PostgreSQL 13.*pg_upgrade/);
  await writeFile(join(root, 'postgres/PG_VERSION'), '18\n');
  await rm(join(root, 'postgres/global/pg_control'));
  await expect(startEmbeddedPostgres(options())).rejects.toThrow(/does not start: .*pg_control.*Restore a backup/s);
});
