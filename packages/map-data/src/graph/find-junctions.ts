import { crossing, distanceM, nearestOnSegment, type PlanePoint, toPlane } from '../geometry/plane.ts';
import { createSegmentGrid, type SegmentGrid, type SegmentRef } from '../geometry/segment-grid.ts';
import { INTERCHANGES } from '../strasbourg/motorways.ts';
import type { RoadLine } from '../strasbourg/road-line.ts';

/** A point where a line meets another, `along` = segment index + fraction within it. */
export interface Cut {
  /** The line met here. */
  other: number;
  along: number;
  at: PlanePoint;
  /** True where a motorway and an ordinary road meet, or a motorway meets a motorway. */
  touchesMotorway: boolean;
  touchesGround: boolean;
}

const SNAP_M = 35;
const INTERCHANGE_M = 180;
const CELL_M = 100;

/**
 * Finds every junction of the drawn lines: crossings, shared points, and ends that stop just short of another
 * line (hand-placed points are only as exact as the hand). Loose ends are moved onto the line they mean.
 */
export function findJunctions(lines: readonly RoadLine[], shapes: PlanePoint[][]): Cut[][] {
  const interchanges = INTERCHANGES.map(({ at }) => toPlane(at));
  const cuts: Cut[][] = lines.map(() => []);
  const mayJoin = (a: number, b: number, at: PlanePoint) =>
    lines[a]!.level === lines[b]!.level || interchanges.some((spot) => distanceM(spot, at) < INTERCHANGE_M);
  const join = (a: number, alongA: number, b: number, alongB: number, at: PlanePoint) => {
    const touchesMotorway = lines[a]!.level === 1 || lines[b]!.level === 1;
    const touchesGround = lines[a]!.level === 0 || lines[b]!.level === 0;
    cuts[a]!.push({ other: b, along: alongA, at, touchesMotorway, touchesGround });
    cuts[b]!.push({ other: a, along: alongB, at, touchesMotorway, touchesGround });
  };

  const grid = createSegmentGrid(shapes, CELL_M, () => SNAP_M);
  shapes.forEach((points, line) => {
    snapEnd(line, 0, points[0]!);
    snapEnd(line, points.length - 1, points[points.length - 1]!);
  });

  function snapEnd(line: number, vertex: number, end: PlanePoint): void {
    const best = nearestOther(grid, line, end, (other) => mayJoin(line, other, end));
    if (!best) return;
    end.x = best.at.x; // in place: the grid holds this very point
    end.y = best.at.y;
    join(line, vertex, best.line, best.along, best.at);
  }

  shapes.forEach((points, line) => {
    for (let index = 0; index + 1 < points.length; index++) {
      const a = points[index]!;
      const b = points[index + 1]!;
      grid.eachAlong(a, b, (other) => {
        if (other.line <= line || boxesApart(a, b, other)) return;
        const hit = crossing(a, b, other.a, other.b);
        if (!hit) return;
        const at = { x: a.x + hit.t * (b.x - a.x), y: a.y + hit.t * (b.y - a.y) };
        if (mayJoin(line, other.line, at)) join(line, index + hit.t, other.line, other.index + hit.u, at);
      });
    }
  });
  return cuts;
}

function boxesApart(a: PlanePoint, b: PlanePoint, other: SegmentRef): boolean {
  return (
    Math.max(a.x, b.x) < Math.min(other.a.x, other.b.x) - 1 ||
    Math.min(a.x, b.x) > Math.max(other.a.x, other.b.x) + 1 ||
    Math.max(a.y, b.y) < Math.min(other.a.y, other.b.y) - 1 ||
    Math.min(a.y, b.y) > Math.max(other.a.y, other.b.y) + 1
  );
}

/** Nearest point within reach on another line, preferring that line's own drawn points within 12 m. */
function nearestOther(
  grid: SegmentGrid,
  line: number,
  p: PlanePoint,
  allowed: (other: number) => boolean,
): { line: number; along: number; at: PlanePoint } | undefined {
  let best: { line: number; along: number; at: PlanePoint } | undefined;
  let bestM = SNAP_M;
  for (const segment of grid.at(p)) {
    if (segment.line === line || !allowed(segment.line)) continue;
    const { t, distanceM: apartM } = nearestOnSegment(p, segment.a, segment.b);
    if (apartM >= bestM) continue;
    const { a, b } = segment;
    const foot = { x: a.x + t * (b.x - a.x), y: a.y + t * (b.y - a.y) };
    const snapT = distanceM(foot, a) < 12 ? 0 : distanceM(foot, b) < 12 ? 1 : t;
    bestM = apartM;
    best = { line: segment.line, along: segment.index + snapT, at: snapT === t ? foot : { ...(snapT === 0 ? a : b) } };
  }
  return best;
}
