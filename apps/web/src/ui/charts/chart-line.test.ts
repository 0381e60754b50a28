import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignLines, type ChartLine, extremesOf, pointNear, shiftLine } from './chart-line';
import { thinPoints } from './thin-points';

const line = (part: Partial<ChartLine>): ChartLine => ({
  id: 'rpm',
  label: 'Régime',
  unit: 'rpm',
  at: [],
  value: [],
  holes: [],
  join: 'line',
  colour: 1,
  decimals: 0,
  ...part,
});

describe('alignLines', () => {
  it('breaks the line inside a hole and nowhere else', () => {
    const [times, values] = alignLines([
      line({ at: [1000, 2000, 90_000], value: [1, 2, 3], holes: [{ from: 2000, to: 90_000 }] }),
    ]);
    expect(times).toEqual([1000, 2000, 46_000, 90_000]);
    expect(values).toEqual([1, 2, null, 3]);
  });

  it('breaks at the rows of other lines too, inside its own hole', () => {
    const [times, a] = alignLines([
      line({ at: [0, 100], value: [1, 2], holes: [{ from: 0, to: 100 }] }),
      line({ id: 'b', at: [0, 80, 100], value: [3, 4, 5], holes: [] }),
    ]);
    expect(times).toEqual([0, 50, 80, 100]);
    expect(a).toEqual([1, null, null, 2]);
  });

  it('leaves instants of other lines undefined, so that they do not break this one', () => {
    const [times, a, b] = alignLines([
      line({ at: [1, 3], value: [10, 30] }),
      line({ id: 'b', at: [2, 3], value: [20, 31] }),
    ]);
    expect(times).toEqual([1, 2, 3]);
    expect(a).toEqual([10, undefined, 30]);
    expect(b).toEqual([undefined, 20, 31]);
  });

  it('keeps every point of every line, in order of time', () => {
    const instants = fc
      .uniqueArray(fc.integer({ min: 0, max: 10_000 }), { maxLength: 60 })
      .map((all) => all.sort((x, y) => x - y));
    void fc.assert(
      fc.property(instants, instants, (a, b) => {
        const [times, columnA, columnB] = alignLines([line({ at: a, value: a }), line({ at: b, value: b })]);
        expect([...times].sort((x, y) => x - y)).toEqual(times);
        expect(columnA!.filter((v) => v !== undefined)).toEqual(a);
        expect(columnB!.filter((v) => v !== undefined)).toEqual(b);
      }),
    );
  });
});

describe('pointNear', () => {
  const drawn = line({ at: [0, 1000, 60_000], value: [1, 2, 3], holes: [{ from: 1000, to: 60_000 }] });
  it('finds the nearest within the tolerance', () => {
    expect(pointNear(drawn, 700, 1500)).toEqual({ at: 1000, value: 2 });
    expect(pointNear(drawn, 65_000, 1500)).toBeUndefined();
  });
  it('says nothing inside a hole', () => {
    expect(pointNear(drawn, 1001, 60_000)).toBeUndefined();
  });
  it('holds the value of a step', () => {
    expect(pointNear(line({ at: [0, 90_000], value: [1, 0], join: 'step' }), 80_000, 1)).toEqual({ at: 0, value: 1 });
  });
});

describe('shiftLine and extremesOf', () => {
  it('moves points and holes alike', () => {
    const moved = shiftLine(line({ at: [1, 9], value: [5, 6], holes: [{ from: 1, to: 9 }] }), 100);
    expect(moved.at).toEqual([101, 109]);
    expect(moved.holes).toEqual([{ from: 101, to: 109 }]);
  });
  it('looks at the window only', () => {
    const drawn = line({ at: [1, 2, 3], value: [9, -4, 2] });
    expect(extremesOf([drawn])).toEqual([-4, 9]);
    expect(extremesOf([drawn], 3, 9)).toEqual([2, 2]);
    expect(extremesOf([drawn], 4, 9)).toBeUndefined();
  });
});

describe('thinPoints', () => {
  it('never loses the least or the greatest value, nor the ends', () => {
    void fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 3000 }),
        fc.integer({ min: 1, max: 50 }),
        (value, buckets) => {
          const at = value.map((_, i) => i * 1000);
          const thin = thinPoints({ at, value }, [], buckets);
          expect(Math.min(...thin.value)).toBe(Math.min(...value));
          expect(Math.max(...thin.value)).toBe(Math.max(...value));
          expect(thin.at[0]).toBe(at[0]);
          expect(thin.at.at(-1)).toBe(at.at(-1));
          expect(thin.at.length).toBeLessThanOrEqual(Math.max(4 * buckets + 4, 4));
          for (const [i, t] of thin.at.entries()) expect(thin.value[i]).toBe(value[t / 1000]);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('keeps a peak of one reading in a day of them', () => {
    const at = Array.from({ length: 86_400 }, (_, i) => i * 1000);
    const value = at.map((_, i) => (i === 54_321 ? 250 : 90));
    const thin = thinPoints({ at, value }, [], 250);
    expect(thin.at.length).toBeLessThanOrEqual(1004);
    expect(thin.value).toContain(250);
  });

  it('keeps both edges of a hole that lies inside one bucket', () => {
    const at = [...Array.from({ length: 50 }, (_, i) => i), ...Array.from({ length: 50 }, (_, i) => 100 + i)];
    const thin = thinPoints({ at, value: at.map(() => 1) }, [{ from: 49, to: 100 }], 1);
    expect(thin.at).toContain(49);
    expect(thin.at).toContain(100);
  });
});
