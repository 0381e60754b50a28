'use client';
import type { MetricSeries } from '@temoin/shared/history';
import { METRICS } from '@temoin/shared/metrics';
import { useTranslations } from 'use-intl';
import { useLanguage } from '@/i18n/use-words';
import { formatNumber, formatUnit } from '@/lib/format/numbers';
import { formatTimeWithSeconds } from '@/lib/format/times';
import { localTimeZone } from '@/lib/history/zoned-time';
import { pointNear } from '@/ui/charts/chart-line';
import type { TimeWindow } from '@/ui/charts/chart-window';
import { dayWords } from './day-words';
import styles from './engine.module.css';
import { labelOf } from './metric-words';
import { lineOf } from './stacked-plots';

const MOST_ROWS = 200;

/** The twin of the charts: points as rows, evenly thinned beyond 200, holes as empty cells. */
export function ChartTable({
  series,
  window,
}: {
  readonly series: readonly MetricSeries[];
  readonly window: TimeWindow;
}) {
  const t = useTranslations('vehicle.chart');
  const language = useLanguage();
  const { rows, count } = rowsOf(series, window);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className={styles.tableFrame} aria-label={t('tableWords')} tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('instant')}</th>
            {series.map((one) => (
              <th key={one.metric} scope="col">
                {labelOf(one.metric, language)} {formatUnit(METRICS[one.metric].unit, language)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([at, values]) => (
            <tr key={at}>
              <th scope="row">
                {dayWords(at, language, localTimeZone(), 'short')} {formatTimeWithSeconds(at, language)}
              </th>
              {series.map((one, i) => (
                <td key={one.metric}>
                  {values[i] === undefined ? '' : formatNumber(values[i], language, METRICS[one.metric].decimals)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length < count && <p className={styles.quiet}>{t('tableShort', { shown: rows.length, count })}</p>}
      {rows.length === 0 && <p className={styles.quiet}>{t('empty')}</p>}
    </section>
  );
}

/** Instants of the richest line, at most 200; of the other lines the point nearest to each, if it is near. */
function rowsOf(series: readonly MetricSeries[], window: TimeWindow) {
  const inside = (one: MetricSeries) => one.at.filter((at) => at >= window.from && at <= window.to);
  const instants = series.map(inside).reduce<number[]>((most, at) => (at.length > most.length ? at : most), []);
  const step = Math.max(1, Math.ceil(instants.length / MOST_ROWS));
  const shown = instants.filter((_, i) => i % step === 0);
  const toleranceMs = Math.max((window.to - window.from) / MOST_ROWS, 5_000);
  const lines = series.map((one) => lineOf({ series: one, colour: 1, locale: 'en', isAlone: true }));
  const rows = shown.map((at) => [at, lines.map((line) => pointNear(line, at, toleranceMs)?.value)] as const);
  return { rows, count: instants.length };
}
