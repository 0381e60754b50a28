'use client';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useLanguage } from '@/i18n/use-words';
import { formatTime } from '@/lib/format/times';
import { ledgerQuery } from '@/lib/history/get-ledger';
import { addDays, instantOf, localTimeZone, startOfDay, wallTimeAt } from '@/lib/history/zoned-time';
import { useNow } from '@/lib/use-now';
import { LedgerBar } from '@/ui/charts/ledger-bar';
import { Problem } from '@/ui/problem';
import { dayWords } from './day-words';
import { lateStretches, missingStretches } from './ledger-facts';
import { LateSentence, MissingSentence } from './ledger-sentences';
import styles from './now.module.css';
import { Pending } from './pending';
import { vehicleAddress } from './use-address';

const MOST_SENTENCES = 3;

interface ReceivedDayProps {
  readonly vehicleId: string;
  readonly address: string;
  /** The newest instant of the vehicle's data, in its own time. */
  readonly newest: number;
  readonly onOpen: (event: React.MouseEvent<HTMLAnchorElement>) => void;
}

/** What came of the newest day: a bar by the hour and plain sentences about what did not. */
export function ReceivedDay({ vehicleId, address, newest, onOpen }: ReceivedDayProps) {
  const t = useTranslations('vehicle.ledger');
  const language = useLanguage();
  const zone = localTimeZone();
  const now = useNow(30_000);
  const from = startOfDay(newest, zone);
  const to = addDays(from, 1, zone);
  const query = useQuery(ledgerQuery(vehicleId, from, to));
  const isToday = now >= from && now < to;
  const ledger = query.data;
  const missing = ledger ? missingStretches(ledger, from, to) : [];
  const late = ledger ? lateStretches(ledger.spans) : [];
  const readings = ledger?.spans.reduce((sum, span) => sum + span.readings, 0) ?? 0;
  const day = dayWords(from, language, zone);
  return (
    <section aria-labelledby="ledger-title">
      <header className={styles.sectionHead} data-plain>
        <h2 id="ledger-title">{isToday ? t('title') : t('titleDay', { day })}</h2>
        <a className="link" href={vehicleAddress(address, 'data')} onClick={onOpen}>
          {t('register')}
        </a>
      </header>
      {query.isPending && <Pending heightPx={90} />}
      {query.isError && !ledger && (
        <Problem
          error={query.error}
          title={t('problem')}
          stillWorks={t('problemStillWorks')}
          onRetry={() => void query.refetch()}
        />
      )}
      {ledger && (
        <>
          <LedgerBar
            from={from}
            to={to}
            spans={ledger.spans}
            nowAt={isToday ? now : undefined}
            ticks={[0, 6, 12, 18, 24].map((hour) => ({
              at: hour === 24 ? to : instantOf({ ...wallTimeAt(from, zone), hour }, zone),
              label: `${String(hour).padStart(2, '0')}:00`,
            }))}
            words={t('barWords', {
              day,
              readings,
              late: late.reduce((sum, one) => sum + one.readings, 0),
              missing: missing.length,
            })}
          />
          <div className={styles.sentences}>
            {missing.slice(0, MOST_SENTENCES).map((stretch) => (
              <MissingSentence key={stretch.fromSeq} stretch={stretch} timeOf={(at) => formatTime(at, language)} />
            ))}
            {missing.length > MOST_SENTENCES && (
              <p className={styles.quiet}>{t('more', { count: missing.length - MOST_SENTENCES })}</p>
            )}
            {late.slice(0, MOST_SENTENCES).map((stretch) => (
              <LateSentence key={stretch.from} stretch={stretch} timeOf={(at) => formatTime(at, language)} />
            ))}
            {readings === 0 && missing.length === 0 && <p className={styles.quiet}>{t('nothing')}</p>}
            {readings > 0 && missing.length === 0 && late.length === 0 && (
              <p className={styles.quiet}>{t('complete')}</p>
            )}
          </div>
        </>
      )}
    </section>
  );
}
