import type { Clock } from '../clock.ts';
import type { Emit } from '../sensor.ts';
import { connectBus, probeBus } from './adapter/connect-bus.ts';
import { askVoltage, initialise } from './adapter/initialise.ts';
import { readVin } from './adapter/read-vin.ts';
import { AdapterError } from './line/adapter-error.ts';
import { createConversation } from './line/conversation.ts';
import type { ObdEvent } from './obd-options.ts';
import type { ObdState } from './obd-state.ts';
import { drive } from './polling/drive.ts';
import type { PowerWatch } from './power/power-watch.ts';
import type { Port } from './transport/port.ts';

// The life of one open port: set the adapter up, drive, sleep while the engine is off, drive again. A restarted adapter is
// set up again on the same port; every other trouble ends the session, and the port is opened anew.

const RESTARTS_BEFORE_REOPENING = 5;
const RESTARTS_WITHIN_MS = 300_000;
/** While parked the voltage is said this often, and when it changed by so much. */
const PARKED_VOLTAGE_EVERY_MS = 600_000;
const PARKED_VOLTAGE_CHANGE_V = 0.3;

export interface SessionContext {
  readonly port: Port;
  readonly clock: Clock;
  readonly state: ObdState;
  readonly emit: Emit;
  readonly report: (event: ObdEvent) => void;
  /** Outlives the port: a parked car stays parked when its adapter is lost and found. */
  readonly power: PowerWatch;
  /** Speed at which the port was opened, baud. */
  readonly baud: number;
}

/** Runs until the port is no longer good for anything; always rejects, with an `AdapterError`. */
export async function runSession(context: SessionContext, signal: AbortSignal): Promise<never> {
  const { port, clock, state, emit, report, power, baud } = context;
  const ended = new AbortController();
  const stop = () => ended.abort();
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  const conversation = createConversation(port, clock, ended.signal, () => state.count('resyncs'));
  const restartsMs: number[] = [];
  let isSetUp = false;
  let isAwake = !power.isAsleep();

  async function setUp(): Promise<void> {
    const info = await initialise(conversation);
    isSetUp = true;
    if (isAwake) power.voltage(info.voltageV);
    state.voltage(info.voltageV);
    state.adapter(info.name);
    state.learn({ baud });
    report({ kind: 'opened', adapter: info.name, baud });
  }

  /** Drives until the engine is off; false when there was no car to talk to. */
  async function wakeAndDrive(): Promise<boolean> {
    state.enter('starting');
    if (!isSetUp) await setUp();
    const bus = await connectBus(conversation, state.memory().protocol, power.isCharging());
    if (bus === 'unclear') throw new AdapterError('lost', 'what the car says cannot be read');
    if (bus === 'nobody') return false;
    power.wake(clock.monotonicMs());
    state.learn({ protocol: bus.protocol });
    state.connected(bus);
    report({ kind: 'connected', protocol: bus.protocol, pids: bus.pids.size });
    const vin = await readVin(bus);
    if (vin) {
      const before = state.memory().vin;
      report({ kind: 'vin', vin, isOtherCar: before !== '' && before !== vin });
      state.learn({ vin });
    }
    state.enter('driving');
    await drive({ bus, clock, power, state, emit, report });
    return true;
  }

  /** Leaves the car alone until it is worth connecting to it. */
  async function sleep(): Promise<void> {
    state.enter('asleep');
    let saidMs = Number.NEGATIVE_INFINITY;
    let saidV = 0;
    for (;;) {
      await conversation.pause(power.restMs(clock.monotonicMs()));
      const nowMs = clock.monotonicMs();
      if (power.check(nowMs) === 'car') {
        const outcome = await probeBus(conversation);
        if (outcome.kind === 'answered' || outcome.kind === 'refused') return;
        power.stayAsleep(clock.monotonicMs());
        continue;
      }
      const voltageV = await askVoltage(conversation);
      state.voltage(voltageV);
      if (voltageV !== undefined) {
        const isNews =
          Math.abs(voltageV - saidV) >= PARKED_VOLTAGE_CHANGE_V || nowMs - saidMs >= PARKED_VOLTAGE_EVERY_MS;
        if (isNews) {
          saidMs = nowMs;
          saidV = voltageV;
          void emit.reading({ at: Math.round(clock.now()), values: { batteryVoltageV: voltageV } });
        }
      }
      if (power.feelVoltage(voltageV, nowMs)) return;
    }
  }

  function restarted(error: AdapterError): void {
    const nowMs = clock.monotonicMs();
    state.count('restarts');
    report({ kind: 'restarted', reason: error.message });
    isSetUp = false;
    // A starter pulls the voltage down so far that adapters restart.
    power.startle();
    restartsMs.push(nowMs);
    if (restartsMs.length <= RESTARTS_BEFORE_REOPENING) return;
    if (nowMs - (restartsMs.shift() ?? 0) < RESTARTS_WITHIN_MS)
      throw new AdapterError('lost', 'the adapter restarts again and again');
  }

  try {
    for (;;) {
      try {
        if (isAwake) {
          const drove = await wakeAndDrive();
          isAwake = false;
          if (!drove) power.stayAsleep(clock.monotonicMs());
          power.fallAsleep(clock.monotonicMs());
          state.endDrive();
          report({ kind: 'asleep' });
        }
        // A port just opened may have the wrong speed: only an adapter that speaks is worth sleeping beside.
        else if (!isSetUp && restartsMs.length === 0) await setUp();
        await sleep();
        isAwake = true;
        report({ kind: 'awake' });
      } catch (error) {
        if (!(error instanceof AdapterError) || error.trouble !== 'reset') throw error;
        restarted(error);
      }
    }
  } finally {
    signal.removeEventListener('abort', stop);
    ended.abort();
    state.endClearWish('unknown');
  }
}
