import type { Clock } from '../../clock.ts';
import type { Port } from '../transport/port.ts';
import { linesOf, type StandInCar } from './stand-in-car.ts';

// A stand-in for an ELM327, written from the data sheet's rules: it echoes, prompts, forgets on reset, and is interrupted by
// any byte while it works. `quirks` make it the clone that one has.

export interface Quirks {
  readonly version?: string;
  /** AT commands (without `AT`) that it answers with `?`. */
  readonly unknown?: readonly string[];
  /** Says OK to ATH1 and shows no headers all the same. */
  readonly liesAboutHeaders?: boolean;
  /** Answers `0` to ATDPN. */
  readonly hidesProtocol?: boolean;
  /** Finds nothing by itself; a named protocol works. */
  readonly cannotSearch?: boolean;
  readonly latencyMs?: number;
  /** Dies (no more replies) after so many commands, until the port is opened again. */
  readonly freezesAfter?: number;
}

export interface StandInAdapter {
  open(): Promise<Port>;
  /** Every command as received, with the time (monotonic ms). */
  readonly heard: { readonly command: string; readonly atMs: number }[];
  /** Commands that came while it was working. */
  interrupted: number;
  opened: number;
  /** A brown-out: it greets unasked and has forgotten everything. */
  brownOut(): void;
  /** The cable falls out. */
  unplug(): void;
  /** Says something nobody asked for. */
  say(text: string): void;
}

const RESET_MS = 300;
const SEARCH_MS = 1_500;
const SEARCH_IN_VAIN_MS = 4_500;

export function createStandInAdapter(car: StandInCar, clock: Clock, quirks: Quirks = {}): StandInAdapter {
  const version = quirks.version ?? 'ELM327 v1.5';
  let settings = fresh();
  let output: ((bytes: Uint8Array) => void) | undefined;
  let close: ((reason: string) => void) | undefined;
  let line = '';
  let last = '';
  let work: AbortController | undefined;
  let commands = 0;

  function fresh() {
    return { echo: true, linefeeds: false, spaces: true, headers: false, protocol: '0', found: '' };
  }
  const end = () => (settings.linefeeds ? '\r\n' : '\r');
  const send = (text: string) => output?.(Buffer.from(text, 'latin1'));
  const reply = (lines: string[]) => send(`${lines.map((text) => text + end()).join('')}${end()}>`);

  async function run(command: string): Promise<void> {
    commands += 1;
    adapter.heard.push({ command, atMs: clock.monotonicMs() });
    if (quirks.freezesAfter !== undefined && commands > quirks.freezesAfter) return;
    const mine = new AbortController();
    work = mine;
    const wait = async (ms: number) => {
      await clock.sleep(ms, mine.signal);
      return !mine.signal.aborted;
    };
    const lines = command.startsWith('AT') ? await runAt(command.slice(2), wait) : await runObd(command, wait);
    if (mine.signal.aborted) return;
    work = undefined;
    if (lines) reply(lines);
  }

  async function runAt(command: string, wait: (ms: number) => Promise<boolean>): Promise<string[] | undefined> {
    if (quirks.unknown?.includes(command)) return ['?'];
    if (command === 'Z' || command === 'WS') {
      if (!(await wait(RESET_MS))) return undefined;
      settings = fresh();
      return ['', '', version];
    }
    if (!(await wait(5))) return undefined;
    if (command === 'I') return [version];
    if (command === 'RV') return [`${car.voltageV().toFixed(1)}V`];
    if (command === 'DPN') return [quirks.hidesProtocol ? '0' : `A${settings.found || settings.protocol}`];
    const toggle = /^([ELSH])([01])$/.exec(command);
    if (toggle) {
      const on = toggle[2] === '1';
      if (toggle[1] === 'E') settings.echo = on;
      if (toggle[1] === 'L') settings.linefeeds = on;
      if (toggle[1] === 'S') settings.spaces = on;
      if (toggle[1] === 'H') settings.headers = on && !quirks.liesAboutHeaders;
      return ['OK'];
    }
    const protocol = /^[ST]P([0-9A-C])$/.exec(command);
    if (protocol) {
      settings.protocol = protocol[1] ?? '0';
      settings.found = '';
      return ['OK'];
    }
    return /^(AT[012]|ST[0-9A-F]{2})$/.test(command) ? ['OK'] : ['?'];
  }

  async function runObd(request: string, wait: (ms: number) => Promise<boolean>): Promise<string[] | undefined> {
    if (!/^([0-9A-F]{2}){1,3}$/.test(request)) return ['?'];
    const before: string[] = [];
    if (settings.found === '') {
      const isRight = settings.protocol === car.protocol || (settings.protocol === '0' && !quirks.cannotSearch);
      const finds = car.isIgnitionOn() && isRight;
      if (settings.protocol === '0') before.push('SEARCHING...');
      if (!(await wait(finds ? SEARCH_MS : SEARCH_IN_VAIN_MS))) return undefined;
      if (!finds) return [...before, 'UNABLE TO CONNECT'];
      settings.found = car.protocol;
    }
    if (!(await wait(quirks.latencyMs ?? 60))) return undefined;
    const lines = car.isIgnitionOn() ? linesOf(car, request, settings.headers, settings.spaces) : [];
    return [...before, ...(lines.length > 0 ? lines : ['NO DATA'])];
  }

  function take(char: string): void {
    if (work) {
      work.abort();
      work = undefined;
      adapter.interrupted += 1;
      reply(['STOPPED']);
      return;
    }
    if (settings.echo) send(char);
    if (char !== '\r') {
      if (char !== ' ' && char !== '\0') line += char.toUpperCase();
      return;
    }
    const command = line === '' ? last : line;
    line = '';
    last = command;
    if (command !== '') void run(command);
  }

  const adapter: StandInAdapter = {
    heard: [],
    interrupted: 0,
    opened: 0,
    async open() {
      adapter.opened += 1;
      commands = 0;
      const closed = new Promise<string>((resolve) => {
        close = resolve;
      });
      return {
        closed,
        onData(listener) {
          output = listener;
        },
        async write(text) {
          for (const char of text) take(char);
        },
        async close() {
          work?.abort();
          work = undefined;
          output = undefined;
          close?.('closed here');
        },
      };
    },
    brownOut() {
      work?.abort();
      work = undefined;
      settings = fresh();
      line = '';
      send(`\r\r${version}\r\r>`);
    },
    unplug: () => close?.('unplugged'),
    say: send,
  };
  return adapter;
}
