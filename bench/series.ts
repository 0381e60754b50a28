import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MetricKey } from '@temoin/shared/metrics';
import type { Reading } from '@temoin/shared/telemetry';
import { openDuckDbSeriesStore } from '../apps/api/src/stores/series/duckdb-series-store.ts';
import { openInfluxSeriesStore } from '../apps/api/src/stores/series/influx-series-store.ts';
import type { SeriesStore, StoredReading } from '../apps/api/src/stores/series/series-store.ts';
import { needs } from '../testing/needs.ts';
import { startInfluxd } from '../testing/servers/influxd.ts';
import { type Bench, compared, type Measure, percentile } from './bench.ts';
import { loadDrives } from './drives.ts';
import { openPlainSeries } from './plain-series.ts';

// A chart of one day at 1 Hz of one vehicle among ten, whose readings arrived mixed as they do in life: in our store, and in
// the way one writes first (a PostgreSQL table with a key on vehicle and time, all rows of the day read and reduced here, by
// the same reduction). The two take turns, so that a busy moment of the machine hits both.

const DAY_S = 86_400;
const VEHICLES = 10;
const MIDNIGHT = Date.UTC(2026, 5, 10);
const POINTS = 1000;
const ROUNDS = 30;
/** An append as it comes from the log: some batches of 60 of every vehicle. */
const BATCH = 60;
const BATCHES_AN_APPEND = 10;
const CHARTS: readonly (readonly MetricKey[])[] = [
  ['obdSpeedKmh'],
  ['obdSpeedKmh', 'rpm', 'engineLoadPct', 'coolantTempC', 'throttlePct', 'gpsSpeedKmh', 'altitudeM', 'fuelLevelPct'],
];

/** Milliseconds for charts of a day, readings a second written, bytes a reading kept; beside plain PostgreSQL. */
export const series: Bench = async ({ input, progress, signal }) => {
  const folder = mkdtempSync(join(tmpdir(), 'temoin-bench-series-'));
  const stops: (() => Promise<void>)[] = [async () => rmSync(folder, { recursive: true, force: true })];
  try {
    progress('Preparing ten days of one-second readings…');
    const days = await oneSecondDays(input, signal);
    const path = join(folder, 'series.duckdb');
    const store = await openDuckDbSeriesStore({ path });
    stops.push(() => store.close());
    const plain = await openPlainSeries(folder, CHARTS.flat());
    stops.push(() => plain.stop());

    progress(`Writing ${VEHICLES * DAY_S} readings into either store…`);
    const spentMs = { ours: 0, plain: 0 };
    let cursor = 0n;
    for (const readings of arrivals(days)) {
      signal.throwIfAborted();
      cursor += 1n;
      spentMs.ours += await timed(() => store.append(readings, cursor));
      spentMs.plain += await timed(() => plain.append(readings));
    }
    await plain.settle();
    const total = VEHICLES * DAY_S;
    const measures: Measure[] = [];
    for (const metrics of CHARTS) {
      progress(`Charting one day, ${metrics.length} metric${metrics.length > 1 ? 's' : ''}, ${ROUNDS} times in turn…`);
      measures.push(...(await chartInTurn(store, plain, metrics, signal)));
    }
    measures.push(
      compared(
        { key: 'append', value: (total / spentMs.ours) * 1000, unit: 'readings/s', better: 'higher' },
        { key: 'PostgreSQL', value: (total / spentMs.plain) * 1000 },
      ),
    );
    const plainBytes = await plain.bytes();
    await store.close();
    stops.splice(1, 1);
    measures.push(
      compared(
        { key: 'on disk', value: statSync(path).size / total, unit: 'B/reading', better: 'lower' },
        { key: 'PostgreSQL', value: plainBytes / total },
      ),
    );
    measures.push(...(await influxCharts(days[0]!, stops, progress, signal)));
    return measures;
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
};

type Chart = (metrics: readonly MetricKey[]) => Promise<unknown>;

const chartOf =
  (store: SeriesStore): Chart =>
  (metrics) =>
    store.chart({ vehicleId: vehicleId(3), from: MIDNIGHT, to: MIDNIGHT + DAY_S * 1000 }, metrics, POINTS);

async function chartInTurn(
  store: SeriesStore,
  plain: Awaited<ReturnType<typeof openPlainSeries>>,
  metrics: readonly MetricKey[],
  signal: AbortSignal,
): Promise<Measure[]> {
  const ours = chartOf(store);
  const theirs: Chart = (wanted) => plain.chart(3, MIDNIGHT, MIDNIGHT + DAY_S * 1000, wanted, POINTS);
  // Both must answer the same, or the comparison means nothing. This also warms them up.
  const [mine, other] = [JSON.stringify(await ours(metrics)), JSON.stringify(await theirs(metrics))];
  if (mine !== other) throw new Error(`The two charts differ: ${mine.slice(0, 200)} | ${other.slice(0, 200)}`);
  const spent = { ours: [] as number[], theirs: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    signal.throwIfAborted();
    const turns = [
      async () => spent.ours.push(await timed(() => ours(metrics))),
      async () => spent.theirs.push(await timed(() => theirs(metrics))),
    ];
    for (const turn of round % 2 === 0 ? turns : turns.reverse()) await turn();
  }
  const name = `chart of a day, ${metrics.length} metric${metrics.length > 1 ? 's' : ''}`;
  const goal = metrics.length === 1 ? { goal: 50 } : {};
  return [0.5, 0.95].map((share) =>
    compared(
      { key: `${name}, p${share * 100}`, value: percentile(spent.ours, share), unit: 'ms', better: 'lower', ...goal },
      { key: 'PostgreSQL', value: percentile(spent.theirs, share) },
    ),
  );
}

/** The same charts from InfluxDB where one is installed; for the record, without a rival. */
async function influxCharts(
  day: readonly Reading[],
  stops: (() => Promise<void>)[],
  progress: (text: string) => void,
  signal: AbortSignal,
): Promise<Measure[]> {
  const server = needs('influxd');
  if (!server.available) {
    progress(`InfluxDB not measured: ${server.reason}`);
    return [];
  }
  progress('The same from InfluxDB 1.8…');
  const influx = await startInfluxd();
  stops.push(() => influx.stop());
  const store = await openInfluxSeriesStore(influx);
  let cursor = 0n;
  let appendMs = 0;
  for (const readings of arrivals([[], [], [], day])) {
    signal.throwIfAborted();
    cursor += 1n;
    appendMs += await timed(() => store.append(readings, cursor));
  }
  const measures: Measure[] = [];
  for (const metrics of CHARTS) {
    const spent: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      signal.throwIfAborted();
      spent.push(await timed(() => chartOf(store)(metrics)));
    }
    const name = `InfluxDB: chart of a day, ${metrics.length} metric${metrics.length > 1 ? 's' : ''}, p50`;
    measures.push({ key: name, value: percentile(spent, 0.5), unit: 'ms', better: 'lower' });
  }
  measures.push({ key: 'InfluxDB: append', value: (DAY_S / appendMs) * 1000, unit: 'readings/s', better: 'higher' });
  return measures;
}

