'use client';
import type { MetricSeries } from '@temoin/shared/history';
import { METRICS } from '@temoin/shared/metrics';
import { useTranslations } from 'use-intl';
import { useLanguage } from '@/i18n/use-words';
import { formatNumber, formatUnit } from '@/lib/format/numbers';
import { formatTimeWithSeconds } from '@/lib/format/times';
import { localTimeZone } from '@/lib/history/zoned-time';
import type { TimeWindow } from '@/ui/charts/chart-window';
import { dayWords } from './day-words';
import styles from './engine.module.css';
import { labelOf } from './metric-words';

const MOST_ROWS = 200;

/** The twin of the charts: the same points as rows, evenly thinned beyond 200, holes as empty cells. */
export function ChartTable({
  series,
  window,
}: {
  readonly series: readonly MetricSeries[];
  readonly window: TimeWindow;
}) {
  const t = useTranslations('vehicle.chart');
  const language = useLanguage();
  const rows = rowsOf(series, window);
  const step = Math.max(1, Math.ceil(rows.length / MOST_ROWS));
  const shown = rows.filter((_, i) => i % step === 0);
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
          {shown.map(([at, values]) => (
            <tr key={at}>
              <th scope="row">
                {dayWords(at, language, localTimeZone(), true)} {formatTimeWithSeconds(at, language)}
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
      {step > 1 && <p className={styles.quiet}>{t('tableShort', { shown: shown.length, count: rows.length })}</p>}
      {rows.length === 0 && <p className={styles.quiet}>{t('empty')}</p>}
    </section>
  );
}

function rowsOf(series: readonly MetricSeries[], window: TimeWindow): [number, (number | undefined)[]][] {
  const rows = new Map<number, (number | undefined)[]>();
  series.forEach((one, column) => {
    one.at.forEach((at, i) => {
      if (at < window.from || at > window.to) return;
      const row = rows.get(at) ?? new Array<number | undefined>(series.length).fill(undefined);
      row[column] = one.value[i];
      rows.set(at, row);
    });
  });
  return [...rows.entries()].sort(([a], [b]) => a - b);
}
