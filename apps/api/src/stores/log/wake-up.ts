// Readers that have read all wait here. A wake-up is a hint that there may be more, never a promise.

export interface WakeUp {
  /** Position up to which the log is known to reach. */
  known(): bigint;
  /** The log reaches at least `position`. */
  reached(position: bigint): void;
  /** Something may have been missed: let everybody look. */
  everybody(): void;
  /** Resolves when the log reaches beyond `after`, on `everybody`, when `signal` aborts, or after `longestMs`. */
  wait(after: bigint, signal: AbortSignal, longestMs: number): Promise<void>;
}

export function createWakeUp(): WakeUp {
  let known = 0n;
  const waiting = new Set<{ after: bigint; resolve: () => void }>();
  const wakeThose = (which: (after: bigint) => boolean) => {
    for (const waiter of [...waiting]) if (which(waiter.after)) waiter.resolve();
  };
  return {
    known: () => known,
    reached(position) {
      if (position <= known) return;
      known = position;
      wakeThose((after) => after < known);
    },
    everybody: () => wakeThose(() => true),
    wait(after, signal, longestMs) {
      if (known > after || signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const waiter = { after, resolve: () => done() };
        const timer = setTimeout(() => done(), longestMs);
        const done = () => {
          waiting.delete(waiter);
          clearTimeout(timer);
          signal.removeEventListener('abort', done);
          resolve();
        };
        signal.addEventListener('abort', done, { once: true });
        waiting.add(waiter);
      });
    },
  };
}
