import type { Clock } from '../../clock.ts';
import type { Port } from '../transport/port.ts';
import { AdapterError } from './adapter-error.ts';
import { createReplySplitter, type RawReply } from './reply-splitter.ts';

// The one rule of an ELM327 line: nothing is sent before the prompt. A byte sent earlier interrupts the adapter, and from then
// on every reply stands one place too late. So a reply may take its time; when it does not come at all, or something came that
// nobody asked for, the line is first let fall silent and then asked who is there, until it answers to that very question.
// Nothing here waits on a promise that lives as long as the line: racing one a million times keeps a million reactions.

interface Spoken {
  readonly text: string;
  /** When the prompt arrived, wall clock, ms. */
  readonly at: number;
  /** Cut, too long, or without its prompt: not to be read. */
  readonly damaged: boolean;
}

export interface Conversation {
  /** Sends `command` when the line is in step and resolves with what came before the prompt. One at a time. */
  ask(command: string, limitMs?: number): Promise<Spoken>;
  /** When anything last was out of order on this line (monotonic, ms); undefined when nothing ever was. */
  troubleMs(): number | undefined;
  /**
   * The last reply did not belong to its question: get in step before the next one. `isWhole`: it was well formed all the
   * same, so that it counts as trouble only when the line turns out to be out of step.
   */
  distrust(isWhole?: boolean): void;
  /** What the adapter calls itself (its answer to `ATI`); from then on it is used to get in step. */
  identify(name: string): void;
  /** Throws like `ask` when the line is closed or unwanted; resolves after `ms` otherwise. */
  pause(ms: number): Promise<void>;
}

/** An adapter that searches a slow bus thinks for up to ten seconds. */
const REPLY_LIMIT_MS = 15_000;
/** Text without a prompt, and then nothing for so long: the prompt was lost. */
const PROMPT_LIMIT_MS = 5_000;
const QUIET_MS = 400;
/** Longer than the slowest answer seen on a real car (333 ms), so that a late one has arrived. */
const LATE_MS = 500;
const PROBE_LIMIT_MS = 5_000;
const PROBES = 5;

const VOLTAGE = /^\s*(ATRV\s+)?\d{1,2}\.\d{1,2}\s?V\s*$/i;
const RESTARTED = /ELM ?3\d\d|OBDII? V\d|LV RESET/i;

