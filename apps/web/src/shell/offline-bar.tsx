'use client';
import { IconCloudOff } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import { useStore } from 'zustand';
import { retryFleet } from '@/features/fleet/fleet-store';
import { useFleet } from '@/features/fleet/use-fleet';
import { useLanguage } from '@/i18n/use-words';
import { ApiError } from '@/lib/api-error';
import { formatMoment } from '@/lib/format/times';
import { liveStatus } from '@/lib/live-socket';
import { useOnline } from './live-status';
import classes from './offline-bar.module.css';

/** The bar of ink: there is no network, and from when what is shown is. */
export function OfflineBar() {
  const t = useTranslations('common');
  const language = useLanguage();
  const isOnline = useOnline();
  const since = useStore(liveStatus, (now) => now.since);
  const { copiedAt, phase, error } = useFleet();
  const isUnreachable = phase === 'failed' && error instanceof ApiError && error.isOffline;
  if (isOnline && copiedAt === undefined && !isUnreachable) return null;
  // A page that was open when the network went shows what it heard last.
  const shownFrom = copiedAt ?? (phase === 'ready' ? since : undefined);
  const words = () => {
    if (shownFrom !== undefined) return t('offline.copyOf', { time: formatMoment(shownFrom, Date.now(), language) });
    return phase === 'failed' ? t('offline.noCopy') : '';
  };
  return (
    <div className={classes.bar} role="status">
      <IconCloudOff size={18} stroke={1.75} aria-hidden />
      <span>
        <strong>{t('offline.title')}</strong> {words()}
      </span>
      <button type="button" onClick={retryFleet}>
        {t('action.retry')}
      </button>
    </div>
  );
}
