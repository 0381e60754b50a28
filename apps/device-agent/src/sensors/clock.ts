import { setTimeout as delay } from 'node:timers/promises';

/** Time as the box sees it. Handed to everything that waits or stamps, so that tests and time lapse need no tricks. */
export interface Clock {
  /** Wall clock, ms UTC, whole. May step. */
  now(): number;
  /** Rises steadily whatever happens to the wall clock; ms from an arbitrary zero. */
  monotonicMs(): number;
  /** Resolves after `ms` of this clock, or at once when `signal` aborts; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const trueClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  async sleep(ms, signal) {
    if (signal?.aborted || ms <= 0) return;
    // Node's timers hold 31 bits; anything longer fires at once.
    await delay(Math.min(ms, 0x7fff_ffff), undefined, signal ? { signal } : {}).catch(() => undefined);
  },
};

/** A clock that starts at `startAt` (ms UTC) and runs `speed` times as fast as the true one. */
export function lapsedClock(speed: number, startAt = Date.now(), base: Clock = trueClock): Clock {
  if (!(speed > 0)) throw new RangeError('speed must be above 0');
  const zeroMs = base.monotonicMs();
  const elapsedMs = () => (base.monotonicMs() - zeroMs) * speed;
  return {
    now: () => Math.round(startAt + elapsedMs()),
    monotonicMs: elapsedMs,
    sleep: (ms, signal) => base.sleep(ms / speed, signal),
  };
}
