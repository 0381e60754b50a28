'use client';
import { useSyncExternalStore } from 'react';
import { useTranslations } from 'use-intl';
import { useStore } from 'zustand';
import { liveStatus } from '@/lib/live-socket';
import { FreshnessDot } from '@/ui/freshness';
import classes from './top-bar.module.css';

const subscribeOnline = (listener: () => void) => {
  window.addEventListener('online', listener);
  window.addEventListener('offline', listener);
  return () => {
    window.removeEventListener('online', listener);
    window.removeEventListener('offline', listener);
  };
};

/** Whether this device thinks that it has a network. */
export const useOnline = (): boolean =>
  useSyncExternalStore(
    subscribeOnline,
    () => navigator.onLine,
    () => true,
  );

/** The live connection in a dot and a word, on every page. */
export function LiveStatusBadge() {
  const t = useTranslations('shell.live');
  const { status } = useStore(liveStatus);
  const isOnline = useOnline();
  const shown = isOnline ? (status === 'idle' ? 'connecting' : status) : 'offline';
  return (
    <span className={classes.live} data-status={shown} role="status">
      <FreshnessDot freshness={shown === 'live' ? 'live' : shown === 'connecting' ? 'expected' : 'late'} />
      <span>{t(shown)}</span>
    </span>
  );
}
