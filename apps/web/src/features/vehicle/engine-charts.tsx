'use client';
import { useMediaQuery } from '@mantine/hooks';
import { useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useLanguage } from '@/i18n/use-words';
import { formatNumber, tagOf } from '@/lib/format/numbers';
import { formatMoment } from '@/lib/format/times';
import { localTimeZone } from '@/lib/history/zoned-time';
import type { ChartLine } from '@/ui/charts/chart-line';
import { ChartStack, type StackedPlot } from '@/ui/charts/chart-stack';
import { createLinkedCursor, type LinkedCursor } from '@/ui/charts/linked-cursor';
import { Problem } from '@/ui/problem';
import styles from './engine.module.css';
import { labelOf } from './metric-words';
import { Pending } from './pending';
import { type PlotChoice, removeMetric, setBounds } from './plot-choice';
import { PlotMenu } from './plot-menu';
import { bandsOf, colourOf, lineOf, noteOf, titleOf } from './stacked-plots';
import type { Period } from './use-period';
import type { Comparison, PlotData } from './use-plots';
import { useSame } from './use-same';

/** Four charts and the gauges fit a desktop's height. */
const plotHeightPx = (count: number): number => (count <= 1 ? 240 : count === 2 ? 160 : count === 3 ? 115 : 85);

interface EngineChartsProps {
  readonly plots: readonly PlotChoice[];
  readonly onPlots: (plots: readonly PlotChoice[]) => void;
  readonly data: readonly PlotData[];
  readonly period: Period;
  readonly compareDays: Comparison;
  readonly heightPx?: number;
  /** Shared with a map; an own one without. */
  readonly cursor?: LinkedCursor;
  readonly isFixed?: boolean;
}

/** The chosen charts with their menus, in the words of this page. */
export function EngineCharts(props: EngineChartsProps) {
  const { plots, onPlots, data, period, compareDays } = props;
  const t = useTranslations('vehicle.chart');
  const language = useLanguage();
  const zone = localTimeZone();
  const isPhone = useMediaQuery('(max-width: 639px)');
  const isTall = useMediaQuery('(min-height: 1000px)');
  const [ownCursor] = useState(createLinkedCursor);
  const linesByPlot = useLines(plots, data, compareDays);
  const failed = data.find((one) => one.error);

  if (plots.length === 0) return <p className={styles.nothing}>{t('noMetric')}</p>;
  if (failed) {
    const retry = () => {
      for (const one of data) if (one.error) one.retry();
    };
    return <Problem error={failed.error} title={t('problem')} stillWorks={t('problemStillWorks')} onRetry={retry} />;
  }

  const stacked = plots.map((plot, i): StackedPlot => {
    const lines = linesByPlot[i] ?? [];
    const isEmpty = lines.every((line) => line.at.length === 0);
    return {
      id: plot.metrics.join('.'),
      title: titleOf(plot, language),
      note: noteOf(plot, language, (value) => t('threshold', { value })),
      lines,
      bounds: plot.bounds,
      bands: isEmpty ? [] : bandsOf(plot),
      actions: props.isFixed ? undefined : (
        <PlotMenu
          plot={plot}
          onBounds={(side, bounds) => onPlots(setBounds(plots, i, side, bounds))}
          onRemoveLine={(metric) => onPlots(removeMetric(plots, i, metric))}
          onRemove={() => onPlots(plots.filter((_, n) => n !== i))}
        />
      ),
      instead: data[i]?.isPending ? <Pending heightPx={72} /> : isEmpty ? t('empty') : undefined,
    };
  });
  const reference = period.window.to - 1;
  return (
    <ChartStack
      plots={stacked}
      window={period.window}
      onWindow={period.show}
      onReset={period.reset}
      cursor={props.cursor ?? ownCursor}
      heightPx={props.heightPx ?? (isPhone ? 150 : plotHeightPx(plots.length) * (isTall ? 1.4 : 1))}
      localeTag={tagOf(language)}
      timeZone={zone}
      formatValue={(value, decimals) => formatNumber(value, language, decimals)}
      wordsOfHole={(hole) =>
        t('noData', {
          from: formatMoment(hole.from, reference, language),
          to: formatMoment(hole.to, reference, language),
        })
      }
      words={t('words', {
        from: formatMoment(period.window.from, reference, language),
        to: formatMoment(period.window.to, reference, language),
        titles: stacked.map((plot) => plot.title).join(', '),
      })}
    />
  );
}

function useLines(
  plots: readonly PlotChoice[],
  data: readonly PlotData[],
  compareDays: Comparison,
): readonly (readonly ChartLine[])[] {
  const t = useTranslations('vehicle.chart.overlay');
  const language = useLanguage();
  const all = useSame(data.flatMap((one) => [...one.series, null, ...one.overlay]));
  // biome-ignore lint/correctness/useExhaustiveDependencies: `all` holds every series of `data`, and stays the same while they do
  return useMemo(
    () =>
      plots.map((plot, i) => {
        const { series = [], overlay = [] } = data[i] ?? {};
        const isAlone = plot.metrics.length === 1;
        const colour = (metric: (typeof plot.metrics)[number]) => colourOf(plots, i, plot.metrics.indexOf(metric));
        const lines = series.map((one) =>
          lineOf({ series: one, colour: colour(one.metric), locale: language, isAlone }),
        );
        const before = overlay.map((one) =>
          lineOf({
            series: one,
            colour: colour(one.metric),
            locale: language,
            isAlone,
            overlay: t(compareDays === 7 ? 'week' : 'day', { label: labelOf(one.metric, language) }),
          }),
        );
        return [...before, ...lines];
      }),
    [plots, all, compareDays, language, t],
  );
}
