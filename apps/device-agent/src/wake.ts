import type { Clock } from './sensors/clock.ts';

/** Lets one loop sleep until there is work, without ever missing a call that came between looking and sleeping. */
export function createWake() {
  let rung = false;
  let ring: (() => void) | undefined;
  return {
    wake(): void {
      rung = true;
      ring?.();
    },
    /** Resolves at the next `wake` (at once if there was one since the last wait), after `ms`, or when `signal` aborts. */
    async wait(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
      if (!rung && !signal.aborted) {
        const stop = new AbortController();
        const woken = new Promise<void>((resolve) => {
          ring = resolve;
        });
        await Promise.race([woken, clock.sleep(ms, AbortSignal.any([signal, stop.signal]))]);
        ring = undefined;
        stop.abort();
      }
      rung = false;
    },
  };
}
