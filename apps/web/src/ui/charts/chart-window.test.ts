import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lengthOf, moveBy, SHORTEST_WINDOW_MS, windowBetween, zoomAbout } from './chart-window';

const HOUR = { from: 0, to: 3_600_000 };

describe('zoomAbout', () => {
  it('keeps the pivot where it is', () => {
    expect(zoomAbout(HOUR, 900_000, 0.5)).toEqual({ from: 450_000, to: 2_250_000 });
  });

  it('stays within the shortest and longest windows and keeps the pivot inside', () => {
    void fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 3_600_000 }),
        fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
        (pivot, factor) => {
          const zoomed = zoomAbout(HOUR, pivot, factor);
          expect(lengthOf(zoomed)).toBeGreaterThanOrEqual(SHORTEST_WINDOW_MS);
          expect(pivot).toBeGreaterThanOrEqual(zoomed.from - 1);
          expect(pivot).toBeLessThanOrEqual(zoomed.to + 1);
        },
      ),
    );
  });

  it('undoes itself', () => {
    const there = zoomAbout(HOUR, 1_000_000, 0.25);
    expect(zoomAbout(there, 1_000_000, 4)).toEqual(HOUR);
  });
});

describe('moveBy and windowBetween', () => {
  it('moves by a share of the length', () => {
    expect(moveBy(HOUR, -1)).toEqual({ from: -3_600_000, to: 0 });
  });
  it('takes instants in either order and never becomes too short', () => {
    expect(windowBetween(90_000, 10_000)).toEqual({ from: 10_000, to: 90_000 });
    expect(lengthOf(windowBetween(10_000, 10_001))).toBe(SHORTEST_WINDOW_MS);
  });
});
