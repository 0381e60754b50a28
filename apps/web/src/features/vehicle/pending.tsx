'use client';
import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';

const SHOW_AFTER_MS = 150;

/** A grey stand-in of the true size, after 150 ms: what comes at once does not flicker. */
export function Pending({ heightPx, widthPx }: { readonly heightPx: number; readonly widthPx?: number }) {
  const t = useTranslations('common');
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), SHOW_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className={isShown ? 'skeleton' : undefined} style={{ height: heightPx, width: widthPx ?? '100%' }}>
      <span className="visually-hidden">{isShown && t('loading')}</span>
    </div>
  );
}
