import { useSyncExternalStore } from 'react';
import { serverNow } from '@/lib/server-clock';

// One timer per period for the whole page, however many ages are on it; it rests while the page is hidden.

interface Ticker {
  now: number;
  readonly listeners: Set<() => void>;
  timer: ReturnType<typeof setInterval> | undefined;
  /** Made once: a new function with every render would subscribe anew, move the time, and render without end. */
  readonly subscribe: (listener: () => void) => () => void;
}

const tickers = new Map<number, Ticker>();

function tickerOf(periodMs: number): Ticker {
  const known = tickers.get(periodMs);
  if (known) return known;
  const ticker: Ticker = {
    now: serverNow(),
    listeners: new Set(),
    timer: undefined,
    subscribe(listener) {
      ticker.listeners.add(listener);
      if (!ticker.timer) {
        ticker.now = serverNow();
        ticker.timer = setInterval(() => tick(ticker), periodMs);
      }
      return () => {
        ticker.listeners.delete(listener);
        if (ticker.listeners.size > 0) return;
        clearInterval(ticker.timer);
        ticker.timer = undefined;
      };
    },
  };
  tickers.set(periodMs, ticker);
  return ticker;
}

function tick(ticker: Ticker): void {
  if (typeof document !== 'undefined' && document.hidden) return;
  ticker.now = serverNow();
  for (const listener of ticker.listeners) listener();
}

/** The server's time, renewed every `periodMs` (1 s unless told), for showing ages. */
export function useNow(periodMs = 1000): number {
  const ticker = tickerOf(periodMs);
  return useSyncExternalStore(
    ticker.subscribe,
    () => ticker.now,
    () => ticker.now,
  );
}
