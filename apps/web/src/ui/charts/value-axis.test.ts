import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { axisRange, axisTicks, parseBound, tickDecimals } from './value-axis';

describe('axisRange', () => {
  it('begins at zero when zero is near and rounds outwards', () => {
    expect(axisRange([788, 2840], {})).toEqual([0, 3000]);
    expect(axisRange([0, 115], {}, 2)).toEqual([0, 125]);
    expect(axisRange([85, 92], {}, 4)).toEqual([85, 92]);
  });
  it('uses typed bounds as they are', () => {
    expect(axisRange([0, 114], { min: 20, max: 90 })).toEqual([20, 90]);
    expect(axisRange([0, 114], { max: 60 })).toEqual([0, 60]);
  });
  it('does not let noise fill the height, nor go below zero for it', () => {
    expect(axisRange([88, 90], {}, 2, 20)).toEqual([77.5, 100]);
    const [min, max] = axisRange([1, 2], {}, 2, 20);
    expect(min).toBe(0);
    expect(max).toBeGreaterThanOrEqual(20);
  });
  it('survives bounds the wrong way round, a flat line and no points', () => {
    const [min, max] = axisRange([0, 100], { min: 50, max: 10 });
    expect(max).toBeGreaterThan(min);
    expect(axisRange([14, 14], {})[1]).toBeGreaterThan(14);
    expect(axisRange(undefined, {})[1]).toBeGreaterThan(0);
  });
  it('always holds the extremes', () => {
    void fc.assert(
      fc.property(
        fc.double({ min: -1e5, max: 1e5, noNaN: true }),
        fc.double({ min: -1e5, max: 1e5, noNaN: true }),
        (a, b) => {
          const low = Math.min(a, b);
          const high = Math.max(a, b);
          const [min, max] = axisRange([low, high], {});
          // Rounding may shave a billionth of the height off, far less than a pixel.
          const shaved = (max - min) * 1e-9;
          expect(min).toBeLessThanOrEqual(low + shaved);
          expect(max).toBeGreaterThanOrEqual(high - shaved);
        },
      ),
    );
  });
});

describe('ticks and typed bounds', () => {
  it('stands on round values inside the ends', () => {
    expect(axisTicks(0, 4000, 2)).toEqual([0, 2000, 4000]);
    expect(axisTicks(-0.6, 0.4, 4)).toEqual([-0.5, -0.25, 0, 0.25]);
    expect(tickDecimals([-0.5, -0.25])).toBe(2);
    expect(tickDecimals([0, 50])).toBe(0);
  });
  it('reads commas, thin spaces and the minus sign', () => {
    expect(parseBound('−0,35')).toBe(-0.35);
    expect(parseBound('2\u202f500')).toBe(2500);
    expect(parseBound('')).toBeUndefined();
    expect(parseBound('much')).toBeUndefined();
  });
});
