import type { MetricSeries } from '@temoin/shared/history';
import { createGapFinder } from './chart-gaps.ts';
import type { MetricColumn } from './metric-columns.ts';

// From any number of readings to the points that a chart shows, in one pass and bounded memory. Time is cut into buckets
// whose width is the smallest power of two (in ms, counted from 1970) at which no more than half as many buckets hold
// readings as there are points; each bucket gives its lowest and its highest reading. So no extreme is ever lost, empty
// time costs no points, and panning a chart by a little does not make its line dance, because the edges stay where they are.

export interface ChartReducer {
  /** Readings of one metric in rising order of time; those of one instant in any order. `step` in wire steps. */
  add(at: number, step: number): void;
  finish(): MetricSeries;
}

interface Point {
  at: number;
  step: number;
  /** Rises with every reading; tells two readings of one instant apart. */
  order: number;
}

interface Bucket {
  cell: number;
  low: Point;
  high: Point;
}

/** `points` ≥ 4: how many points the series may have at most. */
export function createChartReducer(column: MetricColumn, points: number): ChartReducer {
  const maxBuckets = Math.floor((points - 2) / 2);
  const gaps = createGapFinder();
  let widthMs = 1;
  let buckets: Bucket[] = [];
  /** All readings while they are few enough to be shown as they are. */
  let all: Point[] | undefined = [];
  let first: Point | undefined;
  let last: Point | undefined;
  let readings = 0;
  let sum = 0;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let instant = Number.NaN;
  const sameInstant: number[] = [];

  const intoBucket = (point: Point) => {
    const cell = Math.floor(point.at / widthMs);
    const bucket = buckets.at(-1);
    if (bucket?.cell === cell) {
      if (point.step < bucket.low.step) bucket.low = point;
      if (point.step > bucket.high.step) bucket.high = point;
      return;
    }
    buckets.push({ cell, low: point, high: point });
    while (buckets.length > maxBuckets) {
      widthMs *= 2;
      buckets = mergePairs(buckets);
    }
  };

  const take = (at: number, step: number) => {
    const point = { at, step, order: readings };
    readings += 1;
    sum += step;
    if (step < low) low = step;
    if (step > high) high = step;
    gaps.add(at);
    first ??= point;
    last = point;
    if (all) {
      all.push(point);
      if (all.length <= points) return;
      for (const early of all) intoBucket(early);
      all = undefined;
    } else intoBucket(point);
  };

  /** Readings of one instant are taken by value, so that the picture does not depend on the order in which they came. */
  const takeInstant = () => {
    if (sameInstant.length > 1) sameInstant.sort((a, b) => a - b);
    for (const step of sameInstant) take(instant, step);
    sameInstant.length = 0;
  };

  return {
    add: (at, step) => {
      if (at !== instant) {
        takeInstant();
        instant = at;
      }
      sameInstant.push(step);
    },
    finish: () => {
      takeInstant();
      const chosen = all ?? chosenOf(buckets, first, last);
      const { key: metric, scale } = column;
      const series = {
        metric,
        at: chosen.map((p) => p.at),
        value: chosen.map((p) => p.step / scale),
        gaps: gaps.finish(points),
        readings,
      };
      return readings === 0 ? series : { ...series, min: low / scale, mean: sum / scale / readings, max: high / scale };
    },
  };
}

function mergePairs(buckets: readonly Bucket[]): Bucket[] {
  const merged: Bucket[] = [];
  for (const { cell, low, high } of buckets) {
    const half = Math.floor(cell / 2);
    const before = merged.at(-1);
    if (before?.cell === half) {
      if (low.step < before.low.step) before.low = low;
      if (high.step > before.high.step) before.high = high;
    } else merged.push({ cell: half, low, high });
  }
  return merged;
}

/** The extremes of every bucket and the two ends of the span, in order, each reading once. */
function chosenOf(buckets: readonly Bucket[], first: Point | undefined, last: Point | undefined): Point[] {
  const extremes = buckets.flatMap(({ low, high }) => (low.order <= high.order ? [low, high] : [high, low]));
  const chosen: Point[] = [];
  for (const point of [first, ...extremes, last]) {
    if (point && point.order !== chosen.at(-1)?.order) chosen.push(point);
  }
  return chosen;
}
