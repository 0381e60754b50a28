'use client';
import { IconChartLine, IconDownload, IconMap, IconRoute } from '@tabler/icons-react';
import type { VehicleDetail } from '@temoin/shared/vehicles';
import { stateOf } from '@temoin/shared/vehicles';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { useLanguage } from '@/i18n/use-words';
import { formatKm, formatNumber, formatQuantity } from '@/lib/format/numbers';
import { formatMoment, formatSpan, formatTime } from '@/lib/format/times';
import { newestAt, windowEndingAt } from '@/lib/history/period';
import { drivenMs } from '@/lib/history/track-geometry';
import { localTimeZone } from '@/lib/history/zoned-time';
import { useNow } from '@/lib/use-now';
import { Freshness } from '@/ui/freshness';
import { dayWords } from './day-words';
import { FaultList } from './fault-list';
import { LatestPhoto } from './latest-photo';
import styles from './now.module.css';
import { NowValues } from './now-values';
import type { ReadingStream } from './reading-stream';
import { ReceivedDay } from './received-day';
import { SpeedLegend } from './speed-legend';
import { TrackMap } from './track-map';
import mapStyles from './track-map.module.css';
import { type Tab, vehicleAddress } from './use-address';
import { useMay } from './use-may';
import { useTrack } from './use-track';
import { WhoFacts } from './who-facts';

export interface TabProps {
  readonly vehicle: VehicleDetail;
  readonly address: string;
  readonly stream: ReadingStream;
  readonly onTab: (tab: Tab) => void;
  readonly onExport: () => void;
}

/** Where it is, what it measures, what is wrong with it, and whether its data is complete. */
export function NowTab({ vehicle, address, stream, onTab, onExport }: TabProps) {
  const t = useTranslations('vehicle.now');
  const language = useLanguage();
  const mayHistory = useMay('vehicle.history');
  const mayLedger = useMay('vehicle.ledger');
  const mayPhoto = useMay('vehicle.photo');
  const zone = localTimeZone();
  const now = useNow(30_000);
  const newest = newestAt(vehicle.lastReadingAt, now);
  const day = windowEndingAt('day', newest, zone);
  const { track } = useTrack(vehicle.id, day, stream, mayHistory);
  const runs = track?.runs ?? NO_RUNS;
  const { position } = vehicle;
  const state = stateOf(vehicle, now);
  const marker = useMemo(
    () =>
      position && { lat: position.lat, lon: position.lon, courseDeg: position.courseDeg, state, label: vehicle.label },
    [position, state, vehicle.label],
  );
  const open = (tab: Tab) => (event: React.MouseEvent<HTMLAnchorElement>) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    onTab(tab);
  };

  return (
    <div className={styles.tab}>
      <div className={styles.map}>
        <TrackMap
          runs={runs}
          vehicle={marker}
          fitKey={`${vehicle.id} ${day.from} ${track ? 'track' : ''}`}
          words={t('mapLabel')}
        >
          {state === 'silent' && position && (
            <div className={mapStyles.card}>{t('lastSure', { time: formatMoment(position.at, now, language) })}</div>
          )}
          <TrackSummary runs={runs} km={track?.distanceKm} day={day.from} isToday={now >= day.from && now < day.to} />
          {runs.length > 0 && <SpeedLegend hasHoles={runs.length > 1} />}
        </TrackMap>
      </div>
      <Headline vehicle={vehicle} />
      <nav className={styles.actions} aria-label={t('title')}>
        <a className={styles.action} href={`/?vehicle=${encodeURIComponent(vehicle.id)}`}>
          <IconMap size={21} stroke={1.75} aria-hidden />
          {t('actionMap')}
        </a>
        <a className={styles.action} href={vehicleAddress(address, 'engine')} onClick={open('engine')}>
          <IconChartLine size={21} stroke={1.75} aria-hidden />
          {t('actionCharts')}
        </a>
        <a className={styles.action} href={vehicleAddress(address, 'track')} onClick={open('track')}>
          <IconRoute size={21} stroke={1.75} aria-hidden />
          {t('actionTrack')}
        </a>
        <ExportAction onExport={onExport} words={t('actionExport')} />
      </nav>
      <div className={styles.side}>
        <div className={styles.first}>
          <NowValues vehicle={vehicle} />
        </div>
        <div className={styles.last}>
          <WhoFacts vehicle={vehicle} />
        </div>
      </div>
      <div className={styles.below}>
        <div className={styles.belowColumn}>
          <FaultList vehicle={vehicle} />
        </div>
        <div className={styles.belowColumn}>
          {mayLedger && <ReceivedDay vehicleId={vehicle.id} address={address} newest={newest} onOpen={open('data')} />}
          {mayPhoto && <LatestPhoto vehicleId={vehicle.id} />}
        </div>
      </div>
    </div>
  );
}

const NO_RUNS: NonNullable<ReturnType<typeof useTrack>['track']>['runs'] = [];

function ExportAction({ onExport, words }: { readonly onExport: () => void; readonly words: string }) {
  const mayExport = useMay('vehicle.export');
  if (!mayExport) return null;
  return (
    <button type="button" className={styles.action} onClick={onExport}>
      <IconDownload size={21} stroke={1.75} aria-hidden />
      {words}
    </button>
  );
}

interface SummaryProps {
  readonly runs: typeof NO_RUNS;
  readonly km: number | undefined;
  readonly day: number;
  readonly isToday: boolean;
}

function TrackSummary({ runs, km, day, isToday }: SummaryProps) {
  const t = useTranslations('vehicle.now');
  const language = useLanguage();
  const startAt = runs[0]?.[0]?.[2];
  if (startAt === undefined) return <span />;
  return (
    <div className={mapStyles.card}>
      <b>{isToday ? t('trackToday') : t('trackOf', { day: dayWords(day, language, localTimeZone()) })}</b>{' '}
      {t('trackSummary', {
        time: formatTime(startAt, language),
        km: formatKm(km, language),
        span: formatSpan(drivenMs(runs), language),
      })}
    </div>
  );
}

/** The one number of the phone's page: the speed, with place and freshness. */
function Headline({ vehicle }: { readonly vehicle: VehicleDetail }) {
  const t = useTranslations('vehicle.now');
  const language = useLanguage();
  const { position } = vehicle;
  const place = [position?.street, position?.quarter].filter(Boolean).join(', ');
  const words = vehicle.locationOff ? t('locationOff') : position ? place : t('noPosition');
  return (
    <div className={styles.headline}>
      <div className={styles.big}>
        {formatNumber(vehicle.speedKmh, language)} <small>km/h</small>
      </div>
      <div className={styles.headlineEnd}>
        <Freshness vehicle={vehicle} />
        {position?.accuracyM !== undefined && (
          <div>{t('within', { metres: formatQuantity(position.accuracyM, 'm', language) })}</div>
        )}
      </div>
      {words && <div className={styles.place}>{words}</div>}
    </div>
  );
}
