import { randomUUID } from 'node:crypto';
import type { Fact, JsonReading } from '@temoin/shared/telemetry';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';
import { logEntry, NOON, vehicleEntries } from '../testing/written-batches.ts';
import { createFactsProjection, readVehicleFacts } from './facts-projection.ts';
import { createLedgerProjection } from './ledger-projection.ts';
import type { Projection, VehicleEntry } from './projection.ts';
import { createStateProjection, readVehicleStates } from './state-projection.ts';

let database: TestDatabase;
let projections: Projection[];
beforeAll(async () => {
  database = await createTestDatabase();
  projections = [
    createStateProjection(database.pool, (lat) =>
      lat > 48.5 ? { street: `rue ${Math.round(lat * 1000)}` } : undefined,
    ),
    createLedgerProjection(database.pool),
    createFactsProjection(database.pool),
  ];
});
afterAll(() => database.drop());

const VEHICLES = [randomUUID(), randomUUID()] as const;
const BOXES = [randomUUID(), randomUUID(), randomUUID()] as const;
const INSTALLED = new Map([
  // The first box moves to the other car at a quarter past; the last is in no car.
  [
    BOXES[0],
    [
      { vehicleId: VEHICLES[0], from: undefined, to: NOON - 2_700_000 },
      { vehicleId: VEHICLES[1], from: NOON - 2_700_000, to: undefined },
    ],
  ],
  [BOXES[1], [{ vehicleId: VEHICLES[0], from: undefined, to: undefined }]],
  [BOXES[2], []],
]);

// Few instants and values, so that ties, repeats and overlaps happen all the time.
const instant = fc.integer({ min: 0, max: 12 }).map((i) => NOON - 3_600_000 + i * 300_000);
const reading: fc.Arbitrary<JsonReading> = fc.record({
  at: instant,
  values: fc.oneof(
    fc.record({
      lat: fc.constantFrom(48.4, 48.57, 48.58),
      lon: fc.constantFrom(7.7, 7.75),
      gpsSpeedKmh: fc.constantFrom(0, 2, 50),
    }),
    fc.record({ rpm: fc.constantFrom(0, 800, 2500), obdSpeedKmh: fc.constantFrom(0, 40) }, { requiredKeys: [] }),
    fc.record({ fuelLevelPct: fc.constantFrom(10, 20, 300), locationOff: fc.constantFrom(0, 1) }),
  ) as fc.Arbitrary<JsonReading['values']>,
});
const fact: fc.Arbitrary<Fact> = fc.oneof(
  fc.record({
    kind: fc.constant('faults' as const),
    at: instant,
    milOn: fc.boolean(),
    codes: fc.constantFrom<string[]>([], ['P0401'], ['P0401', 'P0171']),
  }),
  fc.record({ kind: fc.constant('crash' as const), at: instant, peakG: fc.constantFrom<number>(4, 9) }),
  fc.record({ kind: fc.constantFrom('unplugged' as const, 'plugged_in' as const), at: instant }),
  fc.record({ kind: fc.constant('location_switch' as const), at: instant, off: fc.boolean() }),
);
const batches = fc.uniqueArray(
  fc.record({
    boxId: fc.constantFrom(...BOXES),
    seq: fc.integer({ min: 0, max: 6 }),
    origin: fc.constantFrom('measured', 'replayed'),
    readings: fc.array(reading, { maxLength: 5 }),
    facts: fc.array(fact, { maxLength: 3 }),
  }),
  { selector: (b) => `${b.boxId}/${b.seq}`, minLength: 1, maxLength: 14 },
);

const digestsAfter = async (groups: readonly VehicleEntry[][]) => {
  const digests: string[] = [];
  for (const projection of projections) {
    await projection.reset();
    for (const [i, group] of groups.entries()) await projection.apply(group, BigInt(i + 1));
    expect(await projection.cursor()).toBe(BigInt(groups.length));
    digests.push(await projection.digest());
  }
  return digests;
};

test('order, repeats and grouping of entries change nothing', async () => {
  await fc.assert(
    fc.asyncProperty(batches, fc.infiniteStream(fc.nat()), async (written, dice) => {
      const entries = written.map((batch, i) =>
        vehicleEntries(logEntry(batch, i + 1, NOON + i * 1000), INSTALLED.get(batch.boxId) ?? []),
      );
      const roll = (sides: number) => (dice.next().value ?? 0) % sides;
      const straight = await digestsAfter(entries);
      const shuffled = [...entries, ...entries.slice(0, roll(entries.length + 1))];
      for (let i = shuffled.length - 1; i > 0; i -= 1) {
        const k = roll(i + 1);
        [shuffled[i], shuffled[k]] = [shuffled[k]!, shuffled[i]!];
      }
      const groups: VehicleEntry[][] = [];
      while (shuffled.length > 0) groups.push(shuffled.splice(0, 1 + roll(4)).flat());
      expect(await digestsAfter(groups)).toEqual(straight);
    }),
    { numRuns: 40 },
  );
});

