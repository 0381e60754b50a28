import { METRIC_KEYS, METRICS, type MetricKey } from '@temoin/shared/metrics';
import { AppError } from '../../http/app-error.ts';

// Both stores keep a value as the integer number of its metric's wire steps (see Metric.scale): it comes back exactly, sums
// and digests do not depend on order, and it compresses better than a double.

export interface MetricColumn {
  readonly key: MetricKey;
  readonly id: number;
  readonly scale: number;
  /** Column or field name; the id and not the key, because a key may be renamed and an id never changes. */
  readonly name: string;
  /** Steps may need more than 32 bits. */
  readonly wide: boolean;
}

/** One column per metric of the catalogue, by rising id. */
export const METRIC_COLUMNS: readonly MetricColumn[] = METRIC_KEYS.map((key) => {
  const { id, scale, min, max } = METRICS[key];
  const wide = max * scale > 0x7fff_ffff || min * scale < -0x8000_0000;
  return { key, id, scale, name: `m${id}`, wide };
}).sort((a, b) => a.id - b.id);

const COLUMN_BY_KEY = new Map(METRIC_COLUMNS.map((column) => [column.key, column]));

export function columnOf(key: MetricKey): MetricColumn {
  const column = COLUMN_BY_KEY.get(key);
  if (!column) throw new AppError('metric_unknown', `No metric is called ${key}`);
  return column;
}

/** Columns of the metrics asked for, all when none are named; by rising id, each once. */
export const columnsOf = (metrics?: readonly MetricKey[]): readonly MetricColumn[] =>
  metrics ? METRIC_COLUMNS.filter((column) => metrics.includes(column.key)) : METRIC_COLUMNS;

/** Whole wire steps of a value; throws `value_out_of_range` where screening should have refused it. */
export function toStep(column: MetricColumn, value: number): number {
  const step = Math.round(value * column.scale) + 0;
  const fits = column.wide ? Number.isSafeInteger(step) : (step | 0) === step;
  if (!fits) throw new AppError('value_out_of_range', `${column.key} cannot be ${value}`);
  return step;
}
