'use client';
import { type Freshness as FreshnessKind, freshnessOf, lastHeardAt, type VehicleNow } from '@temoin/shared/vehicles';
import { useTranslations } from 'use-intl';
import { useLanguage } from '@/i18n/use-words';
import { formatAgo, formatMoment } from '@/lib/format/times';
import { useNow } from '@/lib/use-now';
import classes from './freshness.module.css';

/** Full dot: live. Half dot: in its rhythm. Hollow dot: late. The words beside it say the same. */
export function FreshnessDot({ freshness, size = 9 }: { readonly freshness: FreshnessKind; readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 10 10" aria-hidden style={{ flex: 'none' }}>
      {freshness === 'live' && <circle cx={5} cy={5} r={5} fill="currentColor" />}
      {freshness === 'expected' && <path d="M5 0.9A4.1 4.1 0 0 0 5 9.1Z" fill="currentColor" />}
      {freshness !== 'live' && (
        <circle
          cx={5}
          cy={5}
          r={freshness === 'late' ? 3.9 : 4.3}
          fill="none"
          stroke="currentColor"
          strokeWidth={freshness === 'late' ? 2 : 1.4}
        />
      )}
    </svg>
  );
}

type Heard = Parameters<typeof freshnessOf>[0] & Pick<VehicleNow, 'lastContactAt' | 'lastReadingAt'>;

interface FreshnessProps {
  readonly vehicle: Heard;
  /** `il y a 2 s` alone, for lists. */
  readonly short?: boolean;
  /** What is shown is a copy: the instant instead of a growing age. */
  readonly isCopy?: boolean;
}

/** How old what we know of a vehicle is, in words that grow older by themselves. */
export function Freshness({ vehicle, short = false, isCopy = false }: FreshnessProps) {
  const t = useTranslations('common.freshness');
  const language = useLanguage();
  const now = useNow();
  const heardAt = lastHeardAt(vehicle);
  const freshness = isCopy ? 'late' : freshnessOf(vehicle, now);
  const words = () => {
    if (heardAt === undefined) return t('never');
    if (isCopy) return t('copy', { time: formatMoment(heardAt, now, language) });
    const ago = formatAgo(now - heardAt, language);
    return short ? ago : t(freshness, { ago });
  };
  return (
    <span className={classes.freshness} data-freshness={freshness} data-copy={isCopy || undefined}>
      <FreshnessDot freshness={freshness} />
      <span>{words()}</span>
    </span>
  );
}
