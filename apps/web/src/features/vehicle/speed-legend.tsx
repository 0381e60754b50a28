'use client';
import { useTranslations } from 'use-intl';
import { SPEED_BANDS } from '@/lib/history/track-geometry';
import styles from './track-map.module.css';

/** What the colours of a track mean; always beside a track. */
export function SpeedLegend({ hasHoles }: { readonly hasHoles: boolean }) {
  const t = useTranslations('vehicle.legend');
  return (
    // biome-ignore lint/a11y/useSemanticElements: a key to colours, not a set of fields
    <div className={styles.legend} role="group" aria-label={t('label')}>
      <div className={styles.scale} aria-hidden="true">
        {SPEED_BANDS.map((from) => (
          <i key={from} style={{ background: `var(--speed-${from})` }} />
        ))}
        {SPEED_BANDS.map((from) => (
          <span key={from}>{from}</span>
        ))}
      </div>
      <span>{t('speed')}</span>
      {hasHoles && <span className={styles.holeKey}>{t('hole')}</span>}
    </div>
  );
}
