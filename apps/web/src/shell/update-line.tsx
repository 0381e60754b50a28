'use client';
import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import '@/lib/install-offer';
import { registerServiceWorker } from '@/lib/service-worker';
import classes from './offline-bar.module.css';

/** One quiet line when a new version waits; it takes over when the person says so, never by itself. */
export function UpdateLine() {
  const t = useTranslations('common.update');
  const [waiting, setWaiting] = useState<ServiceWorker>();
  useEffect(() => registerServiceWorker(setWaiting), []);
  if (!waiting) return null;
  return (
    <div className={classes.line} role="status">
      {t('text')}
      <button type="button" className="link" onClick={() => waiting.postMessage('take-over')}>
        {t('action')}
      </button>
    </div>
  );
}
