import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { glideAt, LONGEST_GLIDE_MS, nextGlide } from './glide';
import { toUnit } from './mercator';

const here = toUnit(48.58, 7.75);
const near = toUnit(48.5802, 7.7503);
const far = toUnit(48.7, 7.9);

describe('glide', () => {
  it('starts where the marker is and ends at the fix, within a second', () => {
    const first = nextGlide(undefined, here, 0, 0, true);
    const glide = nextGlide(first, near, 90, 5000, true);
    expect(glideAt(glide, 5000)).toMatchObject({ ...here, isDone: false });
    expect(glideAt(glide, 5000 + LONGEST_GLIDE_MS)).toMatchObject({ ...near, isDone: true });
  });

  it('never runs beyond the fix, however long none comes', () => {
    const glide = nextGlide(nextGlide(undefined, here, 0, 0, true), near, 90, 1000, true);
    expect(glideAt(glide, 60_000)).toMatchObject(near);
  });

  it('does not glide over a gap, nor for people who want less motion', () => {
    const first = nextGlide(undefined, here, 0, 0, true);
    expect(glideAt(nextGlide(first, far, 0, 1000, true), 1000)).toMatchObject({ ...far, isDone: true });
    expect(glideAt(nextGlide(first, near, 0, 1000, false), 1000)).toMatchObject({ ...near, isDone: true });
  });

  it('turns the short way round', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 359 }),
        fc.integer({ min: 0, max: 359 }),
        fc.integer({ min: 0, max: 1000 }),
        (from, to, at) => {
          const glide = nextGlide(nextGlide(undefined, here, from, 0, true), near, to, 2000, true);
          const difference = Math.abs(((glideAt(glide, 2000 + at).headingDeg - from + 540) % 360) - 180);
          expect(difference).toBeLessThanOrEqual(180);
          expect((((glideAt(glide, 3000).headingDeg - to) % 360) + 360) % 360).toBeCloseTo(0);
        },
      ),
    );
  });
});
