import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { AppError } from '../http/app-error.ts';
import type { BatchLog } from '../stores/log/batch-log.ts';
import { createPostgresBatchLog } from '../stores/log/postgres-batch-log.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';
import { jsonBatch, NOON } from '../testing/written-batches.ts';
import { createFactsProjection } from './facts-projection.ts';
import { createLedgerProjection } from './ledger-projection.ts';
import type { Projection } from './projection.ts';
import { createProjectionRunner, type ProjectionRunner } from './runner.ts';
import { createStateProjection, readVehicleStates } from './state-projection.ts';

let database: TestDatabase;
let log: BatchLog;
const runners: ProjectionRunner[] = [];
const boxId = randomUUID();
const vehicleId = randomUUID();
const soon = () => AbortSignal.timeout(15_000);

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.pool.query(
    'TRUNCATE batch_log, projection_cursors, projection_skipped, vehicle_states, ledger_batches, vehicle_facts',
  );
  log = createPostgresBatchLog({ pool: database.pool });
  return async () => {
    await Promise.all(runners.splice(0).map((runner) => runner.stop()));
    await log.close();
  };
});

function run(...projections: Projection[]): ProjectionRunner {
  const runner = createProjectionRunner({
    log,
    pool: database.pool,
    installationsOf: async () => new Map([[boxId, [{ vehicleId, from: undefined, to: undefined }]]]),
    projections,
  });
  runners.push(runner);
  runner.start();
  return runner;
}

const append = (from: number, to: number) =>
  log.append(
    Array.from({ length: to - from }, (_, i) =>
      jsonBatch({
        boxId,
        seq: from + i,
        readings: [{ at: NOON + (from + i) * 1000, values: { rpm: 1000 + from + i } }],
        facts: [{ kind: 'harsh_brake', at: NOON + (from + i) * 1000, peakG: 0.4 }],
      }),
    ),
  );
const all = () => [
  createStateProjection(database.pool),
  createLedgerProjection(database.pool),
  createFactsProjection(database.pool),
];
const rowsOf = async (sql: string) => (await database.pool.query(sql)).rows;

test('follows the log, goes on after a stop, and a rebuild comes out equal', async () => {
  const first = run(...all());
  await append(0, 10);
  await first.reached(await log.head(), soon());
  await first.stop();
  await append(10, 20);
  const second = run(...all());
  await second.reached(await log.head(), soon());
  expect((await readVehicleStates(database.pool, [vehicleId])).get(vehicleId)?.latest?.rpm?.[0]).toBe(1019);
  expect(await rowsOf('SELECT count(*)::int AS n FROM ledger_batches')).toEqual([{ n: 20 }]);
  for (const name of ['state', 'ledger', 'facts'] as const) {
    const { before, after } = await second.rebuild(name, soon());
    expect(after).toBe(before);
  }
  // And it still follows.
  await append(20, 21);
  await second.reached(await log.head(), soon());
  expect(await rowsOf('SELECT count(*)::int AS n FROM vehicle_facts')).toEqual([{ n: 21 }]);
});

test('a poisoned entry is set aside with its reason, and everything around it is kept', async () => {
  const ledger = createLedgerProjection(database.pool);
  const poisoned: Projection = {
    ...ledger,
    async apply(entries, cursor) {
      const bad = entries.find((e) => e.entry.seq === 7 || e.entry.seq === 13);
      if (bad) throw new RangeError(`cannot take ${bad.entry.seq}`);
      await ledger.apply(entries, cursor);
    },
  };
  await append(0, 20);
  // Nothing that a door would let in, but a log may be older than a rule: it must not block either.
  await log.append([{ ...jsonBatch({ boxId, seq: 20 }), body: Buffer.from('no json'), hash: Buffer.alloc(32, 1) }]);
  await append(21, 25);
  const runner = run(poisoned);
  await runner.reached(await log.head(), soon());
  const kept = await rowsOf('SELECT seq::int AS seq FROM ledger_batches ORDER BY seq');
  expect(kept.map((row) => row.seq)).toEqual(
    Array.from({ length: 25 }, (_, i) => i).filter((i) => ![7, 13, 20].includes(i)),
  );
  const skipped = await rowsOf(
    'SELECT projection, reason, seq::int AS seq FROM projection_skipped s JOIN batch_log USING (position) ORDER BY seq',
  );
  expect(skipped).toEqual([
    { projection: 'ledger', seq: 7, reason: 'RangeError: cannot take 7' },
    { projection: 'ledger', seq: 13, reason: 'RangeError: cannot take 13' },
    { projection: 'ledger', seq: 20, reason: expect.stringContaining('batch_malformed') },
  ]);
  expect(runner.status()[0]).toMatchObject({ skipped: 3, problem: undefined });
});

test('a store that is away is no poison: the loop waits, says so, and loses nothing; others go on meanwhile', async () => {
  const ledger = createLedgerProjection(database.pool);
  let away = true;
  const patient: Projection = {
    ...ledger,
    async apply(entries, cursor) {
      if (away) throw new AppError('store_unavailable');
      await ledger.apply(entries, cursor);
    },
  };
  await append(0, 5);
  const runner = run(patient, createFactsProjection(database.pool));
  await expect.poll(() => runner.status().map((s) => s.problem)).toEqual(['store_unavailable', undefined]);
  await expect.poll(() => rowsOf('SELECT count(*)::int AS n FROM vehicle_facts')).toEqual([{ n: 5 }]);
  away = false;
  await runner.reached(await log.head(), soon());
  expect(await rowsOf('SELECT count(*)::int AS n FROM ledger_batches')).toEqual([{ n: 5 }]);
  expect(await rowsOf('SELECT * FROM projection_skipped')).toEqual([]);
  expect(runner.status().map((s) => s.problem)).toEqual([undefined, undefined]);
});

test('an answer that was lost after the store had kept the group does not count twice', async () => {
  const facts = createFactsProjection(database.pool);
  let lost = 2;
  const forgetful: Projection = {
    ...facts,
    async apply(entries, cursor) {
      await facts.apply(entries, cursor);
      if (lost-- > 0) throw new AppError('store_unavailable');
    },
  };
  const runner = run(forgetful);
  await append(0, 8);
  await runner.reached(await log.head(), soon());
  expect(await rowsOf('SELECT count(*)::int AS n FROM vehicle_facts')).toEqual([{ n: 8 }]);
});
