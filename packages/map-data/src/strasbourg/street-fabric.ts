import { distanceM, nearestOnSegment, type PlanePoint, toLatLon, toPlane } from '../geometry/plane.ts';
import { isInside, type Polygon, polygon } from '../geometry/polygon.ts';
import { createRandom, type Random } from '../geometry/random.ts';
import { createSegmentGrid, type SegmentGrid } from '../geometry/segment-grid.ts';
import { createObstacles } from './obstacles.ts';
import { QUARTERS, type Quarter } from './quarters.ts';
import type { RoadLine } from './road-line.ts';
import { createStreetNames } from './street-names.ts';
import { createWeave } from './weave.ts';

const STEP_M = 18;
const MIN_STREET_M = 55;
const PARALLEL_M = 26;
const REACH_OUT_M = 95;
const AHEAD_COSINE = 0.35;

interface Mains {
  beside: SegmentGrid;
  inReach: SegmentGrid;
}

/**
 * The small streets, which are INVENTED: in each quarter a warped grid stands for the real ones, so that the map has
 * the grain of a city and vehicles have somewhere to park. Seeded by the quarter's name: every build is the same.
 */
export function createStreetFabric(mainRoads: readonly RoadLine[]): RoadLine[] {
  const isFree = createObstacles();
  const mainShapes = mainRoads.filter((road) => road.level === 0).map((road) => road.points.map(toPlane));
  const mains: Mains = {
    beside: createSegmentGrid(mainShapes, 60, () => PARALLEL_M),
    inReach: createSegmentGrid(mainShapes, 150, () => REACH_OUT_M),
  };
  const nextName = createStreetNames(createRandom('street names'), new Set(mainRoads.map(({ name }) => name)));
  return QUARTERS.flatMap((quarter) => {
    const random = createRandom(quarter.name);
    return quarterStreets(quarter, random, isFree, mains).map(
      (points): RoadLine => ({
        name: nextName(quarter.names, lengthOf(points)),
        class: 'minor_road',
        speedLimitKmh: quarter.name === 'Grande Île' ? 20 : 30,
        level: 0,
        quarter: quarter.name,
        points: points.map(toLatLon),
      }),
    );
  });
}

function quarterStreets(
  quarter: Quarter,
  random: Random,
  isFree: (p: PlanePoint) => boolean,
  mains: Mains,
): PlanePoint[][] {
  const outline = polygon(quarter.outline.map(toPlane));
  const allowed = (p: PlanePoint) => isInside(p, outline) && isFree(p);
  return createWeave(quarter, outline, random)
    .flatMap((street) => pieces(street, outline, allowed, mains))
    .map((street) => reachOut(reachOut(street, isFree, mains).reverse(), isFree, mains))
    .filter((street) => lengthOf(street) >= MIN_STREET_M);
}

/** Walks along a drawn street and keeps the stretches that are allowed and do not hug a main road. */
function pieces(
  street: PlanePoint[],
  outline: Polygon,
  allowed: (p: PlanePoint) => boolean,
  mains: Mains,
): PlanePoint[][] {
  const kept: PlanePoint[][] = [];
  let piece: PlanePoint[] = [];
  const finish = () => {
    if (piece.length === 0) return;
    if (lengthOf(piece) >= MIN_STREET_M * 0.7) kept.push(thinned(piece));
    piece = [];
  };
  for (let i = 1; i < street.length; i++) {
    const a = street[i - 1]!;
    const b = street[i]!;
    if (isBeside(a, b, outline)) {
      finish();
      continue;
    }
    const steps = Math.max(1, Math.ceil(distanceM(a, b) / STEP_M));
    for (let k = i === 1 ? 0 : 1; k <= steps; k++) {
      const p = { x: a.x + ((b.x - a.x) * k) / steps, y: a.y + ((b.y - a.y) * k) / steps };
      if (allowed(p) && !hugs(p, a, b, mains)) piece.push(p);
      else finish();
    }
  }
  finish();
  return kept;
}

function isBeside(a: PlanePoint, b: PlanePoint, { min, max }: Polygon): boolean {
  return (
    (a.x < min.x && b.x < min.x) ||
    (a.x > max.x && b.x > max.x) ||
    (a.y < min.y && b.y < min.y) ||
    (a.y > max.y && b.y > max.y)
  );
}

/** True beside a main road that runs the same way (within about 35°). */
function hugs(p: PlanePoint, a: PlanePoint, b: PlanePoint, mains: Mains): boolean {
  const heading = Math.atan2(b.y - a.y, b.x - a.x);
  return mains.beside.at(p).some((main) => {
    if (nearestOnSegment(p, main.a, main.b).distanceM > PARALLEL_M) return false;
    return Math.abs(Math.cos(heading - Math.atan2(main.b.y - main.a.y, main.b.x - main.a.x))) > 0.82;
  });
}

/** Lengthens a street to the nearest main road when that is close, lies roughly ahead, and nothing is between. */
function reachOut(street: PlanePoint[], isFree: (p: PlanePoint) => boolean, mains: Mains): PlanePoint[] {
  const end = street[street.length - 1]!;
  let foot: PlanePoint | undefined;
  let footM = REACH_OUT_M;
  for (const { a, b } of mains.inReach.at(end)) {
    const near = nearestOnSegment(end, a, b);
    if (near.distanceM >= footM) continue;
    footM = near.distanceM;
    foot = { x: a.x + near.t * (b.x - a.x), y: a.y + near.t * (b.y - a.y) };
  }
  if (!foot || footM < 1) return street;
  const before = street[street.length - 2]!;
  const ahead = (end.x - before.x) * (foot.x - end.x) + (end.y - before.y) * (foot.y - end.y);
  if (ahead / (distanceM(before, end) * footM) < AHEAD_COSINE) return street;
  for (let m = STEP_M; m < footM - STEP_M; m += STEP_M) {
    const t = m / footM;
    if (!isFree({ x: end.x + t * (foot.x - end.x), y: end.y + t * (foot.y - end.y) })) return street;
  }
  return [...street, foot];
}

/** Drops the points that a straight line passes within a metre. */
function thinned(points: PlanePoint[]): PlanePoint[] {
  const kept: PlanePoint[] = [points[0]!];
  for (let i = 1; i + 1 < points.length; i++) {
    const last = kept[kept.length - 1]!;
    const bend = nearestOnSegment(points[i]!, last, points[i + 1]!).distanceM;
    if (bend > 1 || distanceM(last, points[i]!) > 120) kept.push(points[i]!);
  }
  kept.push(points[points.length - 1]!);
  return kept;
}

function lengthOf(points: readonly PlanePoint[]): number {
  let sum = 0;
  for (let i = 1; i < points.length; i++) sum += distanceM(points[i - 1]!, points[i]!);
  return sum;
}
