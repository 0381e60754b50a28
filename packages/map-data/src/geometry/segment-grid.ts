import type { PlanePoint } from './plane.ts';

/** Segment `index` of line `line` runs from point `index` to point `index + 1`. */
export interface SegmentRef {
  line: number;
  index: number;
  a: PlanePoint;
  b: PlanePoint;
}

export interface SegmentGrid {
  /** Every segment that comes within its line's reach of `p`, and some that do not quite: measure the distance. */
  at(p: PlanePoint): readonly SegmentRef[];
  /** Calls `visit` for every segment whose cells overlap the box a–b, now and then more than once. */
  eachAlong(a: PlanePoint, b: PlanePoint, visit: (segment: SegmentRef) => void): void;
}

const NONE: readonly SegmentRef[] = [];

/**
 * Sorts segments into square cells of `cellM` metres, so that neighbours are found without scanning all of them.
 * A segment stands in every cell within `reachM(line)` metres of its box: a look-up then reads one cell and makes
 * nothing, which matters because the city asks some hundred thousand times while it is drawn.
 */
export function createSegmentGrid(
  lines: readonly (readonly PlanePoint[])[],
  cellM: number,
  reachM: (line: number) => number,
): SegmentGrid {
  const cells = new Map<number, SegmentRef[]>();
  const cellOf = (m: number) => Math.floor(m / cellM);
  const keyOf = (x: number, y: number) => x * 65_536 + y;

  lines.forEach((points, line) => {
    const reach = reachM(line);
    for (let index = 0; index + 1 < points.length; index++) {
      const a = points[index]!;
      const b = points[index + 1]!;
      const segment = { line, index, a, b };
      const toX = cellOf(Math.max(a.x, b.x) + reach);
      const toY = cellOf(Math.max(a.y, b.y) + reach);
      for (let x = cellOf(Math.min(a.x, b.x) - reach); x <= toX; x++) {
        for (let y = cellOf(Math.min(a.y, b.y) - reach); y <= toY; y++) {
          const cell = cells.get(keyOf(x, y));
          if (cell) cell.push(segment);
          else cells.set(keyOf(x, y), [segment]);
        }
      }
    }
  });

  return {
    at: (p) => cells.get(keyOf(cellOf(p.x), cellOf(p.y))) ?? NONE,
    eachAlong(a, b, visit) {
      const toX = cellOf(Math.max(a.x, b.x));
      const toY = cellOf(Math.max(a.y, b.y));
      for (let x = cellOf(Math.min(a.x, b.x)); x <= toX; x++) {
        for (let y = cellOf(Math.min(a.y, b.y)); y <= toY; y++) cells.get(keyOf(x, y))?.forEach(visit);
      }
    },
  };
}
