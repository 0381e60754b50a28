'use client';
import { METRICS } from '@temoin/shared/metrics';
import { useTranslations } from 'use-intl';
import { useLanguage } from '@/i18n/use-words';
import { formatNumber, formatUnit } from '@/lib/format/numbers';
import styles from './engine.module.css';
import { labelOf } from './metric-words';
import type { PlotChoice } from './plot-choice';
import { colourOf } from './stacked-plots';
import type { PlotData } from './use-plots';

interface SummaryProps {
  readonly plots: readonly PlotChoice[];
  readonly data: readonly PlotData[];
  readonly title: string;
}

/** Least, mean and greatest of every line over all readings of the period, not only the points drawn. */
export function SeriesSummary({ plots, data, title }: SummaryProps) {
  const t = useTranslations('vehicle.engine');
  const language = useLanguage();
  return (
    <section aria-labelledby="summary-title">
      <h2 id="summary-title" className={styles.sideTitle}>
        {title}
      </h2>
      <table className={styles.summary}>
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">{t('metric')}</span>
            </th>
            <th scope="col">{t('min')}</th>
            <th scope="col">{t('mean')}</th>
            <th scope="col">{t('max')}</th>
          </tr>
        </thead>
        <tbody>
          {plots.flatMap((plot, i) =>
            plot.metrics.map((metric, n) => {
              const series = data[i]?.series.find((one) => one.metric === metric);
              const { decimals, unit } = METRICS[metric];
              return (
                <tr key={`${plot.metrics.join()} ${metric}`}>
                  <th scope="row">
                    <i style={{ background: `var(--series-${colourOf(plots, i, n)})` }} aria-hidden="true" />
                    <span>
                      {labelOf(metric, language)} <span className={styles.quiet}>{formatUnit(unit, language)}</span>
                    </span>
                  </th>
                  <td>{formatNumber(series?.min, language, decimals)}</td>
                  <td>{formatNumber(series?.mean, language, decimals)}</td>
                  <td>
                    <b>{formatNumber(series?.max, language, decimals)}</b>
                  </td>
                </tr>
              );
            }),
          )}
        </tbody>
      </table>
    </section>
  );
}
