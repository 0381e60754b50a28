'use client';
import { METRICS, type MetricKey } from '@temoin/shared/metrics';
import type { VehicleNow } from '@temoin/shared/vehicles';
import { useTranslations } from 'use-intl';
import { useLanguage } from '@/i18n/use-words';
import { formatNumber, formatUnit } from '@/lib/format/numbers';
import { formatAgo, formatMoment } from '@/lib/format/times';
import { useNow } from '@/lib/use-now';
import { FreshnessDot } from '@/ui/freshness';
import { ArcGauge } from '@/ui/gauges/arc-gauge';
import styles from './engine.module.css';
import { freshnessOfValue, gaugedMetrics, labelOf, scaleOf } from './metric-words';
import { vehicleNow } from './vehicle-changes';

/** The first seven values as gauges. */
export function GaugeRow({ vehicle }: { readonly vehicle: VehicleNow }) {
  const t = useTranslations('vehicle.engine');
  const now = vehicleNow(vehicle, useNow());
  const metrics = gaugedMetrics(vehicle.latest);
  if (metrics.length === 0) return null;
  return (
    <section
      className={styles.gauges}
      aria-label={t('gauges')}
      style={{ '--count': metrics.length } as React.CSSProperties}
    >
      {metrics.map((metric) => (
        <MetricGauge key={metric} metric={metric} latest={vehicle.latest?.[metric]} now={now} />
      ))}
    </section>
  );
}

interface MetricGaugeProps {
  readonly metric: MetricKey;
  readonly latest: readonly [value: number, at: number] | undefined;
  readonly now: number;
}

function MetricGauge({ metric, latest, now }: MetricGaugeProps) {
  const t = useTranslations('vehicle.now');
  const language = useLanguage();
  const { unit, decimals, normal, danger } = METRICS[metric];
  const [min, max] = scaleOf(metric);
  const ageMs = latest ? now - latest[1] : Number.POSITIVE_INFINITY;
  const freshness = freshnessOfValue(metric, ageMs);
  const label = labelOf(metric, language);
  const valueText = formatNumber(latest?.[0], language, decimals);
  const age = latest ? (ageMs < 86_400_000 ? formatAgo(ageMs, language) : formatMoment(latest[1], now, language)) : '';
  return (
    <ArcGauge
      label={label}
      unit={formatUnit(unit, language)}
      value={latest?.[0]}
      valueText={valueText}
      min={min}
      max={max}
      minText={formatNumber(min, language)}
      maxText={formatNumber(max, language)}
      normal={normal}
      danger={danger}
      old={freshness === 'late'}
      words={t('value', { label, value: `${valueText} ${formatUnit(unit, language)}`, age })}
      age={
        <span className={styles.age} data-freshness={freshness}>
          <FreshnessDot freshness={freshness} size={8} /> {age}
        </span>
      }
    />
  );
}
