import type { Clock } from '../clock.ts';
import type { Sensor } from '../sensor.ts';
import type { ClearConfirmation, ClearOutcome } from './adapter/clear-faults.ts';
import type { Faults } from './adapter/read-faults.ts';
import type { Rates } from './polling/wanted.ts';
import type { Port } from './transport/port.ts';

/** What is worth knowing at the next start. Losing it costs seconds, never data. */
export interface ObdMemory {
  /** Digit of the bus protocol that worked; empty when none did yet. */
  readonly protocol: string;
  /** Serial speed that worked, baud. */
  readonly baud: number;
  readonly vin: string;
}

/** What the driver has to say for logs. */
export type ObdEvent =
  | { readonly kind: 'opened'; readonly adapter: string; readonly baud: number }
  | { readonly kind: 'port_failed'; readonly reason: string }
  | { readonly kind: 'restarted'; readonly reason: string }
  | { readonly kind: 'connected'; readonly protocol: string; readonly pids: number }
  | { readonly kind: 'vin'; readonly vin: string; readonly isOtherCar: boolean }
  /** A damaged line turned a request into the command to clear the fault codes, and the car obeyed. */
  | { readonly kind: 'codes_erased' }
  | { readonly kind: 'asleep' }
  | { readonly kind: 'awake' };

export interface ObdOptions {
  /** `tcp://host:port`, `/dev/ttyUSB0`, `/dev/rfcomm0?baud=38400`, `tty:/dev/pts/3`. */
  readonly address: string;
  readonly clock: Clock;
  /** Wanted period of a metric in ms, in place of the usual one. */
  readonly everyMs?: Rates;
  /** What `remember` was given last, if anything. */
  readonly remembered?: Partial<ObdMemory>;
  /** Called when something worth remembering changed; must not throw. */
  readonly remember?: (memory: ObdMemory) => void;
  readonly report?: (event: ObdEvent) => void;
  /** In place of the address's own transport. */
  readonly open?: (baud: number, signal: AbortSignal) => Promise<Port>;
  readonly random?: () => number;
}

export interface ObdStatus {
  /** `closed`: no port. `starting`: setting the adapter up or looking for the car. `asleep`: engine off. */
  readonly state: 'closed' | 'starting' | 'driving' | 'asleep';
  readonly adapter: string;
  readonly protocol: string;
  readonly vin: string;
  readonly voltageV: number | undefined;
  /** Numbers of supported PIDs of service 01, ascending. */
  readonly pids: readonly number[];
  readonly faults: Faults | undefined;
  /** Share of the adapter's time that the wanted rates would take; above 0.9 everything comes less often. */
  readonly load: number;
  readonly counts: ObdCounts;
}

/** Since the sensor was made. */
export interface ObdCounts {
  readonly answers: number;
  /** Answers that a car gives instead of a value; dropped. */
  readonly unavailable: number;
  readonly silences: number;
  /** Replies that could not be read or belonged to another question. */
  readonly garbled: number;
  readonly resyncs: number;
  readonly restarts: number;
  readonly opened: number;
}

export interface ObdSensor extends Sensor {
  status(): ObdStatus;
  /** Changes wanted periods (ms) while running; metrics that are not named keep theirs. */
  setRates(rates: Rates): void;
  /** Clears the stored fault codes, for a person who saw them. Never called by the driver itself. */
  clearFaults(confirmation: ClearConfirmation): Promise<ClearOutcome>;
}
