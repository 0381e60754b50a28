'use client';
import { useMediaQuery } from '@mantine/hooks';
import dynamic from 'next/dynamic';
import { type ReactNode, useCallback, useEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { useStore } from 'zustand';
import { usePageTitle } from '@/lib/use-page-title';
import { followVehicle, selection, selectVehicle } from '../fleet-selection';
import { FleetPanel } from '../list/fleet-panel';
import type { FleetMapRun, MapPadding } from '../map/run-fleet-map';
import { Notices } from '../notices/notices';
import { useFleet } from '../use-fleet';
import { Announcer } from './announcer';
import classes from './home-page.module.css';
import { PhoneHome } from './phone-home';
import { useHomeKeys } from './use-home-keys';

/** The map code comes after the list can already be read. */
const VehicleCard = dynamic(() => import('../card/vehicle-card').then((module) => module.VehicleCard), { ssr: false });
const FleetMap = dynamic(() => import('../map/fleet-map').then((module) => module.FleetMap), { ssr: false });

const ROW_PX = 54;
const now = { getInitialValueInEffect: false } as const;

/** The home page: list, live map and what is to handle; on a phone the map with a sheet. */
export function HomePage({ accountMenu }: { readonly accountMenu: ReactNode }) {
  usePageTitle(useTranslations('shell.nav')('map'));
  const isPhone = useMediaQuery('(max-width: 639px)', undefined, now);
  useEffect(followFromAddress, []);
  return isPhone ? <PhoneHome accountMenu={accountMenu} /> : <WideHome />;
}

/** `/?vehicle=ID` chooses that vehicle and follows it; the address is then plain again, so that the next choice is not undone. */
function followFromAddress(): void {
  const id = new URLSearchParams(window.location.search).get('vehicle');
  if (!id) return;
  selectVehicle(id);
  followVehicle(true);
  window.history.replaceState(null, '', '/');
}

function WideHome() {
  const state = useFleet();
  const isTablet = useMediaQuery('(max-width: 1023px)', undefined, now);
  const hasNotices = useMediaQuery('(min-width: 1280px)', undefined, now);
  const selectedId = useStore(selection, (current) => current.selectedId);
  const selected = selectedId ? state.vehicles.get(selectedId) : undefined;
  const run = useRef<FleetMapRun>(undefined);
  useHomeKeys(run);
  const hasCard = useRef(false);
  useEffect(() => {
    hasCard.current = selected !== undefined;
  }, [selected]);
  const padding = useCallback((): MapPadding => {
    const isSmall = window.innerWidth < 1024;
    const card = hasCard.current && isSmall ? 210 : 0;
    return { topLeft: [48, 56], bottomRight: [72, 56 + card] };
  }, []);
  return (
    <div className={classes.home}>
      <div className={classes.list}>
        <FleetPanel state={state} rowHeight={ROW_PX} />
      </div>
      <div className={classes.map}>
        <FleetMap
          padding={padding}
          onReady={(ready) => {
            run.current = ready;
          }}
        />
        {selected && <VehicleCard key={selected.id} vehicle={selected} copiedAt={state.copiedAt} variant="floating" />}
      </div>
      {hasNotices && !isTablet && (
        <div className={classes.notices} id="notices" tabIndex={-1}>
          <Notices state={state} />
        </div>
      )}
      <Announcer state={state} />
    </div>
  );
}
