import type { MetricSeries } from '@temoin/shared/history';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extendSeries, holeAfterMs, keepTail } from './extend-series';

const series = (part: Partial<MetricSeries> = {}): MetricSeries => ({
  metric: 'rpm',
  at: [],
  value: [],
  gaps: [],
  readings: 0,
  ...part,
});
const reading = (at: number, rpm: number) => ({ at, values: { rpm } });

describe('extendSeries', () => {
  it('appends newer readings and keeps min, mean and max right', () => {
    const before = series({ at: [1000, 2000], value: [800, 900], readings: 2, min: 800, mean: 850, max: 900 });
    const after = extendSeries(
      before,
      [reading(2000, 7000), reading(3000, 1300), { at: 4000, values: { obdSpeedKmh: 9 } }],
      0,
    );
    expect(after.at).toEqual([1000, 2000, 3000]);
    expect(after).toMatchObject({ readings: 3, min: 800, max: 1300, mean: 1000 });
  });

  it('takes nothing twice and nothing old', () => {
    const before = series({ at: [5000], value: [1], readings: 1, min: 1, mean: 1, max: 1 });
    expect(extendSeries(before, [reading(5000, 2), reading(4000, 3)], 0)).toBe(before);
  });

  it('makes a hole of a silence, longer for metrics that are rarely polled', () => {
    const long = holeAfterMs('rpm') + 1000;
    const before = series({ at: [1000], value: [800], readings: 1, min: 800, mean: 800, max: 800 });
    expect(extendSeries(before, [reading(1000 + long, 900)], 0).gaps).toEqual([{ from: 1000, to: 1000 + long }]);
    const coolant = series({
      metric: 'coolantTempC',
      at: [1000],
      value: [80],
      readings: 1,
      min: 80,
      mean: 80,
      max: 80,
    });
    expect(extendSeries(coolant, [{ at: 61_000, values: { coolantTempC: 81 } }], 0).gaps).toEqual([]);
  });

  it('never loses an extreme however long it grows', () => {
    void fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 6000 }), { minLength: 1, maxLength: 200 }),
        fc.integer({ min: 0, max: 9000 }),
        (peaks, spare) => {
          const readings = peaks.flatMap((peak, i) =>
            Array.from({ length: 30 }, (_, n) => reading((i * 30 + n + 1) * 1000, n === 7 ? peak : 1500)),
          );
          readings.push(reading(peaks.length * 30_000 + 1000, spare));
          let grown = series();
          for (let i = 0; i < readings.length; i += 500) grown = extendSeries(grown, readings.slice(i, i + 500), 0);
          const values = readings.map((r) => r.values.rpm);
          expect(Math.max(...grown.value)).toBe(Math.max(...values));
          expect(Math.min(...grown.value)).toBe(Math.min(...values));
          expect(grown.at.length).toBeLessThanOrEqual(2_400);
          expect(grown.readings).toBe(readings.length);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('keepTail', () => {
  it('sorts and stays bounded', () => {
    expect(keepTail([reading(2, 1)], [reading(1, 1)]).map((r) => r.at)).toEqual([1, 2]);
    expect(
      keepTail(
        [],
        Array.from({ length: 9 }, (_, i) => reading(i, 0)),
        4,
      ).map((r) => r.at),
    ).toEqual([5, 6, 7, 8]);
  });
});
