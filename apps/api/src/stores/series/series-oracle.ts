import { GAP_MS, type MetricSeries } from '@temoin/shared/history';
import { atResolution, METRICS, type MetricKey } from '@temoin/shared/metrics';
import type { Reading } from '@temoin/shared/telemetry';
import { usualInterval } from './chart-gaps.ts';
import type { SeriesRange, StoredReading } from './series-store.ts';

// What a series store must answer, worked out in the plainest way from a list in memory: the contract test compares every
// store with it. Written apart from the stores and sharing nothing with them but the rule for counting intervals.

export interface SeriesOracle {
  add(readings: readonly StoredReading[]): void;
  readings(range: SeriesRange, metrics?: readonly MetricKey[]): Reading[];
  span(vehicleId: string): { from?: number; to?: number; readings: number };
  chart(range: SeriesRange, metric: MetricKey, points: number): MetricSeries;
}

export function createSeriesOracle(): SeriesOracle {
  const byName = new Map<string, StoredReading>();
  const inOrder = (vehicleId: string) =>
    [...byName.values()].filter((row) => row.vehicleId === vehicleId).sort(compareRows);

  const readings: SeriesOracle['readings'] = ({ vehicleId, from, to }, metrics) =>
    inOrder(vehicleId)
      .filter(({ reading }) => reading.at >= from && reading.at < to)
      .map(({ reading }) => ({ at: reading.at, values: keptValues(reading, metrics) }))
      .filter((reading) => !metrics || Object.keys(reading.values).length > 0);

  return {
    add: (rows) => {
      for (const row of rows) byName.set([row.vehicleId, row.boxId, row.boot, row.seq, row.index].join('|'), row);
    },
    readings,
    span: (vehicleId) => {
      const rows = inOrder(vehicleId);
      if (rows.length === 0) return { readings: 0 };
      return { from: rows[0]!.reading.at, to: rows.at(-1)!.reading.at, readings: rows.length };
    },
    chart: (range, metric, points) => {
      const samples = readings(range, [metric])
        .map(({ at, values }) => ({ at, value: values[metric]! }))
        .sort((a, b) => a.at - b.at || a.value - b.value);
      const chosen = samples.length <= points ? samples : extremes(samples, points);
      const steps = samples.map(({ value }) => Math.round(value * METRICS[metric].scale));
      const { scale } = METRICS[metric];
      return {
        metric,
        at: chosen.map(({ at }) => at),
        value: chosen.map(({ value }) => value),
        gaps: gapsOf(
          samples.map(({ at }) => at),
          points,
        ),
        readings: samples.length,
        ...(samples.length > 0 && {
          min: Math.min(...steps) / scale,
          mean: steps.reduce((sum, step) => sum + step, 0) / scale / steps.length,
          max: Math.max(...steps) / scale,
        }),
      };
    },
  };
}

type Sample = { at: number; value: number };

function extremes(samples: readonly Sample[], points: number): Sample[] {
  const most = Math.floor((points - 2) / 2);
  for (let widthMs = 1; ; widthMs *= 2) {
    const cells = new Map<number, Sample[]>();
    for (const sample of samples) {
      const cell = Math.floor(sample.at / widthMs);
      cells.set(cell, [...(cells.get(cell) ?? []), sample]);
    }
    if (cells.size > most) continue;
    const kept = new Set<Sample>([samples[0]!, samples.at(-1)!]);
    for (const cell of cells.values()) {
      kept.add(cell.find(({ value }) => value === Math.min(...cell.map((sample) => sample.value)))!);
      kept.add(cell.find(({ value }) => value === Math.max(...cell.map((sample) => sample.value)))!);
    }
    return samples.filter((sample) => kept.has(sample));
  }
}

function gapsOf(instants: readonly number[], most: number): { from: number; to: number }[] {
  const steps = instants.slice(1).map((to, i) => ({ from: instants[i]!, to }));
  const intervals = steps
    .map(({ from, to }) => to - from)
    .filter((spanMs) => spanMs > 0)
    .map(usualInterval)
    .sort((a, b) => a - b);
  const usualMs = intervals[Math.ceil(intervals.length / 2) - 1] ?? 0;
  const holes = steps.filter(({ from, to }) => to - from > Math.max(GAP_MS, 4 * usualMs));
  const longest = holes.toSorted((a, b) => b.to - b.from - (a.to - a.from) || a.from - b.from).slice(0, most);
  return holes.filter((hole) => longest.includes(hole));
}

function keptValues(reading: Reading, metrics?: readonly MetricKey[]): Reading['values'] {
  const entries = (Object.entries(reading.values) as [MetricKey, number][])
    .filter(([key]) => !metrics || metrics.includes(key))
    .map(([key, value]) => [key, atResolution(key, value) + 0]);
  return Object.fromEntries(entries);
}

const compareRows = (a: StoredReading, b: StoredReading): number =>
  a.reading.at - b.reading.at || a.boot - b.boot || a.seq - b.seq || a.index - b.index || (a.boxId < b.boxId ? -1 : 1);
