'use client';
import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { type KeyboardEvent, type MouseEvent, useEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { useStore } from 'zustand';
import { hoverVehicle, selection, selectVehicle } from '../fleet-selection';
import type { ListedVehicle } from '../order-vehicles';
import classes from './vehicle-list.module.css';
import { rowId, VehicleRow } from './vehicle-row';

/** Below this number rows are all in the page, so that the browser's own search finds them. */
const VIRTUAL_ABOVE = 100;
const VirtualRows = dynamic(() => import('./virtual-rows').then((module) => module.VirtualRows), { ssr: false });

interface VehicleListProps {
  readonly listed: readonly ListedVehicle[];
  readonly isCopy: boolean;
  readonly rowHeight: number;
}

const idUnder = (event: MouseEvent) => (event.target as HTMLElement).closest<HTMLElement>('[data-id]')?.dataset.id;

/** The list beside the map: one tab stop, arrows move the choice, Enter opens. It is the map's twin for screen readers. */
export function VehicleList({ listed, isCopy, rowHeight }: VehicleListProps) {
  const t = useTranslations('fleet.list');
  const router = useRouter();
  const { selectedId, hoveredId } = useStore(selection);
  const scroller = useRef<HTMLDivElement>(null);
  const isVirtual = listed.length > VIRTUAL_ABOVE;
  const selectedIndex = listed.findIndex(({ vehicle }) => vehicle.id === selectedId);

  // Only a new choice scrolls: rows that change places under a reader do not.
  useEffect(() => {
    if (selectedId) document.getElementById(rowId(selectedId))?.scrollIntoView({ block: 'nearest' });
  }, [selectedId]);

  const step = (by: number) => {
    const next =
      listed[
        selectedIndex < 0
          ? by > 0
            ? 0
            : listed.length - 1
          : Math.max(0, Math.min(listed.length - 1, selectedIndex + by))
      ];
    if (next) selectVehicle(next.vehicle.id);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: 8,
      PageUp: -8,
      Home: -listed.length,
      End: listed.length,
    };
    if (event.key in steps) step(steps[event.key] ?? 0);
    else if (event.key === 'Enter' && selectedId) router.push(`/vehicle?id=${encodeURIComponent(selectedId)}`);
    else return;
    event.preventDefault();
  };
  const row = ({ vehicle, state }: ListedVehicle) => (
    <VehicleRow
      key={vehicle.id}
      vehicle={vehicle}
      state={state}
      isSelected={vehicle.id === selectedId}
      isHovered={vehicle.id === hoveredId}
      isCopy={isCopy}
    />
  );
  return (
    <div
      ref={scroller}
      className={classes.scroller}
      role="listbox"
      tabIndex={0}
      aria-label={t('label', { count: listed.length })}
      aria-activedescendant={selectedIndex >= 0 && selectedId ? rowId(selectedId) : undefined}
      onKeyDown={onKeyDown}
      onClick={(event) => {
        const id = idUnder(event);
        if (id) selectVehicle(id);
      }}
      onDoubleClick={(event) => {
        const id = idUnder(event);
        if (id) router.push(`/vehicle?id=${encodeURIComponent(id)}`);
      }}
      onMouseOver={(event) => hoverVehicle(idUnder(event))}
      onFocus={() => undefined}
      onMouseLeave={() => hoverVehicle(undefined)}
    >
      {isVirtual ? (
        <VirtualRows count={listed.length} rowHeight={rowHeight} scroller={scroller} showIndex={selectedIndex}>
          {(index) => {
            const entry = listed[index];
            return entry && row(entry);
          }}
        </VirtualRows>
      ) : (
        listed.map(row)
      )}
    </div>
  );
}

/** The list's true layout while nothing is known yet. */
export function VehicleListSkeleton() {
  return (
    <div className={classes.scroller} aria-hidden>
      {[62, 48, 70, 55, 66, 44, 58, 63, 50].map((width) => (
        <div className={classes.skeletonRow} key={width}>
          <span className="skeleton" style={{ width: 16, height: 16, borderRadius: 8 }} />
          <div>
            <span className="skeleton" style={{ width: `${width}%`, height: 13 }} />
            <span className="skeleton" style={{ width: `${width + 18}%`, height: 11 }} />
          </div>
          <div>
            <span className="skeleton" style={{ width: 56, height: 13, justifySelf: 'end' }} />
            <span className="skeleton" style={{ width: 64, height: 11, justifySelf: 'end' }} />
          </div>
        </div>
      ))}
    </div>
  );
}
