import { randomUUID } from 'node:crypto';
import Fastify from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PersonActor } from '../../access/actor.ts';
import type { Access } from '../../access/identify.ts';
import { createVehicleAccess } from '../../access/vehicle-access.ts';
import type { App } from '../../http/build-app.ts';
import { installErrorReply } from '../../http/error-reply.ts';
import { createFactsProjection } from '../../projections/facts-projection.ts';
import { createInstallationsOf } from '../../projections/installations.ts';
import { createLedgerProjection } from '../../projections/ledger-projection.ts';
import { createProjectionRunner } from '../../projections/runner.ts';
import { createPostgresBatchLog } from '../../stores/log/postgres-batch-log.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.ts';
import { jsonBatch, NOON } from '../../testing/written-batches.ts';
import { registerLedger } from './ledger.routes.ts';

const MINUTE = 60_000;
let database: TestDatabase;
let app: App;
let close: () => Promise<void>;
let clock = NOON;
const ids = { organisation: randomUUID(), vehicle: randomUUID(), box: randomUUID(), stranger: randomUUID() };
let actor: PersonActor;
let log: ReturnType<typeof createPostgresBatchLog>;

beforeAll(async () => {
  database = await createTestDatabase();
  const { pool } = database;
  await pool.query('INSERT INTO organisations (id, name) VALUES ($1, $2)', [ids.organisation, 'insurer']);
  await pool.query(
    `INSERT INTO vehicles (id, organisation_id, vin, label) VALUES ($1, $2, 'VF1AAAAAAAA000001', 'car')`,
    [ids.vehicle, ids.organisation],
  );
  await pool.query('INSERT INTO boxes (id, organisation_id) VALUES ($1, $2)', [ids.box, ids.organisation]);
  await pool.query('INSERT INTO installations (box_id, vehicle_id) VALUES ($1, $2)', [ids.box, ids.vehicle]);
  actor = {
    kind: 'person',
    personId: randomUUID(),
    sessionId: randomUUID(),
    organisationId: ids.organisation,
    role: 'auditor',
    clientId: undefined,
  };

  log = createPostgresBatchLog({ pool, now: () => clock });
  const runner = createProjectionRunner({
    log,
    pool,
    installationsOf: createInstallationsOf(pool),
    projections: [createLedgerProjection(pool), createFactsProjection(pool)],
  });
  runner.start();
  app = Fastify() as unknown as App;
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  installErrorReply(app as never);
  const access = { personOrOperator: async () => actor, vehicles: createVehicleAccess(pool) } as unknown as Access;
  registerLedger(app, {
    pool,
    log,
    access,
    factsReached: (position, signal) => runner.reached(position, signal, 'facts'),
  });

  const batch = (
    seq: number,
    minute: number,
    options: { receivedMinute?: number; origin?: string; bad?: boolean; fact?: boolean } = {},
  ) => {
    clock = NOON + (options.receivedMinute ?? minute + 1) * MINUTE;
    const at = NOON + minute * MINUTE;
    return log.append([
      jsonBatch({
        boxId: ids.box,
        seq,
        bootAt: 0,
        ...(options.origin && { origin: options.origin }),
        readings: [
          { at, values: { rpm: 900 } },
          { at: at + 30_000, values: { rpm: options.bad ? 99_999 : 950 } },
        ],
        facts: options.fact ? [{ kind: 'harsh_brake', at, peakG: 0.5 }] : [],
      }),
    ]);
  };
  for (let seq = 10; seq < 20; seq += 1) await batch(seq, seq - 10, { bad: seq === 12 });
  // 20 to 22 never come; 23 comes in time, 24 an hour late, 25 is from a recording of last year.
  await batch(23, 13);
  await batch(24, 14, { receivedMinute: 80 });
  await batch(25, 15, { receivedMinute: 300, origin: 'replayed', fact: true });
  await log.append([jsonBatch({ boxId: ids.box, seq: 25, readings: [{ at: NOON, values: { rpm: 1 } }] })]);
  await runner.reached(await log.head(), AbortSignal.timeout(10_000));
  close = async () => {
    await runner.stop();
    await app.close();
    await log.close();
  };
});
afterAll(async () => {
  await close();
  await database.drop();
});