/** Speaks over `port` until `signal` aborts. All failures are `AdapterError`. `onResync`: the line has to be brought in step. */
export function createConversation(
  port: Port,
  clock: Clock,
  signal: AbortSignal,
  onResync: () => void = () => undefined,
): Conversation {
  const splitter = createReplySplitter();
  let onReply: ((reply: RawReply) => void) | undefined;
  let interrupt: ((error: AdapterError) => void) | undefined;
  let ended: AdapterError | undefined;
  let unasked = '';
  let inStep = true;
  let name: string | undefined;
  let busy = false;
  let troubleMs: number | undefined;
  let lastByteMs = clock.monotonicMs();

  const end = (error: AdapterError) => {
    ended ??= error;
    interrupt?.(ended);
  };
  void port.closed.then((reason) => end(new AdapterError('lost', `the line was closed: ${reason}`)));
  const stop = () => end(new AdapterError('stopped', 'stopped'));
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });

  port.onData((bytes) => {
    lastByteMs = clock.monotonicMs();
    for (const reply of splitter.push(bytes)) {
      const take = onReply;
      onReply = undefined;
      if (take) take(reply);
      // Kept short: only whether something came, and whether it was the greeting of a restart.
      else unasked = `${unasked}${reply.text}>`.slice(-200);
    }
  });

  /** Runs `begin` until it calls `done`; rejects when the line ends before. Whatever `begin` returns is called at the end. */
  function untilEnd<T>(begin: (done: (value: T) => void, fail: (error: AdapterError) => void) => () => void) {
    if (ended) return Promise.reject<T>(ended);
    let finish = () => {};
    return new Promise<T>((resolve, reject) => {
      interrupt = reject;
      finish = begin(resolve, reject);
    }).finally(() => {
      interrupt = undefined;
      finish();
    });
  }

  function pause(ms: number): Promise<void> {
    return untilEnd<void>((done) => {
      const timer = new AbortController();
      void clock.sleep(ms, timer.signal).then(done);
      return () => timer.abort();
    });
  }

  function exchange(command: string, limitMs: number): Promise<Spoken> {
    return untilEnd<Spoken>((done, fail) => {
      const timer = new AbortController();
      onReply = ({ text, overflowed }) => done({ text, at: Math.round(clock.now()), damaged: overflowed });
      const startedMs = clock.monotonicMs();
      const watch = async () => {
        for (let restMs = limitMs; restMs > 0; restMs = startedMs + limitMs - clock.monotonicMs()) {
          await clock.sleep(Math.min(restMs, PROMPT_LIMIT_MS), timer.signal);
          if (timer.signal.aborted) return;
          const silentMs = clock.monotonicMs() - lastByteMs;
          if (splitter.pending().trim() !== '' && silentMs >= PROMPT_LIMIT_MS) break;
        }
        done({ text: splitter.pending(), at: Math.round(clock.now()), damaged: true });
      };
      port.write(`${command}\r`).catch((error: Error) => fail(new AdapterError('lost', error.message)));
      void watch();
      return () => {
        timer.abort();
        onReply = undefined;
      };
    });
  }

  /** Lets the line fall silent and resolves with what nobody asked for; a line that is never silent is lost. */
  async function settle(quietMs: number): Promise<string> {
    const fromMs = clock.monotonicMs();
    for (;;) {
      const nowMs = clock.monotonicMs();
      const restMs = Math.max(lastByteMs, fromMs) + quietMs - nowMs;
      if (restMs <= 0) break;
      if (nowMs - fromMs > REPLY_LIMIT_MS) throw new AdapterError('lost', 'the line never falls silent');
      await pause(restMs);
    }
    const heard = unasked + splitter.pending();
    unasked = '';
    splitter.clear();
    return heard;
  }

  async function getInStep(): Promise<void> {
    onResync();
    const heard = await settle(QUIET_MS);
    if (heard !== '') troubleMs = clock.monotonicMs();
    if (name !== undefined && RESTARTED.test(heard)) throw new AdapterError('reset', 'the adapter restarted');
    if (name === undefined) {
      inStep = true;
      return;
    }
    for (let probe = 1; probe <= PROBES; probe += 1) {
      // Two questions in turn, so that a late answer to the one before is never taken for the answer to this one.
      const command = probe % 2 === 1 ? 'ATI' : 'ATRV';
      const { text, damaged } = await exchange(command, PROBE_LIMIT_MS);
      const isOwn = command === 'ATI' ? text.toUpperCase().includes(name) : VOLTAGE.test(text);
      if (isOwn && !damaged) {
        await pause(QUIET_MS / 4);
        // In step: it answered this very question, and said nothing after that.
        if (unasked === '' && splitter.pending() === '') {
          inStep = true;
          return;
        }
      }
      troubleMs = clock.monotonicMs();
      // What comes now may be the name that an earlier probe asked for: no sign of a restart.
      await settle(LATE_MS * probe);
    }
    throw new AdapterError('lost', 'the adapter does not get in step');
  }

  function lose(isWhole = false): void {
    inStep = false;
    if (!isWhole) troubleMs = clock.monotonicMs();
  }

  return {
    pause,
    async ask(command, limitMs = REPLY_LIMIT_MS) {
      if (busy) throw new Error('the adapter is asked one thing at a time');
      busy = true;
      try {
        if (!inStep || unasked !== '' || splitter.pending() !== '') await getInStep();
        const reply = await exchange(command, limitMs);
        if (reply.damaged) lose();
        return reply;
      } finally {
        busy = false;
      }
    },
    troubleMs: () => troubleMs,
    distrust: lose,
    identify(text) {
      name = text.toUpperCase();
    },
  };
}
