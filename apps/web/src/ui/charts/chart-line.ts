// What a chart is given: lines of points with holes. A hole is never bridged: `alignLines` puts a break into it, and whatever
// else is done to a line (thinning, appending, shifting) keeps its holes, its extremes and its ends.

export interface Hole {
  readonly from: number;
  readonly to: number;
}

export interface ChartLine {
  readonly id: string;
  readonly label: string;
  readonly unit: string;
  /** Instants, ms UTC, rising. */
  readonly at: readonly number[];
  readonly value: readonly number[];
  readonly holes: readonly Hole[];
  /** `step` holds a value until the next one (switches, modes). */
  readonly join: 'line' | 'step';
  /** 1–8: `--t-series-N`. */
  readonly colour: number;
  /** A line of another period laid over for comparison: drawn dashed and thin. */
  readonly overlay?: boolean;
  readonly decimals: number;
  /** The value axis spans at least this, so that noise is not blown up. */
  readonly leastSpan?: number;
  /** Alone in its chart: then its colour needs no dashes to be told from others. */
  readonly isAlone?: boolean;
}

/** Columns as uPlot wants them: `null` breaks the line, `undefined` means "this line has no point here". */
export type AlignedColumns = [number[], ...(number | null | undefined)[][]];

/** Merges the lines onto one time column. Each hole gets a break for its line; identical instants share a row. */
export function alignLines(lines: readonly ChartLine[]): AlignedColumns {
  const instants = new Set<number>();
  for (const line of lines) {
    for (const at of line.at) instants.add(at);
    for (const hole of line.holes) instants.add(breakAt(hole));
  }
  const times = [...instants].sort((a, b) => a - b);
  const rowOf = new Map(times.map((at, row) => [at, row]));
  const columns = lines.map((line) => {
    const column = new Array<number | null | undefined>(times.length).fill(undefined);
    // Every row inside a hole, those of other lines too: the canvas would draw up to its neighbours from a single break.
    for (const hole of line.holes) {
      for (let row = indexBefore(times, hole.from) + 1; row < times.length && times[row]! < hole.to; row += 1)
        column[row] = null;
    }
    line.at.forEach((at, i) => {
      column[rowOf.get(at)!] = line.value[i];
    });
    return column;
  });
  return [times, ...columns];
}

/** The middle of the hole: strictly between the two readings around it. */
const breakAt = (hole: Hole): number => hole.from + (hole.to - hole.from) / 2;

/** Index of the last element ≤ `at`, −1 when all are later. */
export function indexBefore(sorted: readonly number[], at: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

export interface PointAtCursor {
  readonly at: number;
  readonly value: number;
}

/** The point nearest to `at` (for steps: the one that holds), or undefined inside a hole and outside the line. */
export function pointNear(line: ChartLine, at: number, toleranceMs: number): PointAtCursor | undefined {
  if (line.holes.some((hole) => at > hole.from && at < hole.to)) return undefined;
  const before = indexBefore(line.at, at);
  const candidates = line.join === 'step' ? [before] : [before, before + 1];
  let best: PointAtCursor | undefined;
  for (const i of candidates) {
    const found = line.at[i];
    if (found === undefined) continue;
    const isNearer = !best || Math.abs(found - at) < Math.abs(best.at - at);
    if (isNearer && (line.join === 'step' || Math.abs(found - at) <= toleranceMs))
      best = { at: found, value: line.value[i]! };
  }
  return best;
}

/** The line moved in time: a previous period laid over this one. */
export const shiftLine = (line: ChartLine, byMs: number): ChartLine => ({
  ...line,
  at: line.at.map((at) => at + byMs),
  holes: line.holes.map((hole) => ({ from: hole.from + byMs, to: hole.to + byMs })),
});

/** The least and greatest value of the lines within a window; undefined when there is none. */
export function extremesOf(
  lines: readonly ChartLine[],
  from = -Infinity,
  to = Infinity,
): readonly [number, number] | undefined {
  let min = Infinity;
  let max = -Infinity;
  for (const line of lines) {
    line.at.forEach((at, i) => {
      if (at < from || at > to) return;
      const value = line.value[i]!;
      if (value < min) min = value;
      if (value > max) max = value;
    });
  }
  return min <= max ? [min, max] : undefined;
}

/** The units of the lines in order, two at most: one axis each. */
export const unitsOf = (lines: readonly ChartLine[]): string[] =>
  [...new Set(lines.map((line) => line.unit))].slice(0, 2);
