'use client';
import type { TrackReply } from '@temoin/shared/history';
import { useTranslations } from 'use-intl';
import { useLanguage } from '@/i18n/use-words';
import { formatKm, formatNumber, formatQuantity } from '@/lib/format/numbers';
import { formatSpan } from '@/lib/format/times';
import { drivenMs } from '@/lib/history/track-geometry';
import styles from './track-tab.module.css';

/** Kilometres, time, mean and greatest speed: of what was received, holes not counted. */
export function TrackFigures({ track }: { readonly track: TrackReply | undefined }) {
  const t = useTranslations('vehicle.track');
  const language = useLanguage();
  if (!track || track.runs.length === 0) return null;
  const span = drivenMs(track.runs);
  const fastest = track.runs.reduce((most, run) => run.reduce((max, [, , , kmh]) => Math.max(max, kmh), most), 0);
  const mean = span > 0 ? track.distanceKm / (span / 3_600_000) : undefined;
  const figures = [
    ['distance', formatKm(track.distanceKm, language)],
    ['duration', formatSpan(span, language)],
    ['mean', formatQuantity(mean, 'km/h', language)],
    ['max', formatQuantity(fastest, 'km/h', language)],
    ['positions', formatNumber(track.readings, language)],
  ] as const;
  return (
    <dl className={styles.figures}>
      {figures.map(([key, value]) => (
        <div key={key}>
          <dt>{t(key)}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
