import { AppError } from '../../http/app-error.ts';

export interface QueryGateOptions {
  /** Queries at one time. */
  readonly most: number;
  /** How many may wait for their turn; those beyond are refused at once. */
  readonly waiting: number;
  /** From asking to answering, ms. */
  readonly withinMs: number;
}

export interface QueryGate {
  /**
   * Runs `query` when there is room. Throws `overloaded` when too many wait, or when it takes too long: `signal` tells the
   * query to stop, and its place is free again only once it has.
   */
  run<T>(query: (signal: AbortSignal) => Promise<T>, left: AbortSignal): Promise<T>;
}

/** Keeps long queries from taking the whole service: so many at a time, so many waiting, so long each. */
export function createQueryGate({ most, waiting, withinMs }: QueryGateOptions): QueryGate {
  let running = 0;
  const queue: (() => void)[] = [];
  const release = () => {
    const next = queue.shift();
    if (next) next();
    else running -= 1;
  };

  return {
    run: async (query, left) => {
      const signal = AbortSignal.any([left, AbortSignal.timeout(withinMs)]);
      if (running < most) running += 1;
      else await turnIn(queue, waiting, signal);
      const answer = query(signal).finally(release);
      // Who waits hears of the end of time at once; the query itself may need a moment to stop.
      return Promise.race([answer, ended(signal)]);
    },
  };
}

function turnIn(queue: (() => void)[], most: number, signal: AbortSignal): Promise<void> {
  if (queue.length >= most) throw new AppError('overloaded', 'Too many questions at once', { retryAfterS: 2 });
  return new Promise((resolve, reject) => {
    const enter = () => {
      signal.removeEventListener('abort', leave);
      resolve();
    };
    const leave = () => {
      queue.splice(queue.indexOf(enter), 1);
      reject(problemOf(signal));
    };
    signal.addEventListener('abort', leave, { once: true });
    queue.push(enter);
  });
}

const ended = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(problemOf(signal)), { once: true }));

const problemOf = (signal: AbortSignal): AppError =>
  signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError'
    ? new AppError('overloaded', 'That took too long; ask for a shorter span', { retryAfterS: 5 })
    : new AppError('overloaded', 'The asker has left');

/** The same readings, until the signal says stop: then the source is closed and `overloaded` is thrown. */
export async function* until<T>(source: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  for await (const item of source) {
    if (signal.aborted) throw problemOf(signal);
    yield item;
  }
}
