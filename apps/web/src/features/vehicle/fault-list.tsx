'use client';
import type { VehicleNow } from '@temoin/shared/vehicles';
import { useTranslations } from 'use-intl';
import { useLanguage } from '@/i18n/use-words';
import { formatAgo, formatMoment } from '@/lib/format/times';
import { useNow } from '@/lib/use-now';
import { SeverityIcon } from '@/ui/severity-icon';
import { wordsOfFault } from './fault-words';
import styles from './now.module.css';
import { vehicleNow } from './vehicle-changes';

/** The codes that the car holds, in words, and whether its engine light is on. */
export function FaultList({ vehicle }: { readonly vehicle: VehicleNow }) {
  const t = useTranslations('vehicle.faults');
  const language = useLanguage();
  const now = vehicleNow(vehicle, useNow(15_000));
  const { faults } = vehicle;
  const readWords =
    faults &&
    (now - faults.at < 86_400_000 ? formatAgo(now - faults.at, language) : formatMoment(faults.at, now, language));
  return (
    <section aria-labelledby="faults-title">
      <header className={styles.sectionHead}>
        <h2 id="faults-title">{t('title')}</h2>
        {readWords && <span className={styles.quiet}>{t('read', { ago: readWords })}</span>}
      </header>
      {!faults && <p className={styles.empty}>{t('unknown')}</p>}
      {faults && faults.codes.length === 0 && (
        <p className={styles.settled}>
          <SeverityIcon severity="settled" /> {t('none')}
        </p>
      )}
      {faults && faults.codes.length > 0 && (
        <ul>
          {faults.codes.map((code) => {
            const { text, isExact } = wordsOfFault(code, language);
            return (
              <li key={code} className={styles.fault}>
                <SeverityIcon severity={faults.milOn ? 'serious' : 'attention'} size={20} />
                <div>
                  <div>
                    <code className={styles.code}>{code}</code>
                  </div>
                  <div>{isExact ? text : t('family', { family: text })}</div>
                  <div className={styles.quiet}>{t(faults.milOn ? 'milOn' : 'milOff')}</div>
                </div>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
