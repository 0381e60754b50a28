import type { Locale } from '@temoin/shared/accounts';
import type { MetricSeries } from '@temoin/shared/history';
import { METRICS, type MetricKey } from '@temoin/shared/metrics';
import { formatNumber, formatUnit } from '@/lib/format/numbers';
import type { ChartLine, Hole } from '@/ui/charts/chart-line';
import { commonHoles } from '@/ui/charts/common-holes';
import type { Band } from '@/ui/charts/draw-plot';
import { labelOf } from './metric-words';
import { type PlotChoice, unitsOfMetrics } from './plot-choice';
import { joinOf, type PlotData } from './use-plots';

// From chosen metrics and their series to what the chart draws: colours, labels, titles, danger bands.

/** The colour of a line: counted over all charts, so that neighbours differ and the table beside can name them. */
export const colourOf = (plots: readonly PlotChoice[], plot: number, metric: number): number =>
  ((plots.slice(0, plot).reduce((sum, one) => sum + one.metrics.length, 0) + metric) % 8) + 1;

/** An axis spans at least this share of the metric's gauge; metrics without one scale freely. */
const LEAST_SHARE_OF_GAUGE = 0.15;

interface LineInput {
  readonly series: MetricSeries;
  readonly colour: number;
  readonly locale: Locale;
  readonly overlay?: string | undefined;
  readonly isAlone: boolean;
}

export function lineOf({ series, colour, locale, overlay, isAlone }: LineInput): ChartLine {
  const { unit, decimals } = METRICS[series.metric];
  const [from, to] = METRICS[series.metric].gauge ?? [0, 0];
  return {
    id: overlay ? `${series.metric} before` : series.metric,
    label: overlay ?? labelOf(series.metric, locale),
    unit,
    at: series.at,
    value: series.value,
    holes: series.gaps,
    join: joinOf(series.metric),
    colour,
    decimals,
    leastSpan: (to - from) * LEAST_SHARE_OF_GAUGE,
    overlay: overlay !== undefined,
    isAlone,
  };
}

/** `Vitesse, Vitesse GPS` */
export const titleOf = (plot: PlotChoice, locale: Locale): string =>
  plot.metrics.map((metric) => labelOf(metric, locale)).join(', ');

/** `km/h`, `tr/min · km/h`, with the threshold where there is one. */
export function noteOf(plot: PlotChoice, locale: Locale, thresholdWords: (value: string) => string): string {
  const units = unitsOfMetrics(plot.metrics)
    .map((unit) => formatUnit(unit, locale))
    .filter(Boolean);
  const danger = dangerOf(plot.metrics);
  const threshold = danger?.above ?? danger?.below;
  const parts = [
    units.join(' · '),
    threshold === undefined ? '' : thresholdWords(formatNumber(threshold, locale, Number.isInteger(threshold) ? 0 : 1)),
  ];
  return parts.filter(Boolean).join(' · ');
}

const dangerOf = (metrics: readonly MetricKey[]) =>
  metrics.length === 1 && metrics[0] ? METRICS[metrics[0]].danger : undefined;

/** Where a single metric is dangerous, to far beyond the axis. */
export function bandsOf(plot: PlotChoice): Band[] {
  const danger = dangerOf(plot.metrics);
  const metric = plot.metrics[0];
  if (!danger || !metric) return [];
  const { min, max } = METRICS[metric];
  const bands: Band[] = [];
  if (danger.above !== undefined) bands.push({ from: danger.above, to: max });
  if (danger.below !== undefined) bands.push({ from: min, to: danger.below });
  return bands;
}

/** Where none of the lines knows anything: the holes that a page puts into words. */
export function commonHolesOf(data: readonly PlotData[], locale: Locale): Hole[] {
  const lines = data.flatMap((one) => one.series).map((series) => lineOf({ series, colour: 1, locale, isAlone: true }));
  return commonHoles(lines);
}
