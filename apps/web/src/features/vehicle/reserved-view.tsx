'use client';
import { IconLock } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import { useStore } from 'zustand';
import { newestAt } from '@/lib/history/period';
import { session } from '@/lib/session';
import { useNow } from '@/lib/use-now';
import { PlainTag } from '@/ui/tag';
import type { TabProps } from './now-tab';
import { ReceivedDay } from './received-day';
import styles from './reserved-view.module.css';
import { useMay } from './use-may';
import { WhoFacts } from './who-facts';

/** For roles that may know that a vehicle exists and whether its data is complete, but not where it is. */
export function ReservedView({ vehicle, address, onTab }: TabProps) {
  const t = useTranslations('vehicle.reserved');
  const roles = useTranslations('common.role');
  const role = useStore(session, (state) => state.person?.role);
  const mayLedger = useMay('vehicle.ledger');
  const now = useNow(30_000);
  return (
    <div className={styles.view}>
      <section className={styles.notice} aria-labelledby="reserved-title">
        <PlainTag>
          <IconLock size={16} stroke={1.75} aria-hidden /> {t('tag')}
        </PlainTag>
        <h2 id="reserved-title">{t('title')}</h2>
        <p>{t('text', { role: role ? roles(role) : '' })}</p>
      </section>
      {mayLedger && (
        <ReceivedDay
          vehicleId={vehicle.id}
          address={address}
          newest={newestAt(vehicle.lastReadingAt ?? vehicle.lastContactAt, now)}
          onOpen={(event) => {
            event.preventDefault();
            onTab('data');
          }}
        />
      )}
      <WhoFacts vehicle={vehicle} />
    </div>
  );
}
