import { describe, expect, it } from 'vitest';
import { createPowerWatch, OFF_AFTER_SILENCES } from './power-watch.ts';

const MINUTE = 60_000;

/** A watch that has driven and fallen asleep at 0 with a battery at `volts`. */
function parked(volts: number | undefined) {
  const watch = createPowerWatch(-3_600_000);
  watch.wake(-3_600_000);
  watch.answered(-10_000, true);
  watch.voltage(volts);
  watch.fallAsleep(0);
  return watch;
}

describe('engine off', () => {
  it('is suspected after five silences in a row, not after four and an answer', () => {
    const watch = createPowerWatch(0);
    for (let i = 0; i < OFF_AFTER_SILENCES - 1; i += 1) watch.silent();
    watch.answered(0, false);
    for (let i = 0; i < OFF_AFTER_SILENCES - 1; i += 1) watch.silent();
    expect(watch.isSuspicious()).toBe(false);
    watch.silent();
    expect(watch.isSuspicious()).toBe(true);
  });

  it('is not a stop at a red light, nor a hybrid that drives by battery', () => {
    const watch = createPowerWatch(0);
    watch.answered(0, true);
    watch.voltage(12.4);
    expect(watch.isOff(2 * MINUTE)).toBe(false);
    expect(watch.isOff(4 * MINUTE)).toBe(true);
    watch.voltage(14.1);
    expect(watch.isOff(60 * MINUTE)).toBe(false);
    watch.voltage(28.1);
    expect(watch.isOff(60 * MINUTE)).toBe(false);
  });
});

describe('asleep', () => {
  it('looks once a minute, and at a weak battery every ten', () => {
    expect(parked(12.5).restMs(0)).toBe(MINUTE);
    expect(parked(11.6).restMs(0)).toBe(10 * MINUTE);
    expect(parked(undefined).restMs(0)).toBe(MINUTE);
  });

  it('wakes when a generator starts, and not for what the battery does by itself', () => {
    const watch = parked(13.0);
    for (const volts of [12.9, 12.8, 12.7, 12.7, 12.6, 12.6]) expect(watch.feelVoltage(volts, MINUTE)).toBe(false);
    expect(watch.feelVoltage(14.2, 2 * MINUTE)).toBe(true);
  });

  it('looks at the car for a charger once, then takes it for the new rest', () => {
    const watch = parked(12.5);
    expect(watch.feelVoltage(13.6, MINUTE)).toBe(true);
    watch.stayAsleep(MINUTE);
    for (let i = 2; i < 100; i += 1) expect(watch.feelVoltage(13.6, i * MINUTE)).toBe(false);
  });

  it('asks the car after doors and lights, and again less soon when it was nothing', () => {
    const watch = parked(12.6);
    watch.feelVoltage(12.5, MINUTE);
    expect(watch.check(MINUTE)).toBe('voltage');
    watch.feelVoltage(12.2, MINUTE);
    expect(watch.check(MINUTE)).toBe('car');
    watch.stayAsleep(MINUTE);
    watch.feelVoltage(12.6, MINUTE);
    expect(watch.check(2 * MINUTE)).toBe('voltage');
    expect(watch.check(3 * MINUTE)).toBe('car');
    watch.stayAsleep(3 * MINUTE);
    watch.feelVoltage(12.2, MINUTE);
    expect(watch.check(6 * MINUTE)).toBe('voltage');
    expect(watch.check(7 * MINUTE)).toBe('car');
  });

  it.each([0.7, 1.5])('asks the car about every half hour when the adapter measures nonsense (±%s V)', (swingV) => {
    const watch = parked(12.5);
    let asked = 0;
    for (let now = MINUTE; now < 7 * 24 * 60 * MINUTE; now += MINUTE) {
      const volts = 12 + ((now / MINUTE) % 2) * swingV;
      if (watch.check(now) === 'voltage' && !watch.feelVoltage(volts, now)) continue;
      asked += 1;
      watch.stayAsleep(now);
    }
    // Two kinds of signs, each with its own pause.
    expect(asked).toBeLessThan(7 * 2 * 48 + 20);
  });

  it('asks the car ever more rarely, and after a day only when the voltage moves', () => {
    const watch = parked(12.5);
    const askedAtMs: number[] = [];
    for (let now = MINUTE; now < 30 * 24 * 60 * MINUTE; now += MINUTE) {
      if (watch.check(now) === 'voltage') watch.feelVoltage(12.5, MINUTE);
      else {
        askedAtMs.push(now);
        watch.stayAsleep(now);
      }
    }
    expect(askedAtMs.length).toBeGreaterThan(5);
    expect(askedAtMs.length).toBeLessThan(40);
    expect(askedAtMs.at(-1)).toBeLessThan(25 * 60 * MINUTE);
  });

  it('goes on asking rarely when the adapter cannot tell the voltage', () => {
    const watch = parked(undefined);
    let asked = 0;
    for (let now = MINUTE; now < 7 * 24 * 60 * MINUTE; now += MINUTE) {
      if (watch.check(now) === 'voltage') watch.feelVoltage(undefined, now);
      else {
        asked += 1;
        watch.stayAsleep(now);
      }
    }
    expect(asked).toBeGreaterThan(150);
    expect(asked).toBeLessThan(200);
  });

  it('comes back soon when the car fell silent while its generator ran, for some minutes', () => {
    const watch = parked(14.1);
    expect(watch.restMs(0)).toBe(5_000);
    expect(watch.check(5_000)).toBe('car');
    watch.stayAsleep(5_000);
    expect(watch.restMs(5_000)).toBe(10_000);
    expect(watch.restMs(11 * MINUTE)).toBe(MINUTE);
  });
});
