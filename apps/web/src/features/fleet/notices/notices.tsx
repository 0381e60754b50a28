'use client';
import Link from 'next/link';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { useLanguage } from '@/i18n/use-words';
import { formatMoment, formatSpan } from '@/lib/format/times';
import { useNow } from '@/lib/use-now';
import { SeverityIcon } from '@/ui/severity-icon';
import { selectVehicle } from '../fleet-selection';
import type { FleetState } from '../fleet-state';
import { useVehicleWords } from '../vehicle-words';
import { deriveNotices, type Notice } from './derive-notices';
import classes from './notices.module.css';

/** Silences shown at once; a depot that lost its network should not fill the column. */
const SILENCES_SHOWN = 12;

/** What is to handle and what to watch, from what is known of the vehicles now. */
export function Notices({ state, onLeave }: { readonly state: FleetState; readonly onLeave?: () => void }) {
  const t = useTranslations('fleet.notices');
  const clock = useNow(5_000);
  const now = state.copiedAt ?? clock;
  const { toHandle, toWatch } = useMemo(() => deriveNotices(state.vehicles.values(), now), [state.vehicles, now]);
  const item = (notice: Notice) => <NoticeItem key={notice.vehicle.id} notice={notice} now={now} onLeave={onLeave} />;
  return (
    <section className={classes.notices} aria-label={t('title')}>
      <h2 className={classes.title}>{t('title')}</h2>
      <h3 className={classes.group}>{t('toHandle', { count: toHandle.length })}</h3>
      {toHandle.length === 0 && state.phase === 'ready' && (
        <p className={classes.none}>
          <strong>{t('nothing')}</strong>
          {t('nothingText')}
        </p>
      )}
      <ul>{toHandle.map(item)}</ul>
      {toWatch.length > 0 && <h3 className={classes.group}>{t('toWatch')}</h3>}
      <ul>{toWatch.slice(0, SILENCES_SHOWN).map(item)}</ul>
    </section>
  );
}

function NoticeItem({
  notice,
  now,
  onLeave,
}: {
  readonly notice: Notice;
  readonly now: number;
  readonly onLeave: (() => void) | undefined;
}) {
  const t = useTranslations('fleet.notices');
  const tAction = useTranslations('common.action');
  const language = useLanguage();
  const words = useVehicleWords();
  const { vehicle } = notice;
  const what =
    notice.kind === 'alarm' ? words.alarm(vehicle) : t('silent', { span: formatSpan(now - notice.at, language) });
  const moment = formatMoment(notice.at, now, language);
  return (
    <li className={classes.notice} data-severity={notice.severity} data-kind={notice.kind}>
      <SeverityIcon severity={notice.severity} size={20} />
      <div style={{ minWidth: 0 }}>
        <div className={classes.what}>{what}</div>
        <div className={classes.where}>{[vehicle.label, words.place(vehicle)].filter(Boolean).join(' · ')}</div>
        <div className={classes.links}>
          <Link
            className="link"
            href={`/vehicle?id=${encodeURIComponent(vehicle.id)}`}
            {...(onLeave && { onClick: onLeave })}
          >
            {tAction('open')}
          </Link>
          {vehicle.position && (
            <Link
              className="link"
              href="/"
              onClick={() => {
                selectVehicle(vehicle.id);
                onLeave?.();
              }}
            >
              {t('showOnMap')}
            </Link>
          )}
        </div>
      </div>
      <time className={classes.when} dateTime={new Date(notice.at).toISOString()}>
        {moment}
      </time>
    </li>
  );
}
