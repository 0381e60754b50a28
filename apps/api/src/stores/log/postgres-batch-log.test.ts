import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.ts';
import { createPool } from '../postgres/pool.ts';
import { batchLogContract, readAll, someBatch } from './batch-log.contract.ts';
import { createPostgresBatchLog } from './postgres-batch-log.ts';

batchLogContract('PostgresBatchLog', async () => {
  const database = await createTestDatabase();
  const pools: pg.Pool[] = [];
  return {
    async open() {
      // A pool of its own: as another process would have.
      const pool = createPool(database.url);
      pools.push(pool);
      return createPostgresBatchLog({ pool });
    },
    async drop() {
      await Promise.all(pools.map((pool) => pool.end()));
      await database.drop();
    },
  };
});

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test('many appends share few commits', async () => {
  const log = createPostgresBatchLog({ pool: database.pool });
  const boxId = randomUUID();
  const receivedAts = new Set<number>();
  let time = 1_000;
  const counted = createPostgresBatchLog({ pool: database.pool, now: () => time++ });
  const outcomes = await Promise.all(Array.from({ length: 400 }, (_, seq) => counted.append([someBatch(boxId, seq)])));
  for (const [outcome] of outcomes) if (outcome?.outcome === 'stored') receivedAts.add(outcome.receivedAt);
  // Each commit reads the clock once.
  expect(receivedAts.size).toBeLessThan(40);
  await counted.close();
  await log.close();
});

test('over its bound the queue sheds with a code and a delay, and takes again afterwards', async () => {
  const log = createPostgresBatchLog({ pool: database.pool, maxWaitingBatches: 50 });
  const boxId = randomUUID();
  const results = await Promise.allSettled(
    Array.from({ length: 200 }, (_, seq) => log.append([someBatch(boxId, seq)])),
  );
  const refused = results.filter((r) => r.status === 'rejected');
  expect(refused.length).toBe(150);
  for (const r of refused)
    expect((r as PromiseRejectedResult).reason).toMatchObject({ code: 'overloaded', retryAfterS: expect.any(Number) });
  expect((await log.append([someBatch(boxId, 199)]))[0]?.outcome).toBe('stored');
  await log.close();
});

test('memory for the tail is bounded and reading is complete beyond it', async () => {
  const log = createPostgresBatchLog({ pool: database.pool, tailBytes: 5_000 });
  const from = await log.head();
  const boxId = randomUUID();
  for (let seq = 0; seq < 50; seq += 1) await log.append([someBatch(boxId, seq)]);
  expect((await readAll(log, from, 3)).map((e) => e.seq)).toEqual(Array.from({ length: 50 }, (_, i) => i));
  await log.close();
});

test('a page of large batches is cut by its bytes', async () => {
  const log = createPostgresBatchLog({ pool: database.pool, tailBytes: 0 });
  const from = await log.head();
  const boxId = randomUUID();
  const large = 'x'.repeat(400_000);
  for (let seq = 0; seq < 60; seq += 1) await log.append([someBatch(boxId, seq, large)]);
  const page = await log.read(from, 1000);
  expect(page.length).toBeGreaterThan(30);
  expect(page.length).toBeLessThan(60);
  expect(await readAll(log, from, 1000)).toHaveLength(60);
  await log.close();
});

test('while the database is away: store_unavailable; afterwards it works by itself, and nothing acknowledged is gone', async () => {
  const own = await createTestDatabase();
  const name = new URL(own.url).pathname.slice(1);
  const log = createPostgresBatchLog({ pool: own.pool });
  const boxId = randomUUID();
  await log.append([someBatch(boxId, 1)]);
  const admin = new pg.Client({ connectionString: own.url.replace(name, 'postgres') });
  await admin.connect();
  await admin.query(`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS false`);
  await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
  await expect(log.append([someBatch(boxId, 2)])).rejects.toMatchObject({ code: 'store_unavailable' });
  await expect(log.head()).rejects.toMatchObject({ code: 'store_unavailable' });
  await admin.query(`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS true`);
  await expect.poll(() => log.append([someBatch(boxId, 2)]).catch(() => []), { timeout: 10_000 }).toHaveLength(1);
  expect((await readAll(log)).map((e) => e.seq)).toEqual([1, 2]);
  await admin.end();
  await log.close();
  await own.drop();
});