test('the digests see every difference', async () => {
  const vehicle = INSTALLED.get(BOXES[1]) ?? [];
  const base = {
    boxId: BOXES[1],
    seq: 1,
    readings: [{ at: NOON - 1000, values: { rpm: 800 } }],
    facts: [{ kind: 'unplugged' as const, at: NOON - 500 }],
  };
  const digestOf = (batch: typeof base | { seq: number; boxId: string }) =>
    digestsAfter([vehicleEntries(logEntry(batch, 1), vehicle)]);
  const [state, ledger, facts] = await digestOf(base);
  const other = await digestOf({ ...base, readings: [{ at: NOON - 1000, values: { rpm: 801 } }] });
  expect(other[0]).not.toBe(state);
  const fewer = await digestOf({ ...base, readings: [] });
  expect(fewer[1]).not.toBe(ledger);
  const otherFact = await digestOf({ ...base, facts: [{ kind: 'unplugged' as const, at: NOON - 499 }] });
  expect(otherFact[2]).not.toBe(facts);
  const nothing = await digestsAfter([]);
  for (const [i, digest] of nothing.entries()) expect([state, ledger, facts][i]).not.toBe(digest);
});

test('a box that changed vehicle inside a batch: each vehicle gets its own readings and facts', async () => {
  const moved = NOON - 2_700_000;
  const entries = vehicleEntries(
    logEntry(
      {
        boxId: BOXES[0],
        seq: 1,
        readings: [
          { at: moved - 1000, values: { rpm: 900 } },
          { at: moved - 500, values: { rpm: 99_999 } },
          { at: moved, values: { rpm: 700 } },
        ],
        facts: [
          { kind: 'unplugged', at: moved - 200 },
          { kind: 'plugged_in', at: moved + 200 },
        ],
      },
      1,
    ),
    INSTALLED.get(BOXES[0]) ?? [],
  );
  expect(entries.map((e) => [e.vehicleId, e.indexes, e.factIndexes, e.refusedReadings])).toEqual([
    [VEHICLES[0], [0], [0], 1],
    [VEHICLES[1], [2], [1], 0],
  ]);
  for (const projection of projections) {
    await projection.reset();
    await projection.apply(entries, 1n);
  }
  const states = await readVehicleStates(database.pool, VEHICLES);
  expect(states.get(VEHICLES[0])).toMatchObject({ latest: { rpm: [900, moved - 1000] }, alarm: { kind: 'unplugged' } });
  expect(states.get(VEHICLES[1])?.alarm).toBeUndefined();
  const { rows } = await database.pool.query(
    'SELECT part, vehicle_id, readings, refused_readings FROM ledger_batches ORDER BY part',
  );
  expect(rows).toEqual([
    { part: 0, vehicle_id: VEHICLES[0], readings: 1, refused_readings: 1 },
    { part: 1, vehicle_id: VEHICLES[1], readings: 1, refused_readings: 0 },
  ]);
  expect((await readVehicleFacts(database.pool, VEHICLES[1], 0n, 10)).map((f) => f.fact.kind)).toEqual(['plugged_in']);
});

test('facts are read on from a cursor without cutting an entry in two', async () => {
  const facts = projections[2]!;
  await facts.reset();
  const harsh = (at: number): Fact => ({ kind: 'harsh_brake', at, peakG: 0.5 });
  const entries = [1, 2, 3].flatMap((seq) =>
    vehicleEntries(
      logEntry({ boxId: BOXES[1], seq, facts: [harsh(NOON - seq * 1000), harsh(NOON - seq * 1000 + 1)] }, seq * 10),
      INSTALLED.get(BOXES[1]) ?? [],
    ),
  );
  await facts.apply(entries, 30n);
  const seen: string[] = [];
  let after = 0n;
  for (;;) {
    const page = await readVehicleFacts(database.pool, VEHICLES[0], after, 3);
    if (page.length === 0) break;
    seen.push(...page.map((f) => f.cursor));
    after = BigInt(page.at(-1)!.cursor);
  }
  expect(seen).toEqual(['10', '10', '20', '20', '30', '30']);
});