const ask = async (path: string) => {
  const reply = await app.inject({ url: `/v1/vehicles/${path}` });
  return { status: reply.statusCode, body: reply.json() };
};

test('says what came, what came late, what is missing and what was refused', async () => {
  const { status, body } = await ask(`${ids.vehicle}/ledger?from=${NOON}&to=${NOON + 60 * MINUTE}`);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    batches: 13,
    readings: 25,
    refusedReadings: 1,
    refusals: { value_out_of_range: 1, reading_empty: 1 },
    conflicts: 1,
    lastSeq: 25,
    lastContactAt: NOON + 300 * MINUTE,
  });
  expect(body.holes).toEqual([
    { fromSeq: 20, toSeq: 22, batches: 3, fromAt: NOON + 9 * MINUTE + 30_000, toAt: NOON + 13 * MINUTE },
  ]);
  expect(body.spans).toEqual([
    { from: NOON, to: NOON + 13 * MINUTE + 30_000, kind: 'received', readings: 21 },
    { from: NOON + 9 * MINUTE + 30_000, to: NOON + 13 * MINUTE, kind: 'missing', readings: 0 },
    { from: NOON + 14 * MINUTE, to: NOON + 14 * MINUTE + 30_000, kind: 'late', readings: 2 },
    { from: NOON + 15 * MINUTE, to: NOON + 15 * MINUTE + 30_000, kind: 'received', readings: 2 },
  ]);
});

test('a range that begins inside the hole still shows it, cut to the range', async () => {
  const from = NOON + 11 * MINUTE;
  const { body } = await ask(`${ids.vehicle}/ledger?from=${from}&to=${NOON + 14 * MINUTE}`);
  expect(body.holes).toMatchObject([{ fromSeq: 20, toSeq: 22 }]);
  expect(body.spans[0]).toEqual({ from, to: NOON + 13 * MINUTE, kind: 'missing', readings: 0 });
});

test('a hole that is filled later is gone', async () => {
  clock = NOON + 400 * MINUTE;
  await log.append(
    [20, 21, 22].map((seq) =>
      jsonBatch({ boxId: ids.box, seq, bootAt: 0, readings: [{ at: NOON + (seq - 10) * MINUTE, values: { rpm: 1 } }] }),
    ),
  );
  await expect
    .poll(async () => (await ask(`${ids.vehicle}/ledger?from=${NOON}&to=${NOON + 60 * MINUTE}`)).body.holes, {
      timeout: 5000,
    })
    .toEqual([]);
});

test('refuses bad ranges, strangers and roles without the right', async () => {
  expect(await ask(`${ids.vehicle}/ledger?from=5&to=5`)).toMatchObject({ status: 400, body: { code: 'bad_request' } });
  expect(await ask(`${ids.vehicle}/ledger?from=0&to=${NOON}`)).toMatchObject({ status: 400 });
  expect(await ask(`${ids.stranger}/ledger?from=0&to=5`)).toMatchObject({ status: 404, body: { code: 'not_found' } });
  expect(await ask(`${ids.vehicle}/facts`)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  const own = actor;
  actor = { ...own, organisationId: randomUUID() };
  expect(await ask(`${ids.vehicle}/ledger?from=0&to=5`)).toMatchObject({ status: 404, body: { code: 'not_found' } });
  actor = { ...own, role: 'fleet_desk' };
  const facts = await ask(`${ids.vehicle}/facts`);
  expect(facts.body).toMatchObject({ facts: [{ vehicleId: ids.vehicle, fact: { kind: 'harsh_brake' } }], more: false });
  expect((await ask(`${ids.vehicle}/facts?after=${facts.body.cursor}`)).body).toEqual({
    facts: [],
    cursor: facts.body.cursor,
    more: false,
  });
  actor = own;
});
