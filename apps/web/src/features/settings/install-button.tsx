'use client';
import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState, useSyncExternalStore } from 'react';
import { useTranslations } from 'use-intl';
import { installOffer, subscribeInstallOffer } from '@/lib/install-offer';
import classes from './settings-page.module.css';

/** Offered only where the browser can install the app and has not yet. */
export function InstallButton() {
  const t = useTranslations('settings');
  const offer = useSyncExternalStore(subscribeInstallOffer, installOffer, () => undefined);
  const [isBusy, setBusy] = useState(false);
  if (!offer) return null;
  return (
    <div style={{ marginTop: 12 }}>
      <Button
        variant="default"
        loading={isBusy}
        leftSection={<IconDownload size={18} stroke={1.75} />}
        onClick={() => {
          setBusy(true);
          void offer.prompt().finally(() => setBusy(false));
        }}
      >
        {t('install')}
      </Button>
      <p className={classes.text} style={{ marginTop: 8 }}>
        {t('installText')}
      </p>
    </div>
  );
}
