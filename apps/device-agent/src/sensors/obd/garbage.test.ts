import { METRIC_KEYS } from '@temoin/shared/metrics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFakeClock } from './testing/fake-clock.ts';
import { type FaultRates, faultyPort, NO_FAULTS, seeded } from './testing/faults.ts';
import { ordinaryCar, startSensor } from './testing/run-sensor.ts';
import { createStandInAdapter } from './testing/stand-in-adapter.ts';

// A line that does its worst, in front of the stand-in adapter, whose car says the same all the time: any other value was
// invented. Minutes of fake time per run.

const MINUTE = 60_000;

/** All values, facts and what else came out of the driver within `forMs` on a faulty line. */
async function driveThrough(rates: FaultRates, seed: number, forMs: number) {
  const clock = createFakeClock();
  const random = seeded(seed);
  const adapter = createStandInAdapter(ordinaryCar(), clock);
  const run = startSensor(clock, adapter, {
    random,
    open: async () => faultyPort(await adapter.open(), rates, random, clock),
  });
  await run.pass(forMs);
  const { counts } = run.sensor.status();
  await run.end();
  return { ...run, adapter, counts };
}

/** What a quiet line gives. */
async function truth() {
  const { valuesOf, facts } = await driveThrough(NO_FAULTS, 1, 5 * MINUTE);
  const values = new Map(METRIC_KEYS.map((key) => [key, new Set(valuesOf(key))]));
  return { values, codes: facts.flatMap((fact) => (fact.kind === 'faults' ? fact.codes : [])) };
}

const rate = (max: number) => fc.double({ min: 0, max, noNaN: true });

describe('a line that does its worst', () => {
  it('never makes up a value, a code or a light, and never stops the driver', async () => {
    const { values, codes } = await truth();
    expect(codes).toEqual(['P0401']);
    const faults = fc.record({
      drop: rate(0.2),
      garbage: rate(0.3),
      echo: rate(0.3),
      split: rate(0.5),
      delay: rate(0.3),
      delayMs: fc.constantFrom(200, 2_000, 10_000),
      desynchronise: rate(0.1),
      prompt: rate(0.2),
      cut: rate(0.01),
    });
    await fc.assert(
      fc.asyncProperty(faults, fc.nat(), async (rates, seed) => {
        const run = await driveThrough(rates, seed, 4 * MINUTE);
        for (const { values: read } of run.readings)
          for (const [key, value] of Object.entries(read)) expect(values.get(key as never), key).toContain(value);
        for (const fact of run.facts) expect(fact).toMatchObject({ kind: 'faults', milOn: true, codes: ['P0401'] });
        expect(run.adapter.heard.map(({ command }) => command)).not.toContain('04');
      }),
      { numRuns: 40 },
    );
  }, 120_000);

  it.each<[string, Partial<FaultRates>, number]>([
    ['loses bytes', { drop: 0.02 }, 150],
    ['adds noise', { garbage: 0.02 }, 150],
    ['echoes', { echo: 0.05 }, 150],
    ['splits everything', { split: 1 }, 400],
    ['is slow', { delay: 0.2, delayMs: 1_500 }, 150],
    ['answers one place too late now and then', { desynchronise: 0.01 }, 150],
    ['prompts twice', { prompt: 0.02 }, 150],
    ['is cut now and then', { cut: 0.002 }, 200],
  ])('that %s still carries most of the values', async (_, rates, atLeast) => {
    const run = await driveThrough({ ...NO_FAULTS, ...rates }, 7, 10 * MINUTE);
    expect(run.valuesOf('rpm').length).toBeGreaterThan(atLeast);
  });

  it('costs nothing when it is quiet', async () => {
    const { counts, adapter } = await driveThrough(NO_FAULTS, 1, 10 * MINUTE);
    expect(counts).toMatchObject({ garbled: 0, resyncs: 0, restarts: 0, opened: 1 });
    expect(adapter.interrupted).toBe(0);
  });

  it('of pure noise is opened again and again, ever more rarely', async () => {
    const clock = createFakeClock();
    const random = seeded(3);
    const run = startSensor(clock, createStandInAdapter(ordinaryCar(), clock), {
      random,
      open: async () => {
        let close = (_: string) => {};
        const closed = new Promise<string>((resolve) => {
          close = resolve;
        });
        let listener = (_: Uint8Array) => {};
        const babble = async () => {
          for (;;) {
            await clock.sleep(20 + random() * 500);
            const bytes = Array.from({ length: 1 + Math.floor(random() * 60) }, () => Math.floor(random() * 256));
            listener(Uint8Array.from(bytes));
          }
        };
        void babble();
        return {
          closed,
          onData: (next) => {
            listener = next;
          },
          write: async () => undefined,
          close: async () => close('closed here'),
        };
      },
    });
    await run.pass(20 * MINUTE);
    await run.end();
    expect(run.readings).toEqual([]);
    expect(run.facts).toEqual([]);
    expect(run.sensor.status().counts.opened).toBeLessThan(60);
    expect(run.sensor.status().counts.opened).toBeGreaterThan(10);
  });
});
