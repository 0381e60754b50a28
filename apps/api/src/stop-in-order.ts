import type { FastifyBaseLogger } from 'fastify';

// Stopping: what was started last ends first, each part gets its time, and a part that hangs or fails does not keep the others
// from ending. Everything here survives being killed; stopping well is politeness to those who are connected.

export interface StopInOrder {
  /** To be called right after a part was started. */
  add(name: string, stop: () => unknown): void;
  /** Ends all parts; again gives the same promise. */
  stop(): Promise<void>;
}

const PATIENCE_MS = 15_000;

export function createStopInOrder(logger: FastifyBaseLogger, patienceMs = PATIENCE_MS): StopInOrder {
  const parts: { name: string; stop: () => unknown }[] = [];
  let stopping: Promise<void> | undefined;

  const stopAll = async () => {
    for (let part = parts.pop(); part; part = parts.pop()) {
      let timer: NodeJS.Timeout | undefined;
      const { name, stop } = part;
      try {
        const tooLong = new Promise<never>((_, fail) => {
          timer = setTimeout(() => fail(new Error(`did not end within ${patienceMs} ms`)), patienceMs);
        });
        await Promise.race([Promise.resolve().then(stop), tooLong]);
        logger.debug({ part: name }, 'ended');
      } catch (err) {
        logger.error({ err, part: name }, 'could not be ended well');
      } finally {
        clearTimeout(timer);
      }
    }
  };

  return {
    add: (name, stop) => parts.push({ name, stop }),
    stop: () => {
      stopping ??= stopAll();
      return stopping;
    },
  };
}

/** Calls `onFirst` at the first SIGTERM or SIGINT; the second ends the process on the spot. */
export function onStopSignals(onFirst: (signal: NodeJS.Signals) => void): void {
  let heard = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (heard) process.exit(130);
      heard = true;
      onFirst(signal);
    });
  }
}