const vehicleId = (vehicle: number): string => `vehicle-${vehicle}`;

/** All vehicles' readings in the order in which a service would get them. */
function* arrivals(days: readonly (readonly Reading[])[]): Generator<StoredReading[]> {
  const length = Math.max(...days.map((day) => day.length));
  for (let start = 0; start < length; start += BATCH * BATCHES_AN_APPEND) {
    yield days.flatMap((day, vehicle) =>
      day.slice(start, start + BATCH * BATCHES_AN_APPEND).map((reading, i) => ({
        ...{ vehicleId: vehicleId(vehicle), boxId: `box-${vehicle}`, boot: 1, reading },
        ...{ seq: Math.floor((start + i) / BATCH), index: (start + i) % BATCH },
      })),
    );
  }
}

/** A day of 86,400 readings a vehicle, from drives: what they measured within one second together, repeated to fill the day. */
async function oneSecondDays(input: string | undefined, signal: AbortSignal): Promise<Reading[][]> {
  const drives: Reading['values'][][] = [];
  for await (const set of loadDrives(input)) {
    signal.throwIfAborted();
    for (const drive of set.drives) {
      const seconds = new Map<number, Reading['values']>();
      for (const { at, values } of drive) {
        const second = Math.floor(at / 1000);
        seconds.set(second, { ...seconds.get(second), ...values });
      }
      // Only drives that have the metric charted, most of the time: else the chart would have less than a day's readings.
      const charted = [...seconds.values()].filter((values) => values.obdSpeedKmh !== undefined);
      if (charted.length > seconds.size / 2 && charted.length > BATCH) drives.push(charted);
    }
  }
  if (drives.length === 0) throw new Error('No drive with the speed of the car in it.');
  return Array.from({ length: VEHICLES }, (_, vehicle) => {
    const drive = drives[vehicle % drives.length]!;
    return Array.from({ length: DAY_S }, (_, s) => ({
      at: MIDNIGHT + s * 1000,
      values: drive[(s + vehicle * 977) % drive.length]!,
    }));
  });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
