import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../clock.ts';

/** A clock that jumps to the next sleeper whenever nothing else is left to do. */
export interface FakeClock extends Clock {
  /** Lets time pass until `promise` settles; fails when nothing sleeps any more and it still has not. */
  run<T>(promise: Promise<T>): Promise<T>;
  /** Moves the wall clock, as setting it does; monotonic time goes on. */
  step(byMs: number): void;
}

interface Sleeper {
  readonly dueMs: number;
  readonly order: number;
  readonly wake: () => void;
}

export function createFakeClock(startAt = Date.parse('2026-11-20T06:00:00Z')): FakeClock {
  let elapsedMs = 0;
  let steppedMs = 0;
  let order = 0;
  const sleepers = new Set<Sleeper>();

  return {
    now: () => Math.round(startAt + elapsedMs + steppedMs),
    monotonicMs: () => elapsedMs,
    step(byMs) {
      steppedMs += byMs;
    },
    sleep(ms, signal) {
      if (signal?.aborted || ms <= 0) return Promise.resolve();
      return new Promise((resolve) => {
        const sleeper: Sleeper = { dueMs: elapsedMs + ms, order: order++, wake: () => finish() };
        const finish = () => {
          sleepers.delete(sleeper);
          signal?.removeEventListener('abort', finish);
          resolve();
        };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', finish, { once: true });
      });
    },
    async run(promise) {
      let isDone = false;
      const done = () => {
        isDone = true;
      };
      promise.then(done, done);
      for (;;) {
        // One turn of the event loop: everything that follows from the last step has happened.
        await turn();
        if (isDone) return promise;
        let next: Sleeper | undefined;
        for (const sleeper of sleepers) {
          const isSooner = !next || sleeper.dueMs < next.dueMs;
          if (isSooner || (sleeper.dueMs === next?.dueMs && sleeper.order < next.order)) next = sleeper;
        }
        if (!next) throw new Error('nothing sleeps, and it has not ended');
        elapsedMs = next.dueMs;
        next.wake();
      }
    },
  };
}
