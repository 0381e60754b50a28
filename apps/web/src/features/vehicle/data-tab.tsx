'use client';
import { useQuery } from '@tanstack/react-query';
import { ErrorCode, type RefusalCounts } from '@temoin/shared/errors';
import type { LedgerReply } from '@temoin/shared/ledger';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { useLanguage } from '@/i18n/use-words';
import { formatNumber } from '@/lib/format/numbers';
import { formatAgo, formatMoment, formatTime } from '@/lib/format/times';
import { ledgerQuery } from '@/lib/history/get-ledger';
import { newestAt } from '@/lib/history/period';
import { addDays, instantOf, localTimeZone, startOfDay, wallTimeAt } from '@/lib/history/zoned-time';
import { useNow } from '@/lib/use-now';
import { LedgerBar } from '@/ui/charts/ledger-bar';
import { Problem } from '@/ui/problem';
import styles from './data-tab.module.css';
import { dayWords } from './day-words';
import { type LedgerDay, ledgerDays, type MissingStretch, missingStretches } from './ledger-facts';
import { MissingSentence } from './ledger-sentences';
import type { TabProps } from './now-tab';
import { Pending } from './pending';

const DAYS = 30;

/** The completeness ledger: thirty days, what was refused and why, and every hole. */
export function DataTab({ vehicle }: TabProps) {
  const t = useTranslations('vehicle.ledger');
  const language = useLanguage();
  const zone = localTimeZone();
  const now = useNow(30_000);
  const newest = newestAt(vehicle.lastReadingAt ?? vehicle.lastContactAt, now);
  const lastDay = startOfDay(newest, zone);
  const from = addDays(lastDay, 1 - DAYS, zone);
  const to = addDays(lastDay, 1, zone);
  const query = useQuery(ledgerQuery(vehicle.id, from, to));
  const ledger = query.data;
  const isNow = now >= lastDay && now < to;

  if (query.isError && !ledger) {
    return (
      <div className={styles.problem}>
        <Problem
          error={query.error}
          title={t('problem')}
          stillWorks={t('problemStillWorks')}
          onRetry={() => void query.refetch()}
        />
      </div>
    );
  }
  const days = ledger ? ledgerDays(ledger, newest, DAYS, zone) : [];
  return (
    <div className={styles.tab}>
      <section className={styles.days} aria-labelledby="days-title">
        <header className={styles.head}>
          <h2 id="days-title">{isNow ? t('lastDays') : t('lastDaysTo', { day: dayWords(lastDay, language, zone) })}</h2>
          <Legend />
        </header>
        {!ledger && <Pending heightPx={520} />}
        {ledger && (
          <>
            <HourScale day={lastDay} zone={zone} />
            <ul>
              {days.map((day) => (
                <DayRow key={day.from} day={day} nowAt={isNow ? now : undefined} />
              ))}
            </ul>
          </>
        )}
      </section>
      <div className={styles.side}>
        {ledger ? (
          <>
            <Totals ledger={ledger} now={now} />
            <Refusals refusals={ledger.refusals} />
            <Holes holes={missingStretches(ledger)} reference={newest} />
          </>
        ) : (
          <Pending heightPx={260} />
        )}
      </div>
    </div>
  );
}

function Legend() {
  const t = useTranslations('vehicle.ledger');
  return (
    <ul className={styles.legend}>
      {(['received', 'late', 'missing'] as const).map((kind) => (
        <li key={kind}>
          <span className={styles.sample}>
            <LedgerBar from={0} to={1} spans={[{ from: 0, to: 1, kind }]} words="" thin />
          </span>
          {t(kind)}
        </li>
      ))}
    </ul>
  );
}

function HourScale({ day, zone }: { readonly day: number; readonly zone: string }) {
  const end = addDays(day, 1, zone);
  return (
    <div className={styles.scale} aria-hidden="true">
      {[0, 6, 12, 18, 24].map((hour) => {
        const at = hour === 24 ? end : instantOf({ ...wallTimeAt(day, zone), hour, minute: 0, second: 0 }, zone);
        return (
          <span
            key={hour}
            style={{ left: `${((at - day) / (end - day)) * 100}%` }}
            data-edge={hour === 0 ? 'first' : hour === 24 ? 'last' : undefined}
          >
            {String(hour).padStart(2, '0')}:00
          </span>
        );
      })}
    </div>
  );
}

