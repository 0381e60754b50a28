'use client';
import { IconLock, IconLockOpen } from '@tabler/icons-react';
import type { VehicleDetail } from '@temoin/shared/vehicles';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { useLanguage } from '@/i18n/use-words';
import { formatQuantity } from '@/lib/format/numbers';
import styles from './now.module.css';

/** Who drives it, under which contract, with which box. */
export function WhoFacts({ vehicle }: { readonly vehicle: VehicleDetail }) {
  const t = useTranslations('vehicle.who');
  const language = useLanguage();
  const odometer = vehicle.latest?.odometerKm;
  const facts: readonly (readonly [label: string, value: ReactNode])[] = [
    [t('driver'), vehicle.driver],
    [t('client'), vehicle.client?.name],
    [t('contract'), vehicle.contract && `${vehicle.contract.number}, ${vehicle.contract.product}`],
    [
      t('box'),
      vehicle.box &&
        (vehicle.box.serial
          ? t.rich('boxWords', {
              serial: vehicle.box.serial,
              version: vehicle.box.agentVersion,
              mono: (text) => <code>{text}</code>,
            })
          : t('boxVersion', { version: vehicle.box.agentVersion })),
    ],
    [t('odometer'), odometer && formatQuantity(odometer[0], 'km', language)],
    [t('fuel'), vehicle.fuel && (vehicle.fuel in FUELS ? t(FUELS[vehicle.fuel as keyof typeof FUELS]) : vehicle.fuel)],
    [
      t('privacy'),
      (vehicle.position || vehicle.locationOff) && (
        <span key="privacy" className={styles.withIcon}>
          {vehicle.locationOff ? (
            <IconLock size={16} stroke={1.75} aria-hidden />
          ) : (
            <IconLockOpen size={16} stroke={1.75} aria-hidden />
          )}
          {t(vehicle.locationOff ? 'notTracked' : 'tracked')}
        </span>
      ),
    ],
  ];
  return (
    <section aria-labelledby="who-title">
      <header className={styles.sectionHead} data-plain>
        <h2 id="who-title">{t('title')}</h2>
      </header>
      <dl className={styles.facts}>
        {facts
          .filter(([, value]) => value)
          .map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </section>
  );
}

const FUELS = {
  diesel: 'diesel',
  petrol: 'petrol',
  electric: 'electric',
  hybrid: 'hybrid',
  gasoline: 'petrol',
} as const;
