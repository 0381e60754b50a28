import { METRIC_KEYS, METRICS, type MetricKey } from '@temoin/shared/metrics';
import type { Reading } from '@temoin/shared/telemetry';
import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createSeriesOracle } from './series-oracle.ts';
import type { SeriesRange, SeriesStore, StoredReading } from './series-store.ts';

// One body for every series store. Everything is compared with a list in memory (series-oracle.ts).

export interface OpenedSeriesStore {
  readonly store: SeriesStore;
  /** Closes the store and opens the same one again, as after a restart of the program. */
  reopen(): Promise<SeriesStore>;
  end(): Promise<void>;
}

const VEHICLES = ['b9f5ad5f-8f60-4d52-9a4f-000000000001', 'vehicle, with = and "odd" \\ name'];
const BOXES = ['11111111-2222-4333-8444-555555555555', '66666666-7777-4888-9999-aaaaaaaaaaaa'];
const DAY = Date.UTC(2026, 10, 20);
const WIDE: SeriesRange = { vehicleId: VEHICLES[0]!, from: 0, to: Number.MAX_SAFE_INTEGER };

const row = (
  seq: number,
  index: number,
  at: number,
  values: Reading['values'],
  rest: Partial<StoredReading> = {},
): StoredReading => ({
  vehicleId: VEHICLES[0]!,
  boxId: BOXES[0]!,
  boot: 1,
  seq,
  index,
  reading: { at, values },
  ...rest,
});

/** A drive at 1 Hz in batches of 60. */
const drive = (seconds: number, startAt = DAY, rest: Partial<StoredReading> = {}): StoredReading[] =>
  Array.from({ length: seconds }, (_, s) =>
    row(
      Math.floor(s / 60),
      s % 60,
      startAt + s * 1000,
      { obdSpeedKmh: Math.round(500 + 300 * Math.sin(s / 40)) / 10, rpm: 800 + (s % 700) / 4 },
      rest,
    ),
  );

const collect = async (readings: AsyncIterable<Reading>): Promise<Reading[]> => {
  const all: Reading[] = [];
  for await (const reading of readings) all.push(reading);
  return all;
};