function DayRow({ day, nowAt }: { readonly day: LedgerDay; readonly nowAt: number | undefined }) {
  const t = useTranslations('vehicle.ledger');
  const language = useLanguage();
  const name = dayWords(day.from, language, localTimeZone(), 'row');
  return (
    <li className={styles.day}>
      <span className={styles.dayName}>{name}</span>
      <LedgerBar
        from={day.from}
        to={day.to}
        spans={day.spans}
        nowAt={nowAt}
        words={t('barWords', {
          day: name,
          readings: day.readings,
          late: day.lateReadings,
          missing: day.missing.length,
        })}
        thin
      />
      <span className={styles.dayCount}>{day.readings > 0 ? formatNumber(day.readings, language) : '–'}</span>
    </li>
  );
}

function Totals({ ledger, now }: { readonly ledger: LedgerReply; readonly now: number }) {
  const t = useTranslations('vehicle.ledger');
  const language = useLanguage();
  const contact = ledger.lastContactAt;
  const number = (value: number | undefined) => formatNumber(value, language);
  const rows: readonly (readonly [string, ReactNode])[] = [
    [
      t('lastContact'),
      contact === undefined
        ? t('never')
        : now - contact < 86_400_000
          ? formatAgo(now - contact, language)
          : formatMoment(contact, now, language),
    ],
    [t('batches'), number(ledger.batches)],
    [t('readings'), number(ledger.readings)],
    [t('refused'), number(ledger.refusedReadings)],
    [t('conflicts'), number(ledger.conflicts)],
    [t('lastSeq'), number(ledger.lastSeq)],
  ];
  return (
    <section aria-labelledby="totals-title">
      <h2 id="totals-title" className={styles.title}>
        {t('totals')}
      </h2>
      <dl className={styles.totals}>
        {rows.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Refusals({ refusals }: { readonly refusals: RefusalCounts }) {
  const t = useTranslations('vehicle.ledger');
  const words = useTranslations('vehicle.refusal');
  const language = useLanguage();
  const rows = Object.entries(refusals).sort(([, a], [, b]) => (b ?? 0) - (a ?? 0));
  const tell = (code: string) =>
    ErrorCode.safeParse(code).success && words.has(code as 'other')
      ? words(code as 'batch_empty')
      : words('other', { code });
  return (
    <section aria-labelledby="refusals-title">
      <h2 id="refusals-title" className={styles.title}>
        {t('refusals')}
      </h2>
      {rows.length === 0 ? (
        <p className={styles.quiet}>{t('noRefusals')}</p>
      ) : (
        <dl className={styles.totals}>
          {rows.map(([code, count]) => (
            <div key={code}>
              <dt>{tell(code)}</dt>
              <dd>{formatNumber(count, language)}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}

const MOST_HOLES = 50;

function Holes({ holes, reference }: { readonly holes: readonly MissingStretch[]; readonly reference: number }) {
  const t = useTranslations('vehicle.ledger');
  const language = useLanguage();
  return (
    <section aria-labelledby="holes-title">
      <h2 id="holes-title" className={styles.title}>
        {t('holes')} {holes.length > 0 && <span className={styles.quiet}>{formatNumber(holes.length, language)}</span>}
      </h2>
      {holes.length === 0 && <p className={styles.quiet}>{t('noHoles')}</p>}
      <ul className={styles.holes}>
        {holes.slice(0, MOST_HOLES).map((hole) => (
          <li key={`${hole.fromSeq} ${hole.toSeq}`}>
            <MissingSentence
              stretch={hole}
              timeOf={(at) =>
                sameDay(at, reference) ? formatTime(at, language) : formatMoment(at, reference, language)
              }
            />
            <span className={styles.quiet}>
              {t('numbers', { from: formatNumber(hole.fromSeq, language), to: formatNumber(hole.toSeq, language) })}
            </span>
          </li>
        ))}
      </ul>
      {holes.length > MOST_HOLES && <p className={styles.quiet}>{t('more', { count: holes.length - MOST_HOLES })}</p>}
    </section>
  );
}

const sameDay = (a: number, b: number) => startOfDay(a, localTimeZone()) === startOfDay(b, localTimeZone());
