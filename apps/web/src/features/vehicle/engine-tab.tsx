'use client';
import { Button, Menu } from '@mantine/core';
import { IconArrowsDiff, IconCheck, IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useLanguage } from '@/i18n/use-words';
import { csvOfSeries, fileName, saveFile } from '@/lib/history/chart-csv';
import { spanQuery } from '@/lib/history/get-span';
import { newestAt } from '@/lib/history/period';
import { localTimeZone } from '@/lib/history/zoned-time';
import { useNow } from '@/lib/use-now';
import { ChartTable } from './chart-table';
import styles from './engine.module.css';
import { EngineCharts } from './engine-charts';
import { FaultList } from './fault-list';
import { GaugeRow } from './gauge-row';
import { HoleNotes } from './hole-notes';
import { MetricPicker } from './metric-picker';
import type { TabProps } from './now-tab';
import { Pending } from './pending';
import { PeriodBar } from './period-bar';
import { addMetric, type PlotChoice, parsePlots, plotsText, usualPlots } from './plot-choice';
import { SeriesSummary } from './series-summary';
import { commonHolesOf } from './stacked-plots';
import { useAddress } from './use-address';
import { useMay } from './use-may';
import { usePeriod } from './use-period';
import { type Comparison, countsOf, usePlots } from './use-plots';

/** Gauges, and charts of any metrics over any time. */
export function EngineTab(props: TabProps) {
  const { vehicle } = props;
  const span = useQuery({ ...spanQuery(vehicle.id) });
  const mayLive = useMay('vehicle.live');
  // Without live values only the store knows where the data ends.
  if (span.isPending && vehicle.lastReadingAt === undefined) return <Pending heightPx={480} />;
  return <Charts {...props} lastAt={mayLive ? (vehicle.lastReadingAt ?? span.data?.to) : span.data?.to} />;
}

function Charts({ vehicle, stream, lastAt }: TabProps & { readonly lastAt: number | undefined }) {
  const t = useTranslations('vehicle.chart');
  const words = useTranslations('vehicle.engine');
  const language = useLanguage();
  const { params, change } = useAddress();
  const now = useNow();
  const newest = newestAt(lastAt, now);
  const period = usePeriod(newest, 'hour');
  const [plots, setPlots] = useState<readonly PlotChoice[]>(
    () => parsePlots(params.get('m')) ?? usualPlots(vehicle.latest),
  );
  const [compareDays, setCompareDays] = useState<Comparison>(0);
  const [isTable, setTable] = useState(false);
  const data = usePlots({
    vehicleId: vehicle.id,
    plots,
    window: period.window,
    isFollowing: period.isFollowing,
    newest,
    compareDays,
    stream,
  });
  const { readings, points } = countsOf(data);
  const series = data.flatMap((one) => one.series);
  const isUsual = plotsText(plots) === plotsText(usualPlots(vehicle.latest));

  useEffect(() => {
    change({ m: isUsual ? undefined : plotsText(plots) });
  }, [plots, isUsual, change]);

  const save = () =>
    saveFile(
      fileName(vehicle.label, period.window.from, 'csv', localTimeZone()),
      new Blob([csvOfSeries(series, period.window.from, period.window.to)], { type: 'text/csv;charset=utf-8' }),
    );

  return (
    <div className={styles.tab}>
      <div className={styles.main}>
        <GaugeRow vehicle={vehicle} />
        <PeriodBar period={period}>
          <CompareMenu days={compareDays} onChoose={setCompareDays} />
          <MetricPicker
            plots={plots}
            latest={vehicle.latest}
            onAdd={(metric, to) => setPlots(addMetric(plots, metric, to))}
          />
          <Button
            variant="default"
            h={34}
            px={12}
            leftSection={<IconDownload size={16} stroke={1.75} />}
            onClick={save}
            aria-label={t('csvWords')}
          >
            {t('csv')}
          </Button>
        </PeriodBar>
        {isTable ? (
          <ChartTable series={series} window={period.window} />
        ) : (
          <EngineCharts plots={plots} onPlots={setPlots} data={data} period={period} compareDays={compareDays} />
        )}
        {!data.some((one) => one.error) && (
          <p className={styles.foot}>
            <span>{points < readings ? t('points', { readings, points }) : t('pointsAll', { readings })}</span>
            <button type="button" className="link" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
              {t(isTable ? 'chart' : 'table')}
            </button>
            <span className={styles.footSpacer} />
            {!isTable && <span className={styles.keys}>{t('keys')}</span>}
          </p>
        )}
      </div>
      <aside className={styles.side}>
        <FaultList vehicle={vehicle} />
        <SeriesSummary plots={plots} data={data} title={words(period.kind === 'hour' ? 'summaryHour' : 'summary')} />
        <HoleNotes vehicleId={vehicle.id} window={period.window} holes={commonHolesOf(data, language)} />
      </aside>
    </div>
  );
}

function CompareMenu({ days, onChoose }: { readonly days: Comparison; readonly onChoose: (days: Comparison) => void }) {
  const t = useTranslations('vehicle.chart');
  const choices = [
    [0, t('compareNone')],
    [1, t('compareDay')],
    [7, t('compareWeek')],
  ] as const;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="default"
          h={34}
          px={12}
          leftSection={<IconArrowsDiff size={16} stroke={1.75} />}
          data-on={days !== 0 || undefined}
        >
          {t('compare')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {choices.map(([value, label]) => (
          <Menu.Item
            key={value}
            onClick={() => onChoose(value)}
            leftSection={<IconCheck size={16} stroke={1.75} style={{ opacity: days === value ? 1 : 0 }} />}
          >
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
