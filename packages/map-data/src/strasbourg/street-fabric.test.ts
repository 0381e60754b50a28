import { describe, expect, it } from 'vitest';
import { crossing, nearestOnSegment, toPlane } from '../geometry/plane.ts';
import { isInside, polygon } from '../geometry/polygon.ts';
import { smoothLine } from '../geometry/smooth.ts';
import { createRoadNetwork } from '../graph/road-network.ts';
import { MAIN_ROADS } from './main-roads.ts';
import { QUARTERS } from './quarters.ts';
import { WATER_LINES } from './water.ts';

const { lines } = createRoadNetwork();
const rivers = WATER_LINES.map((river) => ({ ...river, points: smoothLine(river.points) }));
const fabric = lines.filter((line) => line.class === 'minor_road' && line.quarter !== undefined);

describe('the generated streets', () => {
  it('fill every quarter', () => {
    const counts = new Map<string, number>();
    for (const { quarter } of fabric) counts.set(quarter!, (counts.get(quarter!) ?? 0) + 1);
    for (const { name } of QUARTERS) expect(counts.get(name) ?? 0, name).toBeGreaterThanOrEqual(8);
    expect(fabric.length).toBeGreaterThan(500);
  });

  it('never carry the name of a hand-drawn street', () => {
    const drawn = new Set(MAIN_ROADS.map(({ name }) => name));
    expect(fabric.filter(({ name }) => drawn.has(name))).toEqual([]);
  });

  it('stay near their quarter: only the last stretch to a main road may leave it', () => {
    const outlines = new Map(QUARTERS.map(({ name, outline }) => [name, polygon(outline.map(toPlane))]));
    const strays = fabric.filter(({ quarter, points }) => {
      const inner = points.slice(1, -1);
      const inside = inner.filter((point) => isInside(toPlane(point), outlines.get(quarter!)!));
      return inside.length < inner.length - 2;
    });
    expect(strays.map(({ name }) => name)).toEqual([]);
  });

  it('do not run in a river: no drawn point lies on water', () => {
    const wet = fabric.filter(({ points }) =>
      points.slice(1, -1).some((point) =>
        rivers.some(({ points: river, widthM }) =>
          river.slice(1).some((end, i) => {
            return nearestOnSegment(toPlane(point), toPlane(river[i]!), toPlane(end)).distanceM < widthM / 2;
          }),
        ),
      ),
    );
    expect(wet.map(({ name, quarter }) => `${name}, ${quarter}`)).toEqual([]);
  });

  it('leave the Rhine to its two bridges', () => {
    const rhine = WATER_LINES.find(({ name }) => name === 'Le Rhin')!.points.map(toPlane);
    const over = lines.filter(({ points }) =>
      points.slice(1).some((end, i) => {
        const [a, b] = [toPlane(points[i]!), toPlane(end)];
        return rhine.slice(1).some((bank, k) => crossing(a, b, rhine[k]!, bank));
      }),
    );
    expect([...new Set(over.map(({ name }) => name))].sort()).toEqual(['Rocade sud', 'Route du Rhin']);
  });
});
