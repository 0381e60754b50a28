import { METRICS, type MetricKey } from '@temoin/shared/metrics';
import { METRICS_BY_REQUEST } from '../answers/readings.ts';
import type { Job } from './scheduler.ts';

/** Speed and engine speed tell how a car is driven: every second. */
const EVERY_SECOND: ReadonlySet<MetricKey> = new Set<MetricKey>(['obdSpeedKmh', 'rpm']);
const SECOND_MS = 1_000;
const LEAST_MS = 100;

/**
 * How often a metric is asked for when nobody says otherwise, in ms: so often that one lost answer does not make it stale
 * (its `freshForMs`).
 */
function wantedEveryMs(key: MetricKey): number {
  if (EVERY_SECOND.has(key)) return SECOND_MS;
  const { freshForMs } = METRICS[key];
  return freshForMs <= 5_000 ? freshForMs / 2 : freshForMs / 3;
}

export type Rates = { readonly [key in MetricKey]?: number };

/** Polling jobs for the requests that a car supports, at the shortest period that one of their metrics wants. */
export function pollingJobs(pids: ReadonlySet<number>, rates: Rates = {}): Job[] {
  const jobs: Job[] = [];
  for (const [request, keys] of METRICS_BY_REQUEST) {
    if (!pids.has(Number.parseInt(request.slice(2), 16))) continue;
    const everyMs = Math.min(...keys.map((key) => positive(rates[key]) ?? wantedEveryMs(key)));
    jobs.push({ id: request, everyMs: Math.max(everyMs, LEAST_MS) });
  }
  return jobs;
}

const positive = (ms: number | undefined) => (ms !== undefined && ms >= 0 && Number.isFinite(ms) ? ms : undefined);
