import type { ChartLine, Hole } from './chart-line';

/** The parts of time that are holes in every line that has points at all: there a chart knows nothing and is hatched. */
export function commonHoles(lines: readonly ChartLine[]): Hole[] {
  const known = lines.filter((line) => !line.overlay && line.at.length > 0);
  const [first, ...rest] = known;
  if (!first) return [];
  return rest
    .reduce<readonly Hole[]>((holes, line) => intersect(holes, line.holes), first.holes)
    .map((hole) => ({ ...hole }));
}

/** What lies in both lists of stretches; both in order of time and free of overlaps. */
function intersect(a: readonly Hole[], b: readonly Hole[]): Hole[] {
  const both: Hole[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const left = a[i]!;
    const right = b[j]!;
    const from = Math.max(left.from, right.from);
    const to = Math.min(left.to, right.to);
    if (to > from) both.push({ from, to });
    if (left.to < right.to) i += 1;
    else j += 1;
  }
  return both;
}

/** Whether plots above have told of this hole already: they lie over most of it. */
export function isTold(hole: Hole, above: readonly Hole[]): boolean {
  const covered = intersect([hole], above).reduce((sum, part) => sum + part.to - part.from, 0);
  return covered >= 0.8 * (hole.to - hole.from);
}

export interface PlacedWords {
  readonly hole: Hole;
  readonly words: string;
  readonly place: 'inside' | 'above';
  /** Middle of the words, px from the left of the plot. */
  readonly centrePx: number;
}

/** Rough width of 12 px semi-bold text; a little generous, so that words never touch. */
export const textWidthPx = (text: string): number => text.length * 6.9;

/**
 * Where the words of holes go: inside when they fit, above when the hole is narrow and nothing is in the way (the title on the
 * left, values on the right, other words), else nowhere: the list beside the chart still names the hole.
 */
export function placeHoleWords(
  holes: readonly Hole[],
  wordsOf: (hole: Hole) => string,
  xOf: (at: number) => number,
  free: { readonly leftPx: number; readonly rightPx: number; readonly widthPx: number },
): PlacedWords[] {
  const placed: PlacedWords[] = [];
  let takenTo = free.leftPx;
  for (const hole of holes) {
    const left = Math.max(0, xOf(hole.from));
    const right = Math.min(free.widthPx, xOf(hole.to));
    if (right <= 0 || left >= free.widthPx || right - left < 3) continue;
    const words = wordsOf(hole);
    const needed = textWidthPx(words) + 12;
    const centrePx = (left + right) / 2;
    if (right - left >= needed) {
      placed.push({ hole, words, place: 'inside', centrePx });
      continue;
    }
    const from = centrePx - needed / 2;
    if (from < takenTo || centrePx + needed / 2 > free.rightPx) continue;
    placed.push({ hole, words, place: 'above', centrePx });
    takenTo = centrePx + needed / 2;
  }
  return placed;
}
