import { createAlarm } from './alarm.ts';

// Is the engine off, and when is it worth asking the car again. A box on a permanent socket must not keep a parked car's
// computers awake, nor its battery empty: while the engine is off only the adapter is asked, for its voltage, at most once a
// minute; the car itself only when the voltage says that something happened, and ever more rarely otherwise.
// A pure state: instants are monotonic, in ms; voltages in V.

export const OFF_AFTER_SILENCES = 5;
/** Engines that stop at every red light start again within it. */
const OFF_AFTER_STANDSTILL_MS = 180_000;
const CHECK_MS = 60_000;
/** Resting below it the battery may not start the car much longer: look rarely. */
const LOW_V = 11.8;
const LOW_CHECK_MS = 600_000;
/** An alternator or a DC converter is at work. */
const CHARGING_V = 13.2;
const AWAKE_V = 12.8;
const RISE_V = 0.4;
/** Doors, lights and a starter move the voltage by so much. */
const CHANGE_V = 0.25;
const BASELINE_WEIGHT = 0.1;
/** The car fell silent although its generator runs: the bus, not the engine; asked again soon, for a while. */
const LOST_RETRY_MS = [5_000, 10_000, 20_000, 40_000, 60_000];
const LOST_FOR_MS = 600_000;
/** Without any sign the car is asked after these pauses … */
const PROBE_FROM_MS = 120_000;
const PROBE_TO_MS = 3_600_000;
/** … and after a change at once, but not again soon when it was nothing. Forgotten after a quiet while. */
const CHANGE_FROM_MS = 120_000;
const CHANGE_TO_MS = 1_800_000;
const CHANGE_FORGOTTEN_MS = 7_200_000;
/** After so long without the engine only the voltage decides. */
const PARKED_MS = 24 * 3_600_000;

export type PowerWatch = ReturnType<typeof createPowerWatch>;

/** What a sleeping box does at its next check. */
export type Check = 'voltage' | 'car';

export function createPowerWatch(nowMs: number) {
  let silences = 0;
  let aliveMs = nowMs;
  let ran = false;
  let volts: number | undefined;

  let asleepMs: number | undefined;
  let baselineV: number | undefined;
  let probes = 0;
  let probeAtMs = 0;
  let changed = false;
  let started = false;
  const changes = createAlarm(CHANGE_FROM_MS, CHANGE_TO_MS, CHANGE_FORGOTTEN_MS);
  const starts = createAlarm(CHANGE_FROM_MS, CHANGE_TO_MS, CHANGE_FORGOTTEN_MS);

  /** Trucks have 24 V. */
  const level = () => (volts === undefined ? undefined : volts > 18 ? volts / 2 : volts);
  const isCharging = () => (level() ?? 0) >= CHARGING_V;
  const isLost = (now: number) => isCharging() && ran && asleepMs !== undefined && now - asleepMs < LOST_FOR_MS;
  const backoff = () => Math.min(PROBE_FROM_MS * 2 ** Math.min(probes, 10), PROBE_TO_MS);

  return {
    /** The car answered; `isAlive` when the answer says that the engine turns or the wheels do. */
    answered(now: number, isAlive: boolean): void {
      silences = 0;
      if (!isAlive) return;
      aliveMs = now;
      ran = true;
    },
    /** Nobody in the car answered. */
    silent(): void {
      silences += 1;
    },
    voltage(measured: number | undefined): void {
      volts = measured;
    },
    /** Enough silences in a row to ask whether anybody is there at all. */
    isSuspicious: (): boolean => silences >= OFF_AFTER_SILENCES,
    /** The engine stands and nothing charges the battery. */
    isOff: (now: number): boolean => now - aliveMs >= OFF_AFTER_STANDSTILL_MS && !isCharging(),
    isCharging,
    isAsleep: (): boolean => asleepMs !== undefined,

    /** No more questions to the car from now on. */
    fallAsleep(now: number): void {
      // Answers without a turning engine (ignition left on) do not earn a fresh start.
      if (asleepMs === undefined && ran) probes = 0;
      asleepMs ??= now;
      baselineV = level();
      probeAtMs = now + backoff();
      changed = false;
      silences = 0;
    },
    /** How long to leave the adapter alone, in ms. */
    restMs(now: number): number {
      if (isLost(now)) return LOST_RETRY_MS[Math.min(probes, LOST_RETRY_MS.length - 1)] ?? CHECK_MS;
      return (level() ?? AWAKE_V) < LOW_V ? LOW_CHECK_MS : CHECK_MS;
    },
    /** Whom to ask at this check: one question either way. */
    check(now: number): Check {
      if (isLost(now)) return 'car';
      if (changed && changes.counts(now)) return 'car';
      if (now < probeAtMs) return 'voltage';
      const parked = asleepMs !== undefined && now - asleepMs >= PARKED_MS;
      // Without a voltage there is no other way to learn that the engine runs.
      if (volts === undefined) return 'car';
      return parked || (level() ?? 0) < LOW_V ? 'voltage' : 'car';
    },
    /** Something happened that the voltage did not tell: look at the car at the next check. */
    startle(): void {
      changed = true;
    },
    /** Takes the voltage of a sleeping car; true when a generator has just started: ask the car now. */
    feelVoltage(measured: number | undefined, now: number): boolean {
      volts = measured;
      const felt = level();
      if (felt === undefined) return false;
      baselineV ??= felt;
      const rise = felt - baselineV;
      if (Math.abs(rise) >= CHANGE_V) changed = true;
      started = rise >= RISE_V && felt >= AWAKE_V && starts.counts(now);
      baselineV += rise * BASELINE_WEIGHT;
      return started;
    },
    /** Nobody answered when the car was asked: whatever moved the voltage (a charger, a door) is the new rest. */
    stayAsleep(now: number): void {
      probes += 1;
      if (started) starts.wasFalse(now);
      else if (changed) changes.wasFalse(now);
      started = false;
      changed = false;
      baselineV = level() ?? baselineV;
      probeAtMs = now + backoff();
    },
    /** Somebody answered: asking may begin. */
    wake(now: number): void {
      asleepMs = undefined;
      silences = 0;
      aliveMs = now;
      ran = false;
      changes.wasTrue();
      starts.wasTrue();
    },
  };
}
