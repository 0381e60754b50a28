import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ARC_FROM_DEG,
  ARC_SWEEP_DEG,
  angleOf,
  arcPath,
  dangerStretches,
  normalStretch,
  pointAt,
  shareOf,
} from './gauge-geometry';

const CENTRE = { x: 64, y: 64 };

describe('angleOf', () => {
  it('puts the ends 240° apart, symmetric about the vertical', () => {
    const from = pointAt(CENTRE, 50, angleOf(0, 0, 200));
    const to = pointAt(CENTRE, 50, angleOf(200, 0, 200));
    expect(angleOf(200, 0, 200) - angleOf(0, 0, 200)).toBe(ARC_SWEEP_DEG);
    expect(from.y).toBeCloseTo(to.y, 6);
    expect(from.x - CENTRE.x).toBeCloseTo(CENTRE.x - to.x, 6);
    expect(from.x).toBeLessThan(CENTRE.x);
    expect(from.y).toBeGreaterThan(CENTRE.y);
  });

  it('puts the middle of the scale at the top, also on a scale that begins below zero', () => {
    const top = pointAt(CENTRE, 50, angleOf(10, -40, 60));
    expect(top.x).toBeCloseTo(64, 6);
    expect(top.y).toBeCloseTo(14, 6);
  });

  it('never leaves the arc, whatever the value', () => {
    void fc.assert(
      fc.property(
        fc.double(),
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        (value, min, width) => {
          const angle = angleOf(value, min, min + width);
          expect(angle).toBeGreaterThanOrEqual(ARC_FROM_DEG);
          expect(angle).toBeLessThanOrEqual(ARC_FROM_DEG + ARC_SWEEP_DEG);
        },
      ),
    );
  });

  it('grows with the value', () => {
    expect(shareOf(48, 0, 200)).toBeCloseTo(0.24);
    expect(shareOf(60, 0, 200)).toBeGreaterThan(shareOf(48, 0, 200));
  });
});

describe('arcPath', () => {
  it('takes the long way round above 180° only', () => {
    expect(arcPath(CENTRE, 50, 150, 390)).toContain('A50 50 0 1 1');
    expect(arcPath(CENTRE, 50, 150, 300)).toContain('A50 50 0 0 1');
  });

  it('draws nothing for an arc without length', () => {
    expect(arcPath(CENTRE, 50, 150, 150)).toBe('');
  });
});

describe('stretches', () => {
  it('clips danger to the scale and leaves out what lies beyond it', () => {
    expect(dangerStretches({ above: 4600 }, 0, 5000)).toEqual([[4600, 5000]]);
    expect(dangerStretches({ below: 11.5 }, 8, 16)).toEqual([[8, 11.5]]);
    expect(dangerStretches({ above: 6000 }, 0, 5000)).toEqual([]);
    expect(dangerStretches(undefined, 0, 1)).toEqual([]);
  });

  it('clips the normal range', () => {
    expect(normalStretch([80, 100], 0, 130)).toEqual([80, 100]);
    expect(normalStretch([20, 230], 0, 100)).toEqual([20, 100]);
    expect(normalStretch([200, 230], 0, 100)).toBeUndefined();
  });
});
