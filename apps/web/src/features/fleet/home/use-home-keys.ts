import { useRouter } from 'next/navigation';
import { type RefObject, useEffect } from 'react';
import { serverNow } from '@/lib/server-clock';
import { fleetFilter } from '../fleet-filter';
import { selection, selectVehicle } from '../fleet-selection';
import { fleet } from '../fleet-store';
import { FILTER_INPUT_ID } from '../list/fleet-panel';
import type { FleetMapRun } from '../map/run-fleet-map';
import { orderVehicles } from '../order-vehicles';

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
const isDialogOpen = () => document.querySelector('[role="dialog"], [role="menu"]') !== null;

/** Keys of the home page: `/` filter, J and K next and previous, Enter open, Escape close, F show all. */
export function useHomeKeys(run: RefObject<FleetMapRun | undefined>): void {
  const router = useRouter();
  useEffect(() => {
    const step = (by: number) => {
      const filter = fleetFilter.getState();
      const state = fleet.getState();
      const listed = orderVehicles(state.vehicles.values(), {
        ...filter,
        now: state.copiedAt ?? serverNow(),
        within: filter.isOnlyInView ? filter.inView : undefined,
      });
      const index = listed.findIndex(({ vehicle }) => vehicle.id === selection.getState().selectedId);
      const next = listed[index < 0 ? 0 : Math.max(0, Math.min(listed.length - 1, index + by))];
      if (next) selectVehicle(next.vehicle.id);
    };
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || isDialogOpen()) return;
      const { selectedId } = selection.getState();
      const key = event.key.toLowerCase();
      if (key === '/') document.getElementById(FILTER_INPUT_ID)?.focus();
      else if (key === 'j') step(1);
      else if (key === 'k') step(-1);
      else if (key === 'f') run.current?.fit();
      else if (key === 'escape' && selectedId) selectVehicle(undefined);
      else if (key === 'enter' && selectedId && event.target === document.body)
        router.push(`/vehicle?id=${encodeURIComponent(selectedId)}`);
      else return;
      event.preventDefault();
    };
    // First in line: a dialog that closes at this very key must still be seen as open.
    window.addEventListener('keydown', onKeyDown, true);
    return () => window.removeEventListener('keydown', onKeyDown, true);
  }, [router, run]);
}
