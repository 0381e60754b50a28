'use client';
import { TextInput } from '@mantine/core';
import { IconCheck, IconSearch } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import { useStore } from 'zustand';
import { useLanguage } from '@/i18n/use-words';
import { formatNumber } from '@/lib/format/numbers';
import { Kbd } from '@/ui/kbd';
import { Problem } from '@/ui/problem';
import { clearFilter, fleetFilter } from '../fleet-filter';
import type { FleetState } from '../fleet-state';
import { retryFleet } from '../fleet-store';
import classes from './fleet-panel.module.css';
import { SortMenu } from './sort-menu';
import { StateChips } from './state-chips';
import { useListed } from './use-listed';
import { VehicleList, VehicleListSkeleton } from './vehicle-list';
import listClasses from './vehicle-list.module.css';

export const FILTER_INPUT_ID = 'fleet-filter';

/** The list with its counts, filter and order, beside the map. */
export function FleetPanel({ state, rowHeight }: { readonly state: FleetState; readonly rowHeight: number }) {
  const t = useTranslations('fleet');
  const language = useLanguage();
  const filter = useStore(fleetFilter);
  const { listed, counts, total } = useListed(state);
  const isFiltered = filter.text !== '' || filter.states.size > 0 || filter.isOnlyInView;
  return (
    <section className={classes.panel} aria-label={t('title')}>
      <div className={classes.head}>
        <div className={classes.titleRow}>
          <h1 className={classes.title}>{t('title')}</h1>
          <span className={classes.total}>{formatNumber(total, language)}</span>
          {isFiltered && (
            <button type="button" className={`link ${classes.clear}`} onClick={clearFilter}>
              {t('clearFilters')}
            </button>
          )}
        </div>
        <StateChips counts={counts} />
        <div className={classes.filterRow}>
          <TextInput
            id={FILTER_INPUT_ID}
            type="search"
            aria-label={t('filterPlaceholder')}
            placeholder={t('filterPlaceholder')}
            leftSection={<IconSearch size={18} stroke={1.75} />}
            rightSection={<Kbd>/</Kbd>}
            value={filter.text}
            onChange={(event) => fleetFilter.setState({ text: event.currentTarget.value })}
            onKeyDown={(event) => {
              if (event.key === 'Escape') fleetFilter.setState({ text: '' });
            }}
          />
          <SortMenu />
        </div>
        <div className={classes.notes}>
          <button
            type="button"
            className={classes.inView}
            aria-pressed={filter.isOnlyInView}
            title={t('onlyInView')}
            onClick={() => fleetFilter.setState({ isOnlyInView: !filter.isOnlyInView })}
          >
            <span className={classes.box}>{filter.isOnlyInView && <IconCheck size={10} stroke={3} />}</span>
            {t('inView', { count: filter.inView ? formatNumber(filter.inView.size, language) : '–' })}
          </button>
          <span>{t('sortNow', { name: t(`sort.${filter.sort}`) })}</span>
        </div>
      </div>
      <FleetListBody state={state} listed={listed} rowHeight={rowHeight} />
    </section>
  );
}

/** The rows, or in their place what there is to say. */
export function FleetListBody({
  state,
  listed,
  rowHeight,
}: {
  readonly state: FleetState;
  readonly listed: ReturnType<typeof useListed>['listed'];
  readonly rowHeight: number;
}) {
  const t = useTranslations('fleet.list');
  const tFleet = useTranslations('fleet');
  if (state.phase === 'loading') return <VehicleListSkeleton />;
  if (state.phase === 'failed') {
    return (
      <div style={{ padding: 16 }}>
        <Problem error={state.error} onRetry={retryFleet} />
      </div>
    );
  }
  if (listed.length > 0)
    return <VehicleList listed={listed} isCopy={state.copiedAt !== undefined} rowHeight={rowHeight} />;
  return (
    <div className={`${listClasses.scroller} ${listClasses.empty}`}>
      {state.vehicles.size === 0 ? (
        <>
          <div className={listClasses.emptyTitle}>{t('noVehicles')}</div>
          <p>{t('noVehiclesText')}</p>
        </>
      ) : (
        <>
          <p>{t('empty')}</p>
          <button type="button" className="link" onClick={clearFilter}>
            {tFleet('clearFilters')}
          </button>
        </>
      )}
    </div>
  );
}
