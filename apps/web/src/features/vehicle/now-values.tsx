'use client';
import { METRICS, type MetricKey } from '@temoin/shared/metrics';
import type { VehicleNow } from '@temoin/shared/vehicles';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useLanguage } from '@/i18n/use-words';
import { useNow } from '@/lib/use-now';
import { BulletBar } from '@/ui/gauges/bullet-bar';
import { ageWords, freshnessOfValue, labelOf, scaleOf, shownMetrics, valueWords } from './metric-words';
import styles from './now.module.css';
import { vehicleNow } from './vehicle-changes';

/** Live values: bar, number, unit and age of each; the rest behind a button. */
export function NowValues({ vehicle }: { readonly vehicle: VehicleNow }) {
  const t = useTranslations('vehicle.now');
  const [isOpen, setOpen] = useState(false);
  const now = vehicleNow(vehicle, useNow());
  const { first, rest } = shownMetrics(vehicle.latest);
  const shown = isOpen ? [...first, ...rest] : first;
  return (
    <section className={styles.values} aria-labelledby="now-title">
      <header className={styles.sectionHead}>
        <h2 id="now-title">{t(vehicle.origin === 'replayed' ? 'titleReplayed' : 'title')}</h2>
        <span className={styles.quiet}>{first.length > 0 && t('normal')}</span>
      </header>
      {first.length === 0 && <p className={styles.empty}>{t('none')}</p>}
      <ul>
        {shown.map((key) => (
          <ValueRow key={key} metric={key} latest={vehicle.latest?.[key]} now={now} />
        ))}
      </ul>
      {rest.length > 0 && (
        <button type="button" className="link" onClick={() => setOpen(!isOpen)} aria-expanded={isOpen}>
          {isOpen ? t('less') : t('more', { count: rest.length })}
        </button>
      )}
    </section>
  );
}

interface RowProps {
  readonly metric: MetricKey;
  readonly latest: readonly [value: number, at: number] | undefined;
  readonly now: number;
}

function ValueRow({ metric, latest, now }: RowProps) {
  const t = useTranslations('vehicle.now');
  const language = useLanguage();
  if (!latest) return null;
  const [value, at] = latest;
  const { kind, normal, danger } = METRICS[metric];
  const [min, max] = scaleOf(metric);
  const freshness = freshnessOfValue(metric, now - at);
  const words = valueWords(metric, value, language, { on: t('on'), off: t('off') });
  return (
    <li className={styles.row} data-old={freshness === 'late' || undefined}>
      <span className={styles.label}>{labelOf(metric, language)}</span>
      {kind === 'number' ? (
        <BulletBar value={value} min={min} max={max} normal={normal} danger={danger} old={freshness === 'late'} />
      ) : (
        <span />
      )}
      <span className={styles.number}>
        <b>{words.number}</b> {words.unit}
      </span>
      <span className={styles.age}>{ageWords(at, now, language, (time) => t('ageAt', { time }))}</span>
    </li>
  );
}
