import { GAP_MS, type MetricSeries } from '@temoin/shared/history';
import { METRICS, type MetricKey } from '@temoin/shared/metrics';
import type { Reading } from '@temoin/shared/telemetry';
import { thinPoints } from '@/ui/charts/thin-points';

// A chart that reaches now grows with every reading that the socket brings, until the server is asked again. Only readings
// newer than the line's end are taken: what arrives late or twice waits for the server's answer, so nothing is drawn twice.

/** A growing line is thinned beyond this many points; every minimum and maximum stays. */
const MOST_POINTS = 2_400;
const BUCKETS = 300;

/** Longer silences than this are holes of this metric: rarely polled values may rest longer without one. */
export const holeAfterMs = (metric: MetricKey): number => Math.max(GAP_MS, 2 * METRICS[metric].freshForMs);

/** The series with newer readings at its end, of `from` (ms UTC) and later. The same object when nothing is new. */
export function extendSeries(series: MetricSeries, readings: readonly Reading[], from: number): MetricSeries {
  const { metric } = series;
  let endAt = series.at.at(-1) ?? from - 1;
  const fresh: { at: number; value: number }[] = [];
  for (const { at, values } of readings) {
    const value = values[metric];
    if (value === undefined || at <= endAt) continue;
    fresh.push({ at, value });
    endAt = at;
  }
  if (fresh.length === 0) return series;
  const gaps = [...series.gaps];
  let before = series.at.at(-1);
  for (const { at } of fresh) {
    if (before !== undefined && at - before > holeAfterMs(metric)) gaps.push({ from: before, to: at });
    before = at;
  }
  const values = fresh.map((point) => point.value);
  const count = series.readings + fresh.length;
  const sum = values.reduce((total, value) => total + value, (series.mean ?? 0) * series.readings);
  const all = { at: [...series.at, ...fresh.map((point) => point.at)], value: [...series.value, ...values] };
  const kept = all.at.length > MOST_POINTS ? thinPoints(all, gaps, BUCKETS) : all;
  return {
    metric,
    at: [...kept.at],
    value: [...kept.value],
    gaps,
    readings: count,
    min: Math.min(series.min ?? Number.POSITIVE_INFINITY, ...values),
    mean: sum / count,
    max: Math.max(series.max ?? Number.NEGATIVE_INFINITY, ...values),
  };
}

/** Readings still to be appended, in order, without those already drawn; bounded, oldest first to go. */
export function keepTail(tail: readonly Reading[], more: readonly Reading[], limit = 4_000): Reading[] {
  const joined = [...tail, ...more].sort((a, b) => a.at - b.at);
  return joined.length > limit ? joined.slice(joined.length - limit) : joined;
}
