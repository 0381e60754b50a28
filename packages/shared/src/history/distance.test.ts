import { describe, expect, it } from 'vitest';
import { distanceKm, GAP_MS } from './distance.ts';

describe('distanceKm', () => {
  it('integrates speed by trapezoids', () => {
    const hour = Array.from({ length: 3601 }, (_, i) => ({ at: i * 1000, speedKmh: 36 }));
    expect(distanceKm(hour)).toBeCloseTo(36, 9);
    expect(
      distanceKm([
        { at: 0, speedKmh: 0 },
        { at: 10_000, speedKmh: 72 },
      ]),
    ).toBeCloseTo(0.1, 9);
  });

  it('assumes nothing about holes', () => {
    expect(
      distanceKm([
        { at: 0, speedKmh: 100 },
        { at: GAP_MS + 1, speedKmh: 100 },
      ]),
    ).toBe(0);
  });

  it('falls back on positions', () => {
    // One degree of latitude on the mean sphere is 111.195 km; 1/1000 of it here.
    expect(
      distanceKm([
        { at: 0, lat: 48, lon: 7 },
        { at: 5000, lat: 48.001, lon: 7 },
      ]),
    ).toBeCloseTo(0.111195, 5);
  });

  it('passes over readings with neither, and instants that repeat', () => {
    const readings = [{ at: 0, speedKmh: 36 }, { at: 500 }, { at: 1000, speedKmh: 36 }, { at: 1000, speedKmh: 36 }];
    expect(distanceKm(readings)).toBeCloseTo(0.01, 9);
  });
});
