import type { Clock } from '../../clock.ts';
import type { Port } from '../transport/port.ts';
import { AdapterError } from './adapter-error.ts';
import { createReplySplitter, type RawReply } from './reply-splitter.ts';

// The one rule of an ELM327 line: nothing is sent before the prompt. A byte sent earlier interrupts the adapter, and from then
// on every reply stands one place too late. So a reply may take its time; when it does not come at all, or something came that
// nobody asked for, the line is first let fall silent and then asked who is there, until it answers to that very question.

export interface Spoken extends RawReply {
  /** When the prompt arrived, wall clock, ms. */
  readonly at: number;
}

export interface Conversation {
  /** Sends `command` when the line is in step and resolves with what came before the prompt. One at a time. */
  ask(command: string, limitMs?: number): Promise<Spoken>;
  /** The last reply did not belong to its question: get in step before the next one. */
  distrust(): void;
  /** What the adapter calls itself (its answer to `ATI`); from then on it is used to get in step. */
  identify(name: string): void;
  /** How often the line had to be brought in step. */
  resyncs(): number;
}

/** An adapter that searches a slow bus thinks for up to ten seconds. */
export const REPLY_LIMIT_MS = 15_000;
const QUIET_MS = 400;
/** Longer than the slowest answer seen on a real car (333 ms), so that a late one has arrived. */
const LATE_MS = 500;
const PROBES = 4;

const RESTARTED = /ELM ?3\d\d|OBDII? V\d|LV RESET/i;

/** Speaks over `port` until `signal` aborts. All failures are `AdapterError`. */
export function createConversation(port: Port, clock: Clock, signal: AbortSignal): Conversation {
  const splitter = createReplySplitter();
  let waiting: ((reply: Spoken) => void) | undefined;
  let unasked = '';
  let inStep = true;
  let name: string | undefined;
  let resyncs = 0;
  let lastByteMs = clock.monotonicMs();
  const gone = port.closed.then((reason): never => {
    throw new AdapterError('lost', `the line was closed: ${reason}`);
  });
  gone.catch(() => undefined);

  port.onData((bytes) => {
    lastByteMs = clock.monotonicMs();
    for (const reply of splitter.push(bytes)) {
      const take = waiting;
      waiting = undefined;
      if (take) take({ ...reply, at: Math.round(clock.now()) });
      // Kept short: only whether something came, and whether it was the greeting of a restart.
      else unasked = `${unasked}${reply.text}>`.slice(-200);
    }
  });

  /** Resolves after `ms` or throws at once when the line is gone or nobody wants it any more. */
  async function pause(ms: number): Promise<void> {
    const ours = new AbortController();
    const both = AbortSignal.any([signal, ours.signal]);
    try {
      await Promise.race([clock.sleep(ms, both), gone]);
    } finally {
      ours.abort();
    }
    if (signal.aborted) throw new AdapterError('stopped', 'stopped');
  }

  async function exchange(command: string, limitMs: number): Promise<Spoken> {
    let reply: Spoken | undefined;
    const timer = new AbortController();
    const answered = new Promise<void>((resolve) => {
      waiting = (spoken) => {
        reply = spoken;
        resolve();
      };
    });
    try {
      await Promise.race([port.write(`${command}\r`), gone]).catch((error: Error) => {
        throw error instanceof AdapterError ? error : new AdapterError('lost', error.message);
      });
      await Promise.race([answered, gone, clock.sleep(limitMs, AbortSignal.any([signal, timer.signal]))]);
    } finally {
      waiting = undefined;
      timer.abort();
    }
    if (signal.aborted) throw new AdapterError('stopped', 'stopped');
    if (!reply) throw new AdapterError('lost', `no prompt within ${limitMs} ms of ${command}`);
    return reply;
  }

  /** Lets the line fall silent; a line that never does is lost. */
  async function settle(quietMs: number): Promise<void> {
    const untilMs = clock.monotonicMs() + REPLY_LIMIT_MS;
    for (;;) {
      const restMs = lastByteMs + quietMs - clock.monotonicMs();
      if (restMs <= 0) break;
      if (clock.monotonicMs() > untilMs) throw new AdapterError('lost', 'the line never falls silent');
      await pause(restMs);
    }
    if (RESTARTED.test(unasked + splitter.pending())) {
      forget();
      throw new AdapterError('reset', 'the adapter restarted');
    }
    forget();
  }

  function forget(): void {
    unasked = '';
    splitter.clear();
  }

  async function getInStep(): Promise<void> {
    resyncs += 1;
    lastByteMs = Math.max(lastByteMs, clock.monotonicMs());
    for (let probe = 0; probe < PROBES; probe += 1) {
      await settle(probe === 0 ? QUIET_MS : LATE_MS * probe);
      if (name === undefined) break;
      const { text } = await exchange('ATI', REPLY_LIMIT_MS);
      await pause(0);
      // In step: it said its name, and nothing after that.
      if (text.toUpperCase().includes(name) && unasked === '' && splitter.pending() === '') {
        inStep = true;
        return;
      }
    }
    if (name !== undefined) throw new AdapterError('lost', 'the adapter does not get in step');
    inStep = true;
  }

  let busy = false;
  return {
    async ask(command, limitMs = REPLY_LIMIT_MS) {
      if (busy) throw new Error('the adapter is asked one thing at a time');
      busy = true;
      try {
        if (!inStep || unasked !== '' || splitter.pending() !== '') await getInStep();
        const reply = await exchange(command, limitMs);
        if (reply.overflowed) inStep = false;
        return reply;
      } finally {
        busy = false;
      }
    },
    distrust() {
      inStep = false;
    },
    identify(text) {
      name = text.toUpperCase();
    },
    resyncs: () => resyncs,
  };
}
