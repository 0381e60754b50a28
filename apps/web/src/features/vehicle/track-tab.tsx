'use client';
import { IconLink } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { stateOf } from '@temoin/shared/vehicles';
import { useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useLanguage } from '@/i18n/use-words';
import { formatQuantity } from '@/lib/format/numbers';
import { formatMoment, formatTimeWithSeconds } from '@/lib/format/times';
import { spanQuery } from '@/lib/history/get-span';
import { newestAt, reaches } from '@/lib/history/period';
import type { Run } from '@/lib/history/track-geometry';
import { localTimeZone } from '@/lib/history/zoned-time';
import { useNow } from '@/lib/use-now';
import type { TimeWindow } from '@/ui/charts/chart-window';
import { createLinkedCursor } from '@/ui/charts/linked-cursor';
import { Problem } from '@/ui/problem';
import { dayWords } from './day-words';
import { EngineCharts } from './engine-charts';
import type { TabProps } from './now-tab';
import { Pending } from './pending';
import { PeriodBar } from './period-bar';
import type { PlotChoice } from './plot-choice';
import { SpeedLegend } from './speed-legend';
import { TrackCourse } from './track-course';
import { TrackFigures } from './track-figures';
import { TrackMap } from './track-map';
import styles from './track-tab.module.css';
import { type Period, usePeriod } from './use-period';
import { usePlots } from './use-plots';
import { useTrack } from './use-track';

/** Where it went: a map by speed and a chart under it, on one clock, with every hole named. */
export function TrackTab(props: TabProps) {
  const { vehicle } = props;
  const span = useQuery(spanQuery(vehicle.id));
  const now = useNow(15_000);
  const lastAt = vehicle.lastReadingAt ?? span.data?.to;
  const newest = newestAt(lastAt, now);
  const period = usePeriod(newest, 'day');
  if (lastAt === undefined && span.isPending) return <Pending heightPx={480} />;
  return <Track {...props} period={period} newest={newest} lastAt={lastAt} />;
}

const NO_RUNS: NonNullable<ReturnType<typeof useTrack>['track']>['runs'] = [];

interface TrackProps extends TabProps {
  readonly period: Period;
  readonly newest: number;
  readonly lastAt: number | undefined;
}

function Track({ vehicle, stream, period, newest, lastAt }: TrackProps) {
  const t = useTranslations('vehicle.track');
  const language = useLanguage();
  const [cursor] = useState(createLinkedCursor);
  const { window } = period;
  const { track, isPending, error, refetch } = useTrack(vehicle.id, useSteadyWindow(period), stream);
  const runs = track?.runs ?? NO_RUNS;
  const now = useNow(15_000);
  const { position } = vehicle;
  const state = stateOf(vehicle, now);
  const isHere = position !== undefined && reaches(window, Math.min(newest, position.at));
  const marker = useMemo(
    () =>
      isHere && position
        ? { lat: position.lat, lon: position.lon, courseDeg: position.courseDeg, state, label: vehicle.label }
        : undefined,
    [isHere, position, state, vehicle.label],
  );
  const reference = window.to - 1;
  const chartPeriod = useMemo(() => ({ ...period, window: drivenWindow(window, runs) }), [period, window, runs]);

  if (error && !track) {
    return (
      <div className={styles.problem}>
        <Problem
          error={error}
          title={t('problem')}
          stillWorks={t('problemStillWorks')}
          onRetry={() => void refetch()}
        />
      </div>
    );
  }
  return (
    <div className={styles.tab}>
      <div className={styles.top}>
        <PeriodBar period={period} />
        <TrackFigures track={track} />
      </div>
      <div className={styles.map}>
        <TrackMap
          runs={runs}
          vehicle={marker}
          cursor={cursor}
          cursorWords={(at, kmh) => `${formatTimeWithSeconds(at, language)} · ${formatQuantity(kmh, 'km/h', language)}`}
          fitKey={`${window.from} ${period.isFollowing ? '' : window.to} ${runs.length > 0 && !isPending ? 'track' : ''}`}
          words={t('mapLabel', {
            from: formatMoment(window.from, reference, language),
            to: formatMoment(window.to, reference, language),
          })}
        >
          <span />
          {runs.length > 0 && <SpeedLegend hasHoles={runs.length > 1} />}
        </TrackMap>
        {!isPending && runs.length === 0 && (
          <div className={styles.empty}>
            <b>{t('empty')}</b>
            {lastAt !== undefined && !period.isFollowing && (
              <span>
                {t('emptyHint', { day: dayWords(lastAt, language, localTimeZone()) })}{' '}
                <button type="button" className="link" onClick={period.followNewest}>
                  {t('goNewest')}
                </button>
              </span>
            )}
          </div>
        )}
      </div>
      <TrackCourse runs={runs} cursor={cursor} onShow={period.show} />
      <div className={styles.chart}>
        <SpeedChart
          vehicleId={vehicle.id}
          latest={vehicle.latest}
          period={chartPeriod}
          newest={newest}
          stream={stream}
          cursor={cursor}
        />
        <p className={styles.linked}>
          <IconLink size={16} stroke={1.75} aria-hidden /> {t('linked')}
        </p>
      </div>
    </div>
  );
}

/** From the first to the last position of the window: a drive of an hour fills the chart under its map, not a day's width. */
function drivenWindow(window: TimeWindow, runs: readonly Run[]): TimeWindow {
  const first = runs[0]?.[0]?.[2];
  const last = runs.at(-1)?.at(-1)?.[2];
  if (first === undefined || last === undefined) return window;
  const room = Math.max((last - first) * 0.02, 5_000);
  return { from: Math.round(Math.max(window.from, first - room)), to: Math.round(Math.min(window.to, last + room)) };
}

/** A window that follows the newest data by the second would be asked for by the second: it is asked for by the minute. */
function useSteadyWindow(period: Period) {
  const { from, to } = period.window;
  const minute = 60_000;
  const isShort = period.isFollowing && (period.kind === 'hour' || period.kind === 'quarter');
  const steadyTo = isShort ? Math.ceil(to / minute) * minute : to;
  const steadyFrom = isShort ? Math.floor(from / minute) * minute : from;
  return useMemo(() => ({ from: steadyFrom, to: steadyTo }), [steadyFrom, steadyTo]);
}

type SpeedChartProps = Pick<TabProps, 'stream'> & {
  readonly vehicleId: string;
  readonly latest: TabProps['vehicle']['latest'];
  readonly period: Period;
  readonly newest: number;
  readonly cursor: ReturnType<typeof createLinkedCursor>;
};

function SpeedChart({ vehicleId, latest, period, newest, stream, cursor }: SpeedChartProps) {
  const hasCar = latest?.obdSpeedKmh !== undefined;
  const plots = useMemo(
    (): PlotChoice[] => [{ metrics: [hasCar ? 'obdSpeedKmh' : 'gpsSpeedKmh'], bounds: [{}, {}] }],
    [hasCar],
  );
  const data = usePlots({
    vehicleId,
    plots,
    window: period.window,
    isFollowing: period.isFollowing,
    newest,
    compareDays: 0,
    stream,
  });
  return (
    <EngineCharts
      plots={plots}
      onPlots={() => undefined}
      data={data}
      period={period}
      compareDays={0}
      cursor={cursor}
      heightPx={112}
      isFixed
    />
  );
}
