'use client';
import { IconArrowDown } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import type { RefObject } from 'react';
import { useTranslations } from 'use-intl';
import { useStore } from 'zustand';
import { useNow } from '@/lib/use-now';
import { Freshness } from '@/ui/freshness';
import { StateGlyph } from '@/ui/state-glyph';
import { fleetFilter } from '../fleet-filter';
import type { ListedVehicle, Sort } from '../order-vehicles';
import { useVehicleWords } from '../vehicle-words';
import classes from './vehicles-page.module.css';

interface VehiclesTableProps {
  readonly listed: readonly ListedVehicle[];
  readonly isCopy: boolean;
  readonly scroller: RefObject<HTMLDivElement | null>;
}

const COLUMNS: readonly {
  key: 'state' | 'label' | 'model' | 'driver' | 'place' | 'speed' | 'seen' | 'vin';
  sort?: Sort;
}[] = [
  { key: 'state', sort: 'activity' },
  { key: 'label', sort: 'label' },
  { key: 'model' },
  { key: 'driver' },
  { key: 'place' },
  { key: 'speed', sort: 'speed' },
  { key: 'seen', sort: 'seen' },
  { key: 'vin' },
];

const ROW_PX = 45;
const VIRTUAL_ABOVE = 100;

/** The table of vehicles; a column's head sorts by it. Only rows near the view are in the page when there are many. */
export function VehiclesTable({ listed, isCopy, scroller }: VehiclesTableProps) {
  const t = useTranslations('fleet.page.columns');
  const sort = useStore(fleetFilter, (now) => now.sort);
  const isVirtual = listed.length > VIRTUAL_ABOVE;
  const virtual = useVirtualizer({
    count: isVirtual ? listed.length : 0,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const first = isVirtual ? (items[0]?.index ?? 0) : 0;
  const last = isVirtual ? (items.at(-1)?.index ?? -1) : listed.length - 1;
  return (
    <table className={classes.table} aria-rowcount={listed.length + 1}>
      <thead>
        <tr>
          {COLUMNS.map(({ key, sort: by }) => (
            <th
              key={key}
              scope="col"
              className={key === 'speed' ? classes.number : undefined}
              aria-sort={by ? (sort === by ? 'descending' : 'none') : undefined}
            >
              {by ? (
                <button type="button" onClick={() => fleetFilter.setState({ sort: by })}>
                  {t(key)}
                  <IconArrowDown size={14} stroke={2} aria-hidden />
                </button>
              ) : (
                t(key)
              )}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {first > 0 && <Spacer px={first * ROW_PX} />}
        {listed.slice(first, last + 1).map((entry, index) => (
          <Row key={entry.vehicle.id} entry={entry} isCopy={isCopy} rowIndex={first + index + 2} />
        ))}
        {last < listed.length - 1 && <Spacer px={(listed.length - 1 - last) * ROW_PX} />}
      </tbody>
    </table>
  );
}

const Spacer = ({ px }: { readonly px: number }) => (
  <tr aria-hidden style={{ height: px, pointerEvents: 'none' }}>
    <td colSpan={COLUMNS.length} style={{ border: 0, height: px }} />
  </tr>
);

function Row({
  entry: { vehicle, state },
  isCopy,
  rowIndex,
}: {
  readonly entry: ListedVehicle;
  readonly isCopy: boolean;
  readonly rowIndex: number;
}) {
  const tState = useTranslations('common.state');
  const words = useVehicleWords();
  const router = useRouter();
  const now = useNow(15_000);
  const address = `/vehicle?id=${encodeURIComponent(vehicle.id)}`;
  const alarm = words.alarm(vehicle);
  return (
    <tr aria-rowindex={rowIndex} onClick={() => router.push(address)}>
      <td>
        <span className={classes.state} style={{ color: `var(--state-${state}-text)` }}>
          <StateGlyph state={state} headingDeg={vehicle.position?.courseDeg} muted={isCopy} />
          {tState(state)}
        </span>
      </td>
      <td>
        <Link className={classes.plate} href={address} onClick={(event) => event.stopPropagation()}>
          {vehicle.label}
        </Link>
      </td>
      <td>{vehicle.model}</td>
      <td>{vehicle.driver ?? '–'}</td>
      <td className={classes.place}>
        {alarm && <span className={classes.alarm}>{alarm} · </span>}
        {words.place(vehicle) || '–'}
      </td>
      <td className={classes.number}>{words.activity(vehicle, state, now)}</td>
      <td>
        <Freshness vehicle={vehicle} short isCopy={isCopy} />
      </td>
      <td>
        <code>{vehicle.vin}</code>
      </td>
    </tr>
  );
}
