import { describe, expect, it } from 'vitest';
import { createFakeClock } from './testing/fake-clock.ts';
import { seeded } from './testing/faults.ts';
import { ordinaryCar, startSensor } from './testing/run-sensor.ts';
import { createStandInAdapter } from './testing/stand-in-adapter.ts';

// Weeks in a car, on the stand-in adapter and a clock that jumps: engine on and off, a weak battery, a garage charger. What
// counts is how often the adapter and the car are asked while the engine is off, and how soon a drive is noticed.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

interface Drive {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A battery at rest, charged while driving, with the noise of a cheap converter and a surface charge after each drive. */
function socketVoltage(
  nowMs: number,
  drives: readonly Drive[],
  random: () => number,
  restV: number,
  runV: number,
): number {
  const noise = (random() - 0.5) * 0.1;
  if (drives.some(({ fromMs, toMs }) => nowMs >= fromMs && nowMs < toMs)) return runV + noise;
  const last = drives.filter(({ toMs }) => toMs <= nowMs).at(-1);
  const sinceMs = last ? nowMs - last.toMs : Number.POSITIVE_INFINITY;
  return restV + 0.5 * Math.exp(-sinceMs / (20 * MINUTE)) + noise;
}

function live(days: number, drives: readonly Drive[], { restV = 12.6, runV = 14.2, quiet = false } = {}) {
  const clock = createFakeClock();
  const random = seeded(days);
  const isOn = () => drives.some(({ fromMs, toMs }) => clock.monotonicMs() >= fromMs && clock.monotonicMs() < toMs);
  const car = ordinaryCar({
    isIgnitionOn: isOn,
    voltageV: () => (quiet ? 0 : socketVoltage(clock.monotonicMs(), drives, random, restV, runV)),
  });
  const adapter = createStandInAdapter(car, clock);
  const run = startSensor(clock, adapter, { everyMs: { rpm: 20_000, obdSpeedKmh: 20_000 } });
  return { ...run, adapter, clock, total: days * DAY };
}

/** The most commands within any minute that lies wholly outside of the drives (and the minutes in which one ends). */
function busiestMinute(heard: readonly { atMs: number }[], drives: readonly Drive[]): number {
  const parked = heard.filter(({ atMs }) =>
    drives.every(({ fromMs, toMs }) => atMs < fromMs || atMs > toMs + 5 * MINUTE),
  );
  const late = parked.filter(({ atMs }) => atMs > 2 * MINUTE).map(({ atMs }) => atMs);
  let most = 0;
  for (let from = 0, to = 0; to < late.length; to += 1) {
    // A hair below a minute: at most once a minute means that two are a minute apart.
    while ((late[to] ?? 0) - (late[from] ?? 0) >= MINUTE - 1) from += 1;
    most = Math.max(most, to - from + 1);
  }
  return most;
}

const commutes = (days: number): Drive[] =>
  Array.from({ length: days }, (_, day) => [
    { fromMs: day * DAY + 2 * HOUR, toMs: day * DAY + 2 * HOUR + 25 * MINUTE },
    { fromMs: day * DAY + 12 * HOUR, toMs: day * DAY + 12 * HOUR + 32 * MINUTE },
  ]).flat();

const askedOfCar = (heard: readonly { command: string; atMs: number }[]) =>
  heard.filter(({ command }) => /^[0-9A-F]+$/.test(command));

describe('weeks in a car', () => {
  it('asks the adapter at most once a minute while the engine is off, and notices every drive', async () => {
    const drives = commutes(8);
    const { adapter, readings, pass, end, clock, sensor } = live(8, drives);
    await pass(8 * DAY);
    await end();
    expect(busiestMinute(adapter.heard, drives)).toBe(1);
    const startAt = clock.now() - clock.monotonicMs();
    const latenessMs = drives.map(({ fromMs, toMs }) => {
      const first = readings.find(({ at, values }) => values.rpm !== undefined && at - startAt >= fromMs);
      expect(first, `drive at ${fromMs}`).toBeDefined();
      expect((first?.at ?? 0) - startAt).toBeLessThan(toMs);
      return (first?.at ?? 0) - startAt - fromMs;
    });
    expect(Math.max(...latenessMs)).toBeLessThan(90_000);
    expect(sensor.status().counts.opened).toBe(1);
  });

  it('notices drives also with a generator that hardly raises the voltage', async () => {
    const drives = commutes(3);
    const { adapter, readings, pass, end, clock } = live(3, drives, { runV: 12.9 });
    await pass(3 * DAY);
    await end();
    expect(busiestMinute(adapter.heard, drives)).toBe(1);
    const startAt = clock.now() - clock.monotonicMs();
    for (const { fromMs, toMs } of drives) {
      const within = readings.filter(({ at, values }) => values.rpm && at - startAt >= fromMs && at - startAt < toMs);
      expect(within.length, `drive at ${fromMs}`).toBeGreaterThan(10);
    }
  });

  it('leaves a parked car in peace: after a day nothing is asked of it at all', async () => {
    const { adapter, pass, end, readings } = live(42, [{ fromMs: 0, toMs: HOUR }]);
    await pass(42 * DAY);
    await end();
    const later = adapter.heard.filter(({ atMs }) => atMs > 2 * HOUR);
    expect(busiestMinute(later, [])).toBe(1);
    expect(askedOfCar(later).length).toBeLessThan(40);
    expect(askedOfCar(later).filter(({ atMs }) => atMs > 27 * HOUR)).toEqual([]);
    // And what the box says about it stays small: the voltage, six times an hour.
    expect(readings.filter(({ values }) => values.batteryVoltageV).length).toBeLessThan(42 * 24 * 6 * 1.1 + 200);
  });

  it('looks every ten minutes only when the battery is weak', async () => {
    const { adapter, pass, end } = live(3, [{ fromMs: 0, toMs: HOUR }], { restV: 11.4 });
    await pass(3 * DAY);
    await end();
    const later = adapter.heard.filter(({ atMs }) => atMs > 6 * HOUR);
    expect(later.length).toBeLessThan(66 * 6 * 1.1);
    expect(askedOfCar(later)).toEqual([]);
  });

  it('asks the car rarely when the adapter cannot tell the voltage, and finds the drive', async () => {
    const drives = [
      { fromMs: 0, toMs: HOUR },
      { fromMs: 2 * DAY, toMs: 2 * DAY + 3 * HOUR },
    ];
    const { adapter, pass, end, readings, clock } = live(3, drives, { quiet: true });
    await pass(3 * DAY);
    await end();
    const parked = askedOfCar(adapter.heard).filter(({ atMs }) => atMs > 2 * HOUR && atMs < 2 * DAY);
    expect(parked.length).toBeLessThan(60);
    const startAt = clock.now() - clock.monotonicMs();
    expect(readings.some(({ at, values }) => values.rpm && at - startAt > 2 * DAY)).toBe(true);
  });
});
