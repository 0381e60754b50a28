import { distanceM, type PlanePoint } from '../geometry/plane.ts';

export interface NodeIndex {
  points: PlanePoint[];
  /** The node within 10 m of a point, made if there is none; says where that node truly lies. */
  nodeAt(at: PlanePoint, motorway: boolean, ground: boolean): { node: number; at: PlanePoint };
}

const MERGE_M = 10;
const CELL_M = 40;

/**
 * Gives junctions their numbers. Points within 10 m are one node, so no edge is shorter than that; a pure
 * motorway point never merges with a pure ground point, or a bridge would become a crossroads.
 */
export function createNodeIndex(): NodeIndex {
  const points: PlanePoint[] = [];
  const kinds: { motorway: boolean; ground: boolean }[] = [];
  const cells = new Map<number, number[]>();

  return {
    points,
    nodeAt(at, motorway, ground) {
      let best: number | undefined;
      let bestM = MERGE_M;
      for (let x = cellOf(at.x - MERGE_M); x <= cellOf(at.x + MERGE_M); x++) {
        for (let y = cellOf(at.y - MERGE_M); y <= cellOf(at.y + MERGE_M); y++) {
          for (const node of cells.get(keyOf(x, y)) ?? []) {
            const kind = kinds[node]!;
            const apart = (motorway && !ground && !kind.motorway) || (ground && !motorway && !kind.ground);
            const apartM = distanceM(points[node]!, at);
            if (apart || apartM >= bestM) continue;
            bestM = apartM;
            best = node;
          }
        }
      }
      if (best !== undefined) return { node: best, at: points[best]! };
      const node = points.push(at) - 1;
      kinds.push({ motorway, ground });
      const key = keyOf(cellOf(at.x), cellOf(at.y));
      const cell = cells.get(key);
      if (cell) cell.push(node);
      else cells.set(key, [node]);
      return { node, at };
    },
  };
}

function cellOf(m: number): number {
  return Math.floor(m / CELL_M);
}

function keyOf(x: number, y: number): number {
  return x * 65_536 + y;
}
