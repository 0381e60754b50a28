import { isMetricKey, METRICS, type MetricKey } from '@temoin/shared/metrics';
import type { LatestValues } from '@temoin/shared/vehicles';
import type { AxisBounds } from '@/ui/charts/value-axis';

// Which metrics are in which chart, as a value that an address can carry: `obdSpeedKmh.gpsSpeedKmh-rpm-coolantTempC`.

export interface PlotChoice {
  readonly metrics: readonly MetricKey[];
  /** Typed ends of the left and the right axis. */
  readonly bounds: readonly [AxisBounds, AxisBounds];
}

export const MOST_LINES = 8;
export const MOST_PLOTS = 8;
const NO_BOUNDS: PlotChoice['bounds'] = [{}, {}];

/** One chart a metric, speeds together: what a page shows until somebody chooses. */
export function usualPlots(latest: LatestValues | undefined): PlotChoice[] {
  const has = (key: MetricKey) => latest?.[key] !== undefined;
  const speeds = (['obdSpeedKmh', 'gpsSpeedKmh'] as const).filter(has);
  const others = (
    [
      'rpm',
      'coolantTempC',
      'intakePressureKpa',
      'engineLoadPct',
      'stateOfChargePct',
      'batteryVoltageV',
      'moduleVoltageV',
      'fuelRateLph',
      'altitudeM',
      'accelXG',
    ] as const
  ).filter(has);
  const chosen = [...(speeds.length > 0 ? [speeds] : []), ...others.map((key) => [key])].slice(0, 4);
  return (chosen.length > 0 ? chosen : [['obdSpeedKmh' as const]]).map((metrics) => ({ metrics, bounds: NO_BOUNDS }));
}

/** What an address says; undefined when it says nothing that is understood. */
export function parsePlots(text: string | null): PlotChoice[] | undefined {
  if (!text) return undefined;
  const plots = text
    .split('-')
    .map((part) => [...new Set(part.split('.').filter(isMetricKey))].slice(0, MOST_LINES))
    .filter((metrics) => metrics.length > 0)
    .slice(0, MOST_PLOTS)
    .map((metrics) => ({ metrics: fitting(metrics), bounds: NO_BOUNDS }));
  return plots.length > 0 ? plots : undefined;
}

export const plotsText = (plots: readonly PlotChoice[]): string =>
  plots.map((plot) => plot.metrics.join('.')).join('-');

export const unitsOfMetrics = (metrics: readonly MetricKey[]): string[] => [
  ...new Set(metrics.map((key) => METRICS[key].unit)),
];

/** Metrics of the first two units only: a chart has two axes. */
const fitting = (metrics: readonly MetricKey[]): MetricKey[] => {
  const units = unitsOfMetrics(metrics).slice(0, 2);
  return metrics.filter((key) => units.includes(METRICS[key].unit));
};

/** Whether a chart takes one more metric: eight lines and two units at most. */
export const takes = (plot: PlotChoice, metric: MetricKey): boolean =>
  !plot.metrics.includes(metric) &&
  plot.metrics.length < MOST_LINES &&
  unitsOfMetrics([...plot.metrics, metric]).length <= 2;

export const addMetric = (plots: readonly PlotChoice[], metric: MetricKey, to: number | undefined): PlotChoice[] =>
  to === undefined
    ? [...plots.filter((plot) => plot.metrics.join() !== metric), { metrics: [metric], bounds: NO_BOUNDS }].slice(
        0,
        MOST_PLOTS,
      )
    : plots.map((plot, i) =>
        i === to && takes(plot, metric) ? { ...plot, metrics: [...plot.metrics, metric] } : plot,
      );

/** Takes a line out; a chart without lines goes. */
export const removeMetric = (plots: readonly PlotChoice[], at: number, metric: MetricKey): PlotChoice[] =>
  plots
    .map((plot, i) => (i === at ? { ...plot, metrics: plot.metrics.filter((key) => key !== metric) } : plot))
    .filter((plot) => plot.metrics.length > 0);

export const setBounds = (plots: readonly PlotChoice[], at: number, side: 0 | 1, bounds: AxisBounds): PlotChoice[] =>
  plots.map((plot, i) =>
    i === at ? { ...plot, bounds: side === 0 ? [bounds, plot.bounds[1]] : [plot.bounds[0], bounds] } : plot,
  );
