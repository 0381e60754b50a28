import { useEffect, useState } from 'react';
import type { FleetState } from './fleet-state';
import { fleet } from './fleet-store';

/** Lists repaint at most this often; the map follows every change by itself. */
const LIST_PERIOD_MS = 500;

/** The fleet at a pace that a list can be read at: at once, then at most twice a second. */
export function useFleet(): FleetState {
  const [state, setState] = useState(() => fleet.getState());
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let shownAt = 0;
    const show = () => {
      timer = undefined;
      shownAt = Date.now();
      setState(fleet.getState());
    };
    show();
    const unsubscribe = fleet.subscribe((now, before) => {
      if (timer) return;
      const isUrgent = now.phase !== before.phase || now.copiedAt !== before.copiedAt;
      timer = setTimeout(show, isUrgent ? 0 : Math.max(0, shownAt + LIST_PERIOD_MS - Date.now()));
    });
    return () => {
      unsubscribe();
      clearTimeout(timer);
    };
  }, []);
  return state;
}
