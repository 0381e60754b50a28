import { type PlanePoint, toPlane } from './geometry/plane.ts';
import type { RoadEdge, RoadGraph } from './road-graph.ts';

export interface FoundPlace {
  street: string;
  quarter?: string;
  speedLimitKmh?: number;
}

const REACH_M = 60;
const CELL_M = 60;

/**
 * Makes a look-up from a position in degrees to the street it lies on (nearest road within 60 m, else undefined).
 * Called for every fix of every vehicle, so the segments sit in 60 m cells in flat arrays: nine cells hold all
 * that can be in reach.
 */
export function createPlaceFinder(graph: RoadGraph): (lat: number, lon: number) => FoundPlace | undefined {
  const ends: number[] = [];
  const owners: RoadEdge[] = [];
  const cells = new Map<number, number[]>();
  for (const edge of graph.edges) {
    if (edge.from > edge.to) continue; // the way back has the same shape
    const points = edge.points.map(toPlane);
    for (let i = 1; i < points.length; i++) addSegment(edge, points[i - 1]!, points[i]!);
  }

  function addSegment(edge: RoadEdge, a: PlanePoint, b: PlanePoint): void {
    const id = owners.push(edge) - 1;
    ends.push(a.x, a.y, b.x, b.y);
    for (let x = cellOf(Math.min(a.x, b.x)); x <= cellOf(Math.max(a.x, b.x)); x++) {
      for (let y = cellOf(Math.min(a.y, b.y)); y <= cellOf(Math.max(a.y, b.y)); y++) {
        const cell = cells.get(keyOf(x, y));
        if (cell) cell.push(id);
        else cells.set(keyOf(x, y), [id]);
      }
    }
  }

  return (lat, lon) => {
    if (!Number.isFinite(lat) || !Number.isFinite(lon)) return undefined;
    const p = toPlane([lat, lon]);
    let best = -1;
    let bestSquared = REACH_M * REACH_M;
    for (let x = cellOf(p.x) - 1; x <= cellOf(p.x) + 1; x++) {
      for (let y = cellOf(p.y) - 1; y <= cellOf(p.y) + 1; y++) {
        for (const id of cells.get(keyOf(x, y)) ?? []) {
          const squared = distanceSquared(p, ends, id * 4);
          if (squared >= bestSquared) continue;
          bestSquared = squared;
          best = id;
        }
      }
    }
    const edge = owners[best];
    if (!edge) return undefined;
    const { name, quarter, speedLimitKmh } = edge;
    return { street: name, ...(quarter && { quarter }), speedLimitKmh };
  };
}

function cellOf(metres: number): number {
  return Math.floor(metres / CELL_M);
}

function keyOf(x: number, y: number): number {
  return x * 1_048_576 + y;
}

function distanceSquared(p: PlanePoint, ends: readonly number[], at: number): number {
  const ax = ends[at]!;
  const ay = ends[at + 1]!;
  const dx = ends[at + 2]! - ax;
  const dy = ends[at + 3]! - ay;
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.min(1, Math.max(0, ((p.x - ax) * dx + (p.y - ay) * dy) / length));
  const x = p.x - ax - t * dx;
  const y = p.y - ay - t * dy;
  return x * x + y * y;
}
