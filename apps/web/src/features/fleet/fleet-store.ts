import type { VehicleList, VehicleNow } from '@temoin/shared/vehicles';
import { createStore } from 'zustand/vanilla';
import { api } from '@/lib/api-client';
import { keepCopy } from '@/lib/copies';
import { connectNow, joinPortfolio } from '@/lib/live-socket';
import { noteServerTime, serverNow } from '@/lib/server-clock';
import { EMPTY_FLEET, type FleetNews, type FleetState, reduceFleet } from './fleet-state';

// The fleet of this page: one list read over HTTP (or from its copy when there is no network), then the portfolio room.
// The map reads it at every change; lists read it at a calmer pace (see use-fleet.ts).

const LIST_PATH = '/v1/vehicles';
/** How often the newest state is put aside for a start without a network. */
const COPY_EVERY_MS = 30_000;
/** The first copy is made early: the network may go before half a minute is over. */
const FIRST_COPY_AFTER_MS = 2_000;

export const fleet = createStore<FleetState>(() => EMPTY_FLEET);

const tell = (news: FleetNews) => fleet.setState((state) => reduceFleet(state, news), true);

/** Reads the list anew; never throws, the state says what came of it. */
export async function readFleet(): Promise<void> {
  try {
    const { data, copiedAt } = await api.getAnswer<VehicleList>(LIST_PATH);
    if (copiedAt === undefined) noteServerTime(data.serverTime);
    tell({ kind: 'snapshot', vehicles: data.vehicles, copiedAt });
  } catch (error) {
    tell({ kind: 'failed', error });
  }
}

function copyFleet(): void {
  const { phase, vehicles, copiedAt } = fleet.getState();
  if (phase !== 'ready' || copiedAt !== undefined || vehicles.size === 0) return;
  const list: VehicleList = { vehicles: [...vehicles.values()] as VehicleNow[], serverTime: serverNow(), cursor: '' };
  void keepCopy(LIST_PATH, list, serverNow());
}

/** Starts following the fleet; returns the way to stop, after which nothing of it is kept in memory. */
export function followFleet(): () => void {
  void readFleet();
  const leave = joinPortfolio({
    onSnapshot: (vehicles) => tell({ kind: 'snapshot', vehicles }),
    onChanges: (changes) => tell({ kind: 'changes', changes }),
    onClosed: () => void readFleet(),
  });
  const timer = setInterval(copyFleet, COPY_EVERY_MS);
  const first = setTimeout(copyFleet, FIRST_COPY_AFTER_MS);
  const onHide = () => document.hidden && copyFleet();
  document.addEventListener('visibilitychange', onHide);
  return () => {
    leave();
    clearInterval(timer);
    clearTimeout(first);
    document.removeEventListener('visibilitychange', onHide);
    fleet.setState(EMPTY_FLEET, true);
  };
}

/** For the button "Retry": connects and reads at once. */
export function retryFleet(): void {
  connectNow();
  void readFleet();
}