/** `runs`: how many random histories to try; a store behind a network gets fewer. */
export function seriesStoreContract(open: () => Promise<OpenedSeriesStore>, runs: number): void {
  let opened: OpenedSeriesStore;
  let store: SeriesStore;
  beforeAll(async () => {
    opened = await open();
    store = opened.store;
  });
  beforeEach(() => store.reset());
  afterAll(() => opened?.end());

  it('is empty at first: cursor 0, no span, no digest, an empty chart', async () => {
    expect(await store.cursor()).toBe(0n);
    expect(await store.span(VEHICLES[0]!)).toEqual({ readings: 0 });
    expect(await store.digest()).toEqual([]);
    expect(await collect(store.readings(WIDE))).toEqual([]);
    expect(await store.chart(WIDE, ['rpm'], 100)).toEqual([
      { metric: 'rpm', at: [], value: [], gaps: [], readings: 0 },
    ]);
  });

  it('gives every metric back exactly at its resolution, at both ends of its range', async () => {
    const lowest = Object.fromEntries(METRIC_KEYS.map((key) => [key, METRICS[key].min]));
    const highest = Object.fromEntries(METRIC_KEYS.map((key) => [key, METRICS[key].max]));
    const between = {
      lat: 48.573_392_1,
      lon: -7.752_111_9,
      accelXG: -0.000_4,
      shortFuelTrimPct: -12.34,
      odometerKm: 123_456.7,
    };
    const rows = [lowest, highest, between].map((values, index) => row(0, index, DAY + index, values));
    await store.append(rows, 1n);
    const oracle = createSeriesOracle();
    oracle.add(rows);
    expect(await collect(store.readings(WIDE))).toEqual(oracle.readings(WIDE));
  });

  it('keeps two readings of one instant as two, in order of boot, sequence, index and box', async () => {
    const rows = [row(0, 0, DAY, { rpm: 1000 }), row(0, 1, DAY, { rpm: 900 }), row(244, 0, DAY, { rpm: 800 })];
    const others = [row(7, 0, DAY, { rpm: 1 }, { boot: 0 }), row(0, 0, DAY, { rpm: 2 }, { boxId: BOXES[1]! })];
    await store.append([...others, ...rows].reverse(), 1n);
    expect((await collect(store.readings(WIDE))).map(({ values }) => values.rpm)).toEqual([1, 1000, 2, 900, 800]);
    expect((await store.span(VEHICLES[0]!)).readings).toBe(5);
    // The same instant in a batch whose number clashes in any scheme of 244, 3904 or 999,424 slots, and again after that.
    const clashing = [488, 3904, 244_000, 999_424].map((seq) => row(seq, 0, DAY, { rpm: seq / 1000 }));
    await store.append(clashing, 2n);
    await store.append([...clashing, ...rows], 3n);
    expect((await store.span(VEHICLES[0]!)).readings).toBe(9);
  });

  it('leaves one of a reading that comes again, in the same append or later, also after a restart', async () => {
    const rows = drive(150);
    await store.append([...rows.slice(0, 90), ...rows.slice(30, 60)], 1n);
    await store.append(rows.slice(45), 2n);
    const digest = await store.digest();
    store = await opened.reopen();
    await store.append(rows, 3n);
    expect(await store.digest()).toEqual(digest);
    expect(await store.span(VEHICLES[0]!)).toEqual({ from: DAY, to: DAY + 149_000, readings: 150 });
  });

  it('keeps what it stored and its cursor over a restart, and forgets both on reset', async () => {
    await store.append(drive(10), 9_007_199_254_740_993n);
    store = await opened.reopen();
    expect(await store.cursor()).toBe(9_007_199_254_740_993n);
    expect((await store.span(VEHICLES[0]!)).readings).toBe(10);
    await store.append([], 9_007_199_254_740_994n);
    expect(await store.cursor()).toBe(9_007_199_254_740_994n);
    await store.reset();
    expect(await store.cursor()).toBe(0n);
    expect(await store.digest()).toEqual([]);
    await store.append(drive(10), 1n);
    expect((await store.span(VEHICLES[0]!)).readings).toBe(10);
  });

  it('reads a range with its start and without its end, one vehicle, only the metrics asked for', async () => {
    const rows = [
      ...drive(100),
      ...drive(100, DAY, { vehicleId: VEHICLES[1]!, boxId: BOXES[1]! }),
      row(9, 0, DAY + 5500, { lat: 1, lon: 2 }),
    ];
    await store.append(rows, 1n);
    const oracle = createSeriesOracle();
    oracle.add(rows);
    for (const vehicleId of [...VEHICLES, 'nobody']) {
      const range = { vehicleId, from: DAY + 5000, to: DAY + 9000 };
      expect(await collect(store.readings(range))).toEqual(oracle.readings(range));
      expect(await collect(store.readings(range, ['rpm', 'lat']))).toEqual(oracle.readings(range, ['rpm', 'lat']));
    }
    expect(await collect(store.readings({ vehicleId: VEHICLES[0]!, from: DAY + 1, to: DAY + 1 }))).toEqual([]);
  });

  it('stops reading when its reader leaves, and can be read again', async () => {
    await store.append(drive(500), 1n);
    for (let i = 0; i < 8; i += 1) for await (const _ of store.readings(WIDE)) break;
    expect(await collect(store.readings(WIDE))).toHaveLength(500);
  });

  it('reads a history of years with long silence between', async () => {
    const rows = [0, 1, 30, 400, 2000].flatMap((days, boot) =>
      drive(200, DAY - days * 86_400_000, { boot: 10 - boot }),
    );
    await store.append(rows, 1n);
    const oracle = createSeriesOracle();
    oracle.add(rows);
    expect(await collect(store.readings(WIDE))).toEqual(oracle.readings(WIDE));
    const [rpm] = await store.chart(WIDE, ['rpm'], 100);
    expect(rpm).toEqual(oracle.chart(WIDE, 'rpm', 100));
    expect(rpm!.gaps).toHaveLength(4);
    expect(rpm!.at.length).toBeLessThanOrEqual(100);
  });

  it('charts several metrics in the order asked for, a lone spike and holes kept', async () => {
    const rows = drive(4000).filter((_, s) => s < 1000 || s >= 1100);
    const spiked = rows.map((r, i) =>
      i === 1234 ? { ...r, reading: { ...r.reading, values: { ...r.reading.values, rpm: 6500 } } } : r,
    );
    await store.append(spiked, 1n);
    const oracle = createSeriesOracle();
    oracle.add(spiked);
    const metrics: MetricKey[] = ['rpm', 'lat', 'obdSpeedKmh'];
    const series = await store.chart(WIDE, metrics, 50);
    expect(series).toEqual(metrics.map((metric) => oracle.chart(WIDE, metric, 50)));
    expect(series[0]!.value).toContain(6500);
    expect(series[0]!.gaps).toEqual([{ from: DAY + 999_000, to: DAY + 1_100_000 }]);
  });

  it('answers while appends are going on', async () => {
    await store.append(drive(60), 1n);
    const appends = Array.from({ length: 8 }, (_, i) =>
      store.append(drive(60, DAY + i * 60_000, { boot: 2 + i }), BigInt(2 + i)),
    );
    const reads = Array.from({ length: 8 }, () => collect(store.readings({ ...WIDE, to: DAY + 1000 })));
    await Promise.all(appends);
    for (const readings of await Promise.all(reads)) expect(readings.length).toBeGreaterThanOrEqual(1);
    expect((await store.span(VEHICLES[0]!)).readings).toBe(540);
    expect(await store.cursor()).toBe(9n);
  });

  it('comes out the same for any order, grouping and repetition (property)', async () => {
    await fc.assert(
      fc.asyncProperty(histories, fc.integer({ min: 10, max: 25 }), async ({ rows, arrivals }, points) => {
        const oracle = createSeriesOracle();
        oracle.add(rows);
        await store.reset();
        await store.append(rows, 1n);
        const inOrder = await store.digest();
        await store.reset();
        let cursor = 0n;
        for (const arrival of arrivals) await store.append(arrival, ++cursor);
        expect(await store.digest()).toEqual(inOrder);
        expect(await store.cursor()).toBe(cursor);
        for (const vehicleId of VEHICLES) {
          const whole = { ...WIDE, vehicleId };
          expect(await collect(store.readings(whole))).toEqual(oracle.readings(whole));
          expect(await store.span(vehicleId)).toEqual(oracle.span(vehicleId));
          const metrics: MetricKey[] = ['obdSpeedKmh', 'fuelLevelPct'];
          const charts = metrics.map((metric) => oracle.chart(whole, metric, points));
          expect(await store.chart(whole, metrics, points)).toEqual(charts);
        }
      }),
      { numRuns: runs, interruptAfterTimeLimit: 60_000 },
    );
  }, 120_000);

  it('gives another digest when one value, instant, name or reading differs', async () => {
    const base = drive(3);
    const variants: StoredReading[][] = [
      base,
      base.slice(1),
      [...base.slice(1), { ...base[0]!, index: 77 }],
      [...base.slice(1), { ...base[0]!, seq: 2 ** 40 }],
      [...base.slice(1), { ...base[0]!, boot: 2 }],
      [...base.slice(1), { ...base[0]!, boxId: BOXES[1]! }],
      [...base.slice(1), { ...base[0]!, reading: { ...base[0]!.reading, at: DAY + 1 } }],
      [...base.slice(1), { ...base[0]!, reading: { at: DAY, values: { ...base[0]!.reading.values, rpm: 800.25 } } }],
      [...base.slice(1), { ...base[0]!, reading: { at: DAY, values: { rpm: 800 } } }],
    ];
    const digests = new Set<string>();
    for (const rows of variants) {
      await store.reset();
      await store.append(rows, 1n);
      digests.add((await store.digest())[0]!.digest);
    }
    expect(digests.size).toBe(variants.length);
  });
}

