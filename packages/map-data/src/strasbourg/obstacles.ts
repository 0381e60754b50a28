import { nearestOnSegment, type PlanePoint, toPlane } from '../geometry/plane.ts';
import { isInside, polygon } from '../geometry/polygon.ts';
import { createSegmentGrid } from '../geometry/segment-grid.ts';
import { smoothLine } from '../geometry/smooth.ts';
import { LAND_AREAS } from './land.ts';
import { MOTORWAYS } from './motorways.ts';
import { RAILWAYS } from './railways.ts';
import { WATER_AREAS, WATER_LINES } from './water.ts';

const BANK_M = 12;
const MOTORWAY_M = 35;
const RAILWAY_M = 18;
const CELL_M = 120;

/** Makes the test "may a small street lie here?": not in or at water, rails, motorways, parks, woods or graveyards. */
export function createObstacles(): (p: PlanePoint) => boolean {
  const keepOff = [
    ...WATER_LINES.map(({ points, widthM }) => ({ points: smoothLine(points), clearM: widthM / 2 + BANK_M })),
    ...MOTORWAYS.map(({ points }) => ({ points: smoothLine(points), clearM: MOTORWAY_M })),
    ...RAILWAYS.map(({ points }) => ({ points: smoothLine(points), clearM: RAILWAY_M })),
  ];
  const grid = createSegmentGrid(
    keepOff.map(({ points }) => points.map(toPlane)),
    CELL_M,
    (line) => keepOff[line]!.clearM,
  );
  const areas = [
    ...WATER_AREAS.map(({ shore }) => polygon(shore.map(toPlane))),
    ...LAND_AREAS.map(({ outline }) => polygon(outline.map(toPlane))),
  ];
  return (p) => {
    for (const segment of grid.at(p)) {
      if (nearestOnSegment(p, segment.a, segment.b).distanceM < keepOff[segment.line]!.clearM) return false;
    }
    return !areas.some((area) => isInside(p, area));
  };
}
