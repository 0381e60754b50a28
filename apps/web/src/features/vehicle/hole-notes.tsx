'use client';
import { IconDatabaseOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useLanguage } from '@/i18n/use-words';
import { formatNumber } from '@/lib/format/numbers';
import { formatMoment } from '@/lib/format/times';
import { ledgerQuery } from '@/lib/history/get-ledger';
import type { Hole } from '@/ui/charts/chart-line';
import type { TimeWindow } from '@/ui/charts/chart-window';
import styles from './engine.module.css';
import { missingStretches } from './ledger-facts';
import { useMay } from './use-may';

const MOST_NOTES = 4;

interface HoleNotesProps {
  readonly vehicleId: string;
  readonly window: TimeWindow;
  readonly holes: readonly Hole[];
}

/** The holes of the charts in words, with the batches that are missing where the ledger knows of some. */
export function HoleNotes({ vehicleId, window, holes }: HoleNotesProps) {
  const t = useTranslations('vehicle.ledger');
  const words = useTranslations('vehicle.engine');
  const language = useLanguage();
  const mayLedger = useMay('vehicle.ledger');
  const minute = 60_000;
  const from = Math.floor(window.from / minute) * minute;
  const to = Math.ceil(window.to / minute) * minute;
  const ledger = useQuery({
    ...ledgerQuery(vehicleId, from, to),
    enabled: mayLedger && holes.length > 0,
    placeholderData: (before) => before,
  });
  const missing = ledger.data ? missingStretches(ledger.data) : [];
  const longest = [...holes].sort((a, b) => b.to - b.from - (a.to - a.from)).slice(0, MOST_NOTES);
  if (holes.length === 0) return null;
  const time = (at: number) => formatMoment(at, window.to - 1, language);
  return (
    <section aria-label={words('holes')} className={styles.holes}>
      {longest.map((hole) => {
        const lost = missing.find(
          (one) => (one.from ?? 0) < hole.to && (one.to ?? Number.POSITIVE_INFINITY) > hole.from,
        );
        return (
          <div key={hole.from} className={styles.hole}>
            <b>
              <IconDatabaseOff size={16} stroke={1.75} aria-hidden />{' '}
              {t('between', { from: time(hole.from), to: time(hole.to) })}
            </b>
            <div>
              {lost
                ? `${t('batchesMissing', { batches: lost.batches })} ${t('numbers', { from: formatNumber(lost.fromSeq, language), to: formatNumber(lost.toSeq, language) })}`
                : t('noneMissing')}
            </div>
          </div>
        );
      })}
      {holes.length > MOST_NOTES && <p className={styles.quiet}>{t('more', { count: holes.length - MOST_NOTES })}</p>}
    </section>
  );
}
