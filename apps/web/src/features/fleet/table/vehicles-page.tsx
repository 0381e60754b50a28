'use client';
import { TextInput } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useRef } from 'react';
import { useTranslations } from 'use-intl';
import { useStore } from 'zustand';
import { useLanguage } from '@/i18n/use-words';
import { formatNumber } from '@/lib/format/numbers';
import { usePageTitle } from '@/lib/use-page-title';
import { Problem } from '@/ui/problem';
import { clearFilter, fleetFilter } from '../fleet-filter';
import { retryFleet } from '../fleet-store';
import { StateChips } from '../list/state-chips';
import { useListed } from '../list/use-listed';
import { VehicleListSkeleton } from '../list/vehicle-list';
import { useFleet } from '../use-fleet';
import { VehiclePageRows } from './vehicle-page-rows';
import classes from './vehicles-page.module.css';
import { VehiclesTable } from './vehicles-table';

/** All vehicles as a table (rows on a phone): search, filter by state, sort by column. */
export function VehiclesPage() {
  const t = useTranslations('fleet');
  const language = useLanguage();
  const state = useFleet();
  usePageTitle(t('title'));
  const filter = useStore(fleetFilter);
  const { listed, counts, total } = useListed(state);
  const isPhone = useMediaQuery('(max-width: 639px)', undefined, { getInitialValueInEffect: false });
  const scroller = useRef<HTMLDivElement>(null);
  const body = () => {
    if (state.phase === 'loading') return <VehicleListSkeleton />;
    if (state.phase === 'failed') return <Problem error={state.error} onRetry={retryFleet} />;
    if (listed.length === 0) {
      return (
        <p style={{ padding: 20 }}>
          {state.vehicles.size === 0 ? t('list.noVehiclesText') : t('list.empty')}{' '}
          {state.vehicles.size > 0 && (
            <button type="button" className="link" onClick={clearFilter}>
              {t('clearFilters')}
            </button>
          )}
        </p>
      );
    }
    return isPhone ? (
      <VehiclePageRows listed={listed} isCopy={state.copiedAt !== undefined} />
    ) : (
      <VehiclesTable listed={listed} isCopy={state.copiedAt !== undefined} scroller={scroller} />
    );
  };
  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <div className={classes.titleRow}>
          <h1>{t('title')}</h1>
          <span className={classes.total}>{formatNumber(total, language)}</span>
        </div>
        <div className={classes.tools}>
          <TextInput
            type="search"
            aria-label={t('page.search')}
            placeholder={t('page.search')}
            leftSection={<IconSearch size={18} stroke={1.75} />}
            value={filter.text}
            onChange={(event) => fleetFilter.setState({ text: event.currentTarget.value })}
          />
          <StateChips counts={counts} />
        </div>
      </div>
      <div className={classes.scroller} ref={scroller}>
        {body()}
      </div>
    </div>
  );
}
