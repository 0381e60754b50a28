import type { PlanePoint } from './plane.ts';

/** Segment `index` of line `line` runs from point `index` to point `index + 1`. */
export interface SegmentRef {
  line: number;
  index: number;
  a: PlanePoint;
  b: PlanePoint;
}

export interface SegmentGrid {
  /**
   * Every segment whose cells come within `reachM` metres of the box a–b (each once). The array is filled anew by the
   * next call: it is asked tens of thousands of times while the city is drawn.
   */
  near(a: PlanePoint, b: PlanePoint, reachM: number): readonly SegmentRef[];
}

/**
 * Sorts segments into square cells of `cellM` metres, so that neighbours are found without scanning all of them.
 * With `widthOf`, a segment also stands in the cells within that many metres of it.
 */
export function createSegmentGrid(
  lines: readonly (readonly PlanePoint[])[],
  cellM: number,
  widthOf: (line: number) => number = () => 0,
): SegmentGrid {
  const segments: SegmentRef[] = [];
  const cells = new Map<number, number[]>();
  const seen: number[] = [];
  let round = 0;
  const found: SegmentRef[] = [];

  function eachCell(a: PlanePoint, b: PlanePoint, reachM: number, visit: (key: number) => void): void {
    const fromX = Math.floor((Math.min(a.x, b.x) - reachM) / cellM);
    const toX = Math.floor((Math.max(a.x, b.x) + reachM) / cellM);
    const fromY = Math.floor((Math.min(a.y, b.y) - reachM) / cellM);
    const toY = Math.floor((Math.max(a.y, b.y) + reachM) / cellM);
    for (let x = fromX; x <= toX; x++) for (let y = fromY; y <= toY; y++) visit(x * 65_536 + y);
  }

  lines.forEach((points, line) => {
    for (let index = 0; index + 1 < points.length; index++) {
      const a = points[index]!;
      const b = points[index + 1]!;
      const id = segments.push({ line, index, a, b }) - 1;
      seen.push(0);
      eachCell(a, b, widthOf(line), (key) => {
        const cell = cells.get(key);
        if (cell) cell.push(id);
        else cells.set(key, [id]);
      });
    }
  });

  return {
    near(a, b, reachM) {
      found.length = 0;
      round++;
      eachCell(a, b, reachM, (key) => {
        for (const id of cells.get(key) ?? []) {
          if (seen[id] === round) continue;
          seen[id] = round;
          found.push(segments[id]!);
        }
      });
      return found;
    },
  };
}
