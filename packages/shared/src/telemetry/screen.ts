import { addRefusals, type RefusalCounts } from '../errors/index.ts';
import { isMetricKey, METRICS, type MetricKey } from '../metrics/index.ts';
import type { ClockTrust } from './batch.ts';
import type { JsonReading, Reading } from './reading.ts';

// Which readings count. A pure function of the batch and its time of arrival, so that the door, every projection and every
// rebuild draw the same line; the log keeps the batch as it came, refused readings included.

/** 2000-01-01: no car of ours was on the road before; earlier times are a clock that was never set. */
const EARLIEST_AT = 946_684_800_000;
/** A box's clock may run ahead this far before its readings are called future-dated. */
export const FUTURE_TOLERANCE_MS = 10 * 60_000;

export interface Screened {
  readonly readings: readonly Reading[];
  /** Index of each of `readings` among the readings given. */
  readonly indexes: readonly number[];
  /** Refused readings and values by reason. */
  readonly refusals: RefusalCounts;
  /** How many readings were refused whole (each is one of the reasons in `refusals`). */
  readonly refusedReadings: number;
}

/** Splits a batch's readings into those that count and the reasons why others do not. `receivedAt` in ms UTC. */
export function screenReadings(
  readings: readonly (Reading | JsonReading)[],
  clockTrust: ClockTrust,
  receivedAt: number,
): Screened {
  const refusals: RefusalCounts = {};
  const good: Reading[] = [];
  const indexes: number[] = [];
  for (const [index, reading] of readings.entries()) {
    const timeProblem = problemOfTime(reading.at, clockTrust, receivedAt);
    if (timeProblem) {
      addRefusals(refusals, timeProblem);
      continue;
    }
    const values = screenValues(reading.values as Record<string, number>, refusals);
    if (!values) {
      addRefusals(refusals, 'reading_empty');
      continue;
    }
    good.push(values === reading.values ? (reading as Reading) : { at: reading.at, values });
    indexes.push(index);
  }
  return { readings: good, indexes, refusals, refusedReadings: readings.length - good.length };
}

/** Why an instant cannot be believed, undefined when it can. Facts are held to the same rule as readings. */
export function problemOfTime(at: number, clockTrust: ClockTrust, receivedAt: number) {
  if (clockTrust === 'none') return 'clock_unknown' as const;
  if (!Number.isSafeInteger(at) || at < EARLIEST_AT) return 'time_out_of_range' as const;
  if (at > receivedAt + FUTURE_TOLERANCE_MS) return 'time_in_future' as const;
  return undefined;
}

/** The same object when all is well (the usual case costs no allocation), a copy without the bad ones, or undefined. */
function screenValues(values: Record<string, number>, refusals: RefusalCounts): Reading['values'] | undefined {
  let copy: Record<string, number> | undefined;
  let kept = 0;
  const drop = (key: string, code: 'metric_unknown' | 'value_not_a_number' | 'value_out_of_range') => {
    addRefusals(refusals, code);
    copy ??= { ...values };
    delete copy[key];
  };
  for (const key in values) {
    const value = values[key];
    if (!isMetricKey(key)) drop(key, 'metric_unknown');
    else if (typeof value !== 'number' || !Number.isFinite(value)) drop(key, 'value_not_a_number');
    else if (value < METRICS[key].min || value > METRICS[key].max) drop(key, 'value_out_of_range');
    else kept += 1;
  }
  const result = (copy ?? values) as { [key in MetricKey]?: number };
  // Half a position is none, and (0, 0) is a receiver without a fix ("null island"), not the Gulf of Guinea.
  const half = (result.lat === undefined) !== (result.lon === undefined);
  const nullIsland = result.lat === 0 && result.lon === 0;
  if (!half && !nullIsland) return kept > 0 ? result : undefined;
  addRefusals(refusals, 'position_implausible');
  const { lat: _lat, lon: _lon, ...rest } = result;
  return Object.keys(rest).length > 0 ? rest : undefined;
}
