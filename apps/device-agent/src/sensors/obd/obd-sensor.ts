import type { Emit } from '../sensor.ts';
import type { ObdOptions, ObdSensor } from './obd-options.ts';
import { createObdState } from './obd-state.ts';
import { createPowerWatch } from './power/power-watch.ts';
import { runSession } from './session.ts';
import { parseAddress } from './transport/address.ts';
import { BAUDS, openPort } from './transport/open-port.ts';
import type { Port } from './transport/port.ts';

// An ELM327 adapter as a sensor. It opens the port, lets a session run, and when that ends for whatever reason closes the port
// and opens it again: most clones are cured by nothing else.

const REOPEN_FROM_MS = 1_000;
const REOPEN_TO_MS = 60_000;
/** A session that lived so long was a good one: the next opening does not wait. */
const GOOD_SESSION_MS = 300_000;

/** Makes the OBD-2 sensor of a box. Throws when the address is none. */
export function createObdSensor(options: ObdOptions): ObdSensor {
  const { clock, report = () => undefined, random = Math.random } = options;
  const address = parseAddress(options.address);
  const fixedBaud = address.kind === 'serial' ? address.baud : undefined;
  const open = options.open ?? ((baud: number, signal: AbortSignal) => openPort(address, baud, signal));
  const state = createObdState(options);
  const power = createPowerWatch(clock.monotonicMs());

  /** One opening of the port, to its end; returns why it ended. */
  async function once(emit: Emit, baud: number, signal: AbortSignal): Promise<string> {
    let port: Port | undefined;
    try {
      port = await open(baud, signal);
      state.count('opened');
      state.enter('starting');
      return await runSession({ port, clock, state, emit, report, power, baud }, signal);
    } catch (error) {
      return (error as Error).message;
    } finally {
      state.enter('closed');
      await port?.close().catch(() => undefined);
    }
  }

  return {
    name: 'obd',
    status: state.status,
    setRates: state.setRates,
    clearFaults: state.wishToClear,
    async run(emit, signal) {
      const speeds = [...new Set([state.memory().baud, ...BAUDS])];
      let failures = 0;
      while (!signal.aborted) {
        // At a wrong speed nothing is understood: each failed opening tries the next one.
        const baud =
          fixedBaud ?? (failures === 0 ? state.memory().baud : (speeds[failures % speeds.length] ?? BAUDS[0]));
        const startedMs = clock.monotonicMs();
        const reason = await once(emit, baud, signal);
        if (signal.aborted) return;
        report({ kind: 'port_failed', reason });
        failures = clock.monotonicMs() - startedMs >= GOOD_SESSION_MS ? 0 : failures + 1;
        const waitMs = Math.min(REOPEN_FROM_MS * 2 ** Math.min(failures, 10), REOPEN_TO_MS);
        await clock.sleep(waitMs * (0.75 + random() / 2), signal);
      }
    },
  };
}
