'use client';
import { IconArrowLeft, IconCurrentLocation, IconSearch } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useStore } from 'zustand';
import { useLanguage } from '@/i18n/use-words';
import { formatNumber } from '@/lib/format/numbers';
import { fleetFilter } from '../fleet-filter';
import { followVehicle, selection, selectVehicle } from '../fleet-selection';
import { FleetListBody } from '../list/fleet-panel';
import { SortMenu } from '../list/sort-menu';
import { StateChips } from '../list/state-chips';
import { useListed } from '../list/use-listed';
import type { MapPadding } from '../map/run-fleet-map';
import { openSearch } from '../search/search-store';
import { useFleet } from '../use-fleet';
import { Announcer } from './announcer';
import classes from './home-page.module.css';
import { Sheet, type SheetHeight } from './sheet';

const VehicleCard = dynamic(() => import('../card/vehicle-card').then((module) => module.VehicleCard), { ssr: false });
const FleetMap = dynamic(() => import('../map/fleet-map').then((module) => module.FleetMap), { ssr: false });

const ROW_PX = 64;

/** The home page on a phone: map, counts over it, and a sheet with the list or the chosen vehicle. */
export function PhoneHome({ accountMenu }: { readonly accountMenu: ReactNode }) {
  const state = useFleet();
  const { counts, listed } = useListed(state);
  const [height, setHeight] = useState<SheetHeight>('half');
  const selectedId = useStore(selection, (current) => current.selectedId);
  const selected = selectedId ? state.vehicles.get(selectedId) : undefined;
  const holder = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (selectedId) setHeight((current) => (current === 'full' ? 'half' : current));
  }, [selectedId]);
  const padding = useCallback((): MapPadding => {
    const sheetPx = Number.parseFloat(holder.current?.style.getPropertyValue('--sheet-visible') ?? '') || 0;
    return { topLeft: [28, 130], bottomRight: [28, sheetPx + 28] };
  }, []);
  return (
    <div className={classes.phone} ref={holder}>
      <FleetMap padding={padding} />
      <div className={classes.phoneTop}>
        {selected ? (
          <ChosenTop />
        ) : (
          <>
            <SearchBar accountMenu={accountMenu} />
            <StateChips counts={counts} isFloating />
          </>
        )}
      </div>
      <Sheet height={height} onHeight={setHeight} fitsContent={selected !== undefined}>
        {selected ? (
          <VehicleCard vehicle={selected} copiedAt={state.copiedAt} variant="sheet" />
        ) : (
          <>
            <SheetHead />
            <FleetListBody state={state} listed={listed} rowHeight={ROW_PX} />
          </>
        )}
      </Sheet>
      <Announcer state={state} />
    </div>
  );
}

function SearchBar({ accountMenu }: { readonly accountMenu: ReactNode }) {
  const t = useTranslations('shell.search');
  return (
    <div className={classes.phoneSearch}>
      <button type="button" className={classes.phoneSearchField} onClick={openSearch} aria-label={t('open')}>
        <IconSearch size={20} stroke={1.75} aria-hidden />
        {t('short')}
      </button>
      {accountMenu}
    </div>
  );
}

function ChosenTop() {
  const t = useTranslations('fleet.card');
  const isFollowing = useStore(selection, (current) => current.isFollowing);
  return (
    <div className={classes.phoneActions}>
      <button
        type="button"
        className={classes.floatButton}
        aria-label={t('back')}
        onClick={() => selectVehicle(undefined)}
      >
        <IconArrowLeft size={21} stroke={1.75} aria-hidden />
      </button>
      <button
        type="button"
        className={classes.floatButton}
        aria-pressed={isFollowing}
        onClick={() => followVehicle(!isFollowing)}
      >
        <IconCurrentLocation size={20} stroke={1.75} aria-hidden />
        {isFollowing ? t('following') : t('follow')}
      </button>
    </div>
  );
}

function SheetHead() {
  const t = useTranslations('fleet');
  const language = useLanguage();
  const inView = useStore(fleetFilter, (now) => now.inView);
  return (
    <div className={classes.sheetHead}>
      <h1 className={classes.sheetTitle}>{t('title')}</h1>
      <span className={classes.sheetNote}>
        {inView && t('inViewShort', { count: formatNumber(inView.size, language) })}
      </span>
      <SortMenu hasWord />
    </div>
  );
}
