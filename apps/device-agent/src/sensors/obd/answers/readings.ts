import { METRIC_KEYS, METRICS, type MetricKey } from '@temoin/shared/metrics';
import { isUnavailable } from './unavailable.ts';

/** Metrics by the request that gives them, for example `0101` → milOn, dtcCount. */
export const METRICS_BY_REQUEST: ReadonlyMap<string, readonly MetricKey[]> = (() => {
  const byRequest = new Map<string, MetricKey[]>();
  for (const key of METRIC_KEYS) {
    const request = METRICS[key].obd?.request;
    if (request) byRequest.set(request, [...(byRequest.get(request) ?? []), key]);
  }
  return byRequest;
})();

export interface Decoded {
  readonly values: { readonly [key in MetricKey]?: number };
  /** Metrics that the car answered with its pattern for "not available". */
  readonly unavailable: readonly MetricKey[];
}

/**
 * The values in the data of an answer to `request` (`010C`), in the catalogue's units. Longer answers are read from their
 * beginning, shorter ones give nothing. `before` is the last value accepted of a metric.
 */
export function decodeAnswer(
  request: string,
  data: readonly number[],
  before: (key: MetricKey) => number | undefined = () => undefined,
): Decoded {
  const values: { [key in MetricKey]?: number } = {};
  const unavailable: MetricKey[] = [];
  for (const key of METRICS_BY_REQUEST.get(request) ?? []) {
    const { obd, min, max } = METRICS[key];
    if (!obd || data.length < obd.bytes) continue;
    const bytes = data.slice(0, obd.bytes);
    const value = obd.decode(bytes);
    if (!(value >= min && value <= max)) continue;
    if (isUnavailable(key, bytes, before(key))) unavailable.push(key);
    else values[key] = value;
  }
  return { values, unavailable };
}
