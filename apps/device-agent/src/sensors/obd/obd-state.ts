import type { ClearConfirmation, ClearOutcome } from './adapter/clear-faults.ts';
import type { Bus } from './adapter/connect-bus.ts';
import type { Faults } from './adapter/read-faults.ts';
import type { ObdCounts, ObdMemory, ObdOptions, ObdStatus } from './obd-options.ts';
import { sameFaults } from './polling/faults-fact.ts';
import type { Rates } from './polling/wanted.ts';
import { BAUDS } from './transport/open-port.ts';

// What outlives one opening of the port: what was learnt, what is counted, and what people want of the driver.

export interface ClearWish {
  readonly confirmation: ClearConfirmation;
  settle(outcome: ClearOutcome): void;
}

export type ObdState = ReturnType<typeof createObdState>;

export function createObdState({ everyMs = {}, remembered = {}, remember = () => undefined }: ObdOptions) {
  let memory: ObdMemory = {
    protocol: remembered.protocol ?? '',
    baud: remembered.baud ?? BAUDS[0],
    vin: remembered.vin ?? '',
  };
  const counts = { answers: 0, unavailable: 0, silences: 0, garbled: 0, resyncs: 0, restarts: 0, opened: 0 };
  let phase: ObdStatus['state'] = 'closed';
  let adapter = '';
  let pids: readonly number[] = [];
  let voltageV: number | undefined;
  let faults: Faults | undefined;
  let saidFaults: Faults | undefined;
  let load = 0;
  let rates = everyMs;
  let rateListener: ((rates: Rates) => void) | undefined;
  let wish: ClearWish | undefined;

  return {
    memory: () => memory,
    learn(change: Partial<ObdMemory>): void {
      const next = { ...memory, ...change };
      if (next.protocol === memory.protocol && next.baud === memory.baud && next.vin === memory.vin) return;
      memory = next;
      remember(next);
    },
    enter(next: ObdStatus['state']): void {
      phase = next;
    },
    adapter(name: string): void {
      adapter = name;
    },
    connected(bus: Bus): void {
      pids = [...bus.pids].sort((a, b) => a - b);
    },
    /** The next drive says its faults again, also when nothing changed. */
    endDrive(): void {
      saidFaults = undefined;
    },
    voltage(volts: number | undefined): void {
      voltageV = volts;
    },
    /** Keeps what was read; true when it is news, or the first of a drive. */
    faults(read: Faults): boolean {
      const isNews = !saidFaults || !sameFaults(saidFaults, read);
      faults = read;
      saidFaults = read;
      return isNews;
    },
    load(share: number): void {
      load = share;
    },
    count(what: keyof ObdCounts): void {
      counts[what] += 1;
    },

    rates: () => rates,
    setRates(change: Rates): void {
      rates = { ...rates, ...change };
      rateListener?.(rates);
    },
    onRates(listener: ((rates: Rates) => void) | undefined): void {
      rateListener = listener;
    },

    wishToClear(confirmation: ClearConfirmation): Promise<ClearOutcome> {
      // Two people at once: the second is told to look again.
      if (phase !== 'driving' || wish) return Promise.resolve('not_connected');
      return new Promise((settle) => {
        wish = { confirmation, settle };
      });
    },
    takeClearWish(): ClearWish | undefined {
      return wish;
    },
    endClearWish(outcome: ClearOutcome): void {
      wish?.settle(outcome);
      wish = undefined;
    },

    status: (): ObdStatus => ({
      state: phase,
      adapter,
      protocol: memory.protocol,
      vin: memory.vin,
      voltageV,
      pids,
      faults,
      load,
      counts: { ...counts },
    }),
  };
}