/** Random readings of two vehicles and two boxes around a few instants, and a random way for them to arrive. */
const histories = fc
  .uniqueArray(
    fc.record({
      vehicle: fc.integer({ min: 0, max: 1 }),
      box: fc.integer({ min: 0, max: 1 }),
      boot: fc.integer({ min: 0, max: 2 }),
      seq: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constantFrom(244, 245, 488, 2 ** 40)),
      index: fc.integer({ min: 0, max: 4 }),
      at: fc.oneof(
        fc.integer({ min: 0, max: 3 }),
        fc.integer({ min: 0, max: 100 }).map((seconds) => seconds * 1000),
        fc.integer({ min: 0, max: 10 * 86_400_000 }),
      ),
      speed: fc.option(
        fc.integer({ min: 0, max: 3000 }).map((step) => step / 10),
        { nil: undefined },
      ),
      fuel: fc.option(fc.double({ min: 0, max: 100, noNaN: true }), { nil: undefined }),
    }),
    {
      minLength: 0,
      maxLength: 200,
      size: 'max',
      selector: ({ vehicle, box, boot, seq, index }) => [vehicle, box, boot, seq, index].join(),
    },
  )
  .map((specs) =>
    specs.map(({ vehicle, box, boot, seq, index, at, speed, fuel }): StoredReading => {
      const values: { [key in MetricKey]?: number } = speed === undefined && fuel === undefined ? { rpm: 700 } : {};
      if (speed !== undefined) values.obdSpeedKmh = speed;
      if (fuel !== undefined) values.fuelLevelPct = fuel;
      return { vehicleId: VEHICLES[vehicle]!, boxId: BOXES[box]!, boot, seq, index, reading: { at: DAY + at, values } };
    }),
  )
  .chain((rows) =>
    fc
      .record({
        order: fc.shuffledSubarray(rows, { minLength: rows.length, maxLength: rows.length }),
        again: fc.subarray(rows),
        size: fc.integer({ min: 5, max: 60 }),
      })
      .map(({ order, again, size }) => {
        const stream = [...order, ...again];
        const arrivals = Array.from({ length: Math.ceil(stream.length / size) }, (_, i) =>
          stream.slice(i * size, (i + 1) * size),
        );
        return { rows, arrivals };
      }),
  );
