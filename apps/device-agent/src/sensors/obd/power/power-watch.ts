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
const PROBE_FROM_MS = 120_000;
const PROBE_TO_MS = 3_600_000;
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
      if (now < probeAtMs) return 'voltage';
      if (changed) return 'car';
      const parked = asleepMs !== undefined && now - asleepMs >= PARKED_MS;
      // Without a voltage there is no other way to learn that the engine runs.
      if (volts === undefined) return 'car';
      return parked || (level() ?? 0) < LOW_V ? 'voltage' : 'car';
    },
    /** Takes the voltage of a sleeping car; true when a generator has just started: ask the car now. */
    feelVoltage(measured: number | undefined): boolean {
      volts = measured;
      const now = level();
      if (now === undefined) return false;
      baselineV ??= now;
      const rise = now - baselineV;
      if (Math.abs(rise) >= CHANGE_V) changed = true;
      const starts = rise >= RISE_V && now >= AWAKE_V;
      // A charger in the garage: after one look it is the new baseline.
      baselineV = starts ? now : baselineV + rise * BASELINE_WEIGHT;
      return starts;
    },
    /** Nobody answered when the car was asked. */
    stayAsleep(now: number): void {
      probes += 1;
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
    },
  };
}
