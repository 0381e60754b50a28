import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simplifyRuns, type TrackPoint } from './simplify-track.ts';

const point = (lat: number, lon: number, at: number): TrackPoint => ({ lat, lon, at, speedKmh: at % 130 });
const runsOf = fc
  .array(
    fc.array(fc.tuple(fc.double({ min: -80, max: 80, noNaN: true }), fc.double({ min: -170, max: 170, noNaN: true })), {
      minLength: 1,
      maxLength: 40,
    }),
    { maxLength: 8 },
  )
  .map((runs) => runs.map((run, r) => run.map(([lat, lon], i) => point(lat, lon, r * 1000 + i))));

describe('simplifyRuns', () => {
  it('keeps the ends of every run, the order, and not more than asked for', () => {
    void fc.assert(
      fc.property(runsOf, fc.integer({ min: 16, max: 60 }), (runs, most) => {
        const simple = simplifyRuns(runs, most);
        expect(simple.flat().length).toBeLessThanOrEqual(most);
        expect(simple).toHaveLength(runs.length);
        simple.forEach((run, r) => {
          expect([run[0], run.at(-1)]).toEqual([runs[r]![0], runs[r]!.at(-1)]);
          expect(run).toEqual(runs[r]!.filter((p) => run.includes(p)));
        });
      }),
    );
  });

  it('leaves a track that is short enough as it is', () => {
    const run = [point(0, 0, 0), point(0, 0, 1), point(0, 0, 2)];
    expect(simplifyRuns([run], 3)).toEqual([run]);
  });

  it('drops what lies on the line and keeps the corners', () => {
    const east = Array.from({ length: 50 }, (_, i) => point(48, 7 + i / 1000, i));
    const north = Array.from({ length: 50 }, (_, i) => point(48 + i / 1000, 7.049, 50 + i));
    expect(simplifyRuns([[...east, ...north]], 3)[0]!.map((p) => p.at)).toEqual([0, 49, 99]);
  });

  it('chooses as a plain search for the smallest triangle would', () => {
    void fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 })), {
          minLength: 3,
          maxLength: 25,
        }),
        (line) => {
          const run = line.map(([x, y], i) => point(x + i * 1e-7, y + i ** 2 * 1e-7, i));
          const most = Math.max(2, run.length - 4);
          expect(simplifyRuns([run], most)[0]).toHaveLength(Math.min(run.length, most));
          const areas = (kept: readonly TrackPoint[]) =>
            kept.slice(1, -1).map((p, i) => areaOf(kept[i]!, p, kept[i + 2]!));
          // The first point to go is the one with the smallest triangle.
          const first = run.find((p) => !simplifyRuns([run], run.length - 1)[0]!.includes(p))!;
          expect(areaOf(run[first.at - 1]!, first, run[first.at + 1]!)).toBeCloseTo(Math.min(...areas(run)), 12);
        },
      ),
    );
  });

  it('keeps the longest runs where their ends alone are too many', () => {
    const runs = Array.from({ length: 30 }, (_, r) => Array.from({ length: r + 1 }, (_, i) => point(r, i, i)));
    const simple = simplifyRuns(runs, 20);
    expect(simple).toHaveLength(10);
    expect(simple.flat()).toHaveLength(20);
    expect(simple[0]![0]!.lat).toBe(20);
  });

  it('takes a hundred thousand points of one place, and a spiral', () => {
    const parked = Array.from({ length: 100_000 }, (_, i) => point(48.5, 7.7, i));
    expect(simplifyRuns([parked], 2000)[0]).toHaveLength(2000);
    const spiral = Array.from({ length: 100_000 }, (_, i) =>
      point((i / 2e6) * Math.sin(i), (i / 2e6) * Math.cos(i), i),
    );
    expect(simplifyRuns([spiral], 2000)[0]).toHaveLength(2000);
  });
});

const areaOf = (a: TrackPoint, b: TrackPoint, c: TrackPoint): number =>
  Math.abs(((a.lon - b.lon) * (c.lat - b.lat) - (c.lon - b.lon) * (a.lat - b.lat)) * Math.cos((b.lat * Math.PI) / 180));
