import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearestOnSegment, toPlane } from './geometry/plane.ts';
import { createPlaceFinder } from './place-finder.ts';
import { buildRoadGraph } from './road-graph.ts';

const graph = buildRoadGraph();
const find = createPlaceFinder(graph);

describe('naming a position', () => {
  it.each([
    ['Avenue des Vosges', 48.589, 7.753],
    ['Route du Polygone', 48.56685, 7.7626],
    ['Autoroute A 35', 48.563, 7.7308],
  ])('says %s on it', (street, lat, lon) => {
    expect(find(lat, lon)?.street).toBe(street);
  });

  it('knows the quarter and the limit of the Route du Polygone', () => {
    expect(find(48.5655, 7.764)).toEqual({ street: 'Route du Polygone', quarter: 'Neudorf', speedLimitKmh: 50 });
  });

  it('says nothing in the Rhine, far away, or for a broken position', () => {
    expect(find(48.59, 7.8045)).toBeUndefined();
    expect(find(0, 0)).toBeUndefined();
    expect(find(Number.NaN, 7.75)).toBeUndefined();
  });

  it('agrees with a search through every edge', () => {
    const segments = graph.edges.flatMap((edge) =>
      edge.points.slice(1).map((point, i) => ({ edge, a: toPlane(edge.points[i]!), b: toPlane(point) })),
    );
    const place = fc.tuple(
      fc.double({ min: 48.5, max: 48.66, noNaN: true }),
      fc.double({ min: 7.62, max: 7.85, noNaN: true }),
    );
    fc.assert(
      fc.property(place, ([lat, lon]) => {
        const p = toPlane([lat, lon]);
        let nearestM = 60;
        for (const { a, b } of segments) nearestM = Math.min(nearestM, nearestOnSegment(p, a, b).distanceM);
        const found = find(lat, lon);
        if (!found) return nearestM >= 60;
        return segments.some(
          ({ edge, a, b }) => edge.name === found.street && nearestOnSegment(p, a, b).distanceM <= nearestM + 1e-6,
        );
      }),
      { numRuns: 60 },
    );
  });
});
