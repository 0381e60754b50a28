import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScheduler, type Job } from './scheduler.ts';
import { pollingJobs } from './wanted.ts';

/** Lets an adapter that takes `latencyMs` per request work through the plan; how often each job was asked in the last part. */
function work(jobs: readonly Job[], latencyMs: (id: string) => number, forMs: number, answers = (_: string) => true) {
  const scheduler = createScheduler(jobs, 0);
  const asked = new Map<string, number[]>(jobs.map(({ id }) => [id, []]));
  let now = 0;
  while (now < forMs) {
    const turn = scheduler.next(now);
    if ('waitMs' in turn) {
      now += Math.max(turn.waitMs, 1);
      continue;
    }
    asked.get(turn.id)?.push(now);
    const startedMs = now;
    now += latencyMs(turn.id);
    scheduler.done(turn.id, startedMs, now, answers(turn.id));
  }
  return asked;
}

const count = (times: number[] | undefined, fromMs: number) => times?.filter((at) => at >= fromMs).length ?? 0;

describe('scheduler', () => {
  it('keeps every wanted period as long as the adapter can', () => {
    const jobs = [
      { id: 'fast', everyMs: 1_000 },
      { id: 'slow', everyMs: 20_000 },
    ];
    const asked = work(jobs, () => 62, 120_000);
    expect(count(asked.get('fast'), 20_000)).toBe(100);
    expect(count(asked.get('slow'), 20_000)).toBe(5);
  });

  it('stretches all periods alike when the adapter is too slow', () => {
    const jobs = ['a', 'b', 'c', 'd'].map((id) => ({ id, everyMs: 1_000 })).concat({ id: 'rare', everyMs: 10_000 });
    const asked = work(jobs, () => 500, 600_000);
    const counts = ['a', 'b', 'c', 'd'].map((id) => count(asked.get(id), 100_000));
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(2);
    // 4/1 s and 1/10 s at half a second each: about 2.3 times too much.
    expect(counts[0]).toBeGreaterThan(200);
    expect(count(asked.get('rare'), 100_000)).toBeGreaterThan(15);
  });

  it('never forgets a job, whatever the periods and latencies', () => {
    const job = fc.record({
      everyMs: fc.integer({ min: 100, max: 60_000 }),
      latencyMs: fc.integer({ min: 1, max: 3_000 }),
    });
    fc.assert(
      fc.property(fc.array(job, { minLength: 1, maxLength: 12 }), (wanted) => {
        const jobs = wanted.map(({ everyMs }, i) => ({ id: String(i), everyMs }));
        const load = wanted.reduce((sum, { everyMs, latencyMs }) => sum + latencyMs / everyMs, 0);
        const roundMs = wanted.reduce((sum, { latencyMs }) => sum + latencyMs, 0);
        const forMs = 3 * 60_000 * Math.max(1, load / 0.9);
        const asked = work(jobs, (id) => wanted[Number(id)]?.latencyMs ?? 1, forMs);
        for (const { id, everyMs } of jobs) {
          // Once the latencies are known.
          const times = [...(asked.get(id) ?? []).filter((at) => at > forMs / 3), forMs];
          const gaps = times.slice(1).map((at, i) => at - (times[i] ?? 0));
          expect(Math.max(...gaps)).toBeLessThanOrEqual(2 * everyMs * Math.max(1, load / 0.9) + 2 * roundMs);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('asks what never answers ever more rarely, and goes on asking', () => {
    const jobs = [
      { id: 'good', everyMs: 1_000 },
      { id: 'lie', everyMs: 1_000 },
    ];
    const asked = work(
      jobs,
      () => 60,
      7_200_000,
      (id) => id === 'good',
    );
    expect(count(asked.get('lie'), 3_600_000)).toBeLessThanOrEqual(7);
    expect(count(asked.get('lie'), 3_600_000)).toBeGreaterThanOrEqual(5);
    expect(count(asked.get('good'), 3_600_000)).toBe(3_600);
  });

  it('takes new rates and urgent wishes at once', () => {
    const scheduler = createScheduler([{ id: 'a', everyMs: 60_000 }], 0);
    scheduler.done('a', 0, 60, true);
    expect(scheduler.next(100)).toEqual({ waitMs: 59_900 });
    scheduler.hurry('a', 100);
    expect(scheduler.next(100)).toEqual({ id: 'a' });
    scheduler.done('a', 100, 160, true);
    scheduler.set({ id: 'a', everyMs: 500 });
    expect(scheduler.next(160)).toEqual({ waitMs: 440 });
  });
});

describe('wanted rates', () => {
  it('ask for speed and engine speed every second, for temperatures three times while a value is fresh', () => {
    const jobs = new Map(pollingJobs(new Set([0x0c, 0x0d, 0x05, 0x99])).map(({ id, everyMs }) => [id, everyMs]));
    expect(Object.fromEntries(jobs)).toEqual({ '010C': 1_000, '010D': 1_000, '0105': 20_000 });
  });

  it('are what somebody set, but never a flood', () => {
    expect(pollingJobs(new Set([0x05]), { coolantTempC: 5_000 })).toEqual([{ id: '0105', everyMs: 5_000 }]);
    expect(pollingJobs(new Set([0x05]), { coolantTempC: 0 })).toEqual([{ id: '0105', everyMs: 100 }]);
  });
});
