import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LatLon } from '../strasbourg/road-line.ts';
import { smoothLine } from './smooth.ts';

const point = fc.tuple(
  fc.double({ min: 48.5, max: 48.7, noNaN: true }),
  fc.double({ min: 7.6, max: 7.9, noNaN: true }),
);

describe('smoothing a drawn line', () => {
  it('passes through every drawn point, in order, and strays at most a span', () => {
    fc.assert(
      fc.property(fc.array(point, { minLength: 2, maxLength: 12 }), fc.boolean(), (points: LatLon[], closed) => {
        const curve = smoothLine(points, closed);
        let from = 0;
        for (const drawn of points) {
          from = curve.indexOf(drawn, from);
          expect(from).toBeGreaterThanOrEqual(0);
        }
        for (const [lat, lon] of curve) expect(lat > 48.3 && lat < 48.9 && lon > 7.3 && lon < 8.2).toBe(true);
      }),
    );
  });

  it('keeps a right angle sharp', () => {
    const corner: LatLon[] = [
      [48.5, 7.7],
      [48.5, 7.71],
      [48.51, 7.71],
    ];
    for (const [lat, lon] of smoothLine(corner)) expect(Math.min(lat - 48.5, 7.71 - lon)).toBeCloseTo(0, 9);
  });
});
