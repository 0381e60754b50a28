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

  it('believes positions where speeds are rare, but not a position that was held', () => {
    const moved = { at: 5000, speedKmh: 72, lat: 48.0009, lon: 7 };
    expect(distanceKm([{ at: 0, speedKmh: 72, lat: 48, lon: 7 }, moved])).toBeCloseTo(0.100075, 5);
    const held = { ...moved, lat: 48 };
    expect(distanceKm([{ at: 0, speedKmh: 72, lat: 48, lon: 7 }, held])).toBeCloseTo(0.1, 9);
  });

  it('does not let the noise of positions add up where speeds are frequent', () => {
    const standing = Array.from({ length: 61 }, (_, i) => ({
      at: i * 1000,
      speedKmh: 0,
      lat: 48 + (i % 2) * 5e-5,
      lon: 7,
    }));
    expect(distanceKm(standing)).toBe(0);
  });

  it('counts no stretch twice when speed and position come at different instants', () => {
    const readings = Array.from({ length: 601 }, (_, i) =>
      i % 2 === 0 ? { at: i * 500, speedKmh: 36 } : { at: i * 500, lat: 48 + i * 4.5e-5, lon: 7 },
    );
    expect(distanceKm(readings)).toBeCloseTo(3, 9);
    // The same with speeds too rare to be integrated: 5 m in each 500 ms, by the positions alone.
    const rare = readings.filter(
      (reading) => reading.at % 500 === 0 && (reading.at % 1000 !== 0 || reading.at % 10_000 === 0),
    );
    expect(distanceKm(rare)).toBeCloseTo(3, 1);
  });
});
