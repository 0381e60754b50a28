import { GAP_MS, type Gap } from '@temoin/shared/history';

// Where a chart must not draw a line. A hole is longer than GAP_MS, and longer than four times the metric's own usual
// cadence: a value polled once a minute has no hole between two polls.

/** A hole is at least this many usual intervals long. */
const CADENCES = 4;
/** Intervals up to here are counted to the millisecond, longer ones to one part in 32. */
const EXACT_BELOW_MS = 1024;
const STEPS_PER_OCTAVE = 32;
/** More candidates than this are thinned to the longest half: what is dropped is narrower than a pixel. */
const MAX_CANDIDATES = 20_000;

export interface GapFinder {
  /** Instants in rising order, ms. */
  add(at: number): void;
  /** The longest holes, at most `limit`, in order of time. */
  finish(limit: number): Gap[];
}

export function createGapFinder(): GapFinder {
  const intervals = new Map<number, number>();
  let intervalCount = 0;
  let candidates: Gap[] = [];
  let before: number | undefined;

  return {
    add: (at) => {
      if (before !== undefined && at > before) {
        const spanMs = at - before;
        const bin = usualInterval(spanMs);
        intervals.set(bin, (intervals.get(bin) ?? 0) + 1);
        intervalCount += 1;
        if (spanMs > GAP_MS) {
          candidates.push({ from: before, to: at });
          if (candidates.length > MAX_CANDIDATES) candidates = longest(candidates, MAX_CANDIDATES / 2);
        }
      }
      before = at;
    },
    finish: (limit) => {
      const shortestMs = Math.max(GAP_MS, CADENCES * median(intervals, intervalCount));
      return longest(
        candidates.filter((gap) => gap.to - gap.from > shortestMs),
        limit,
      );
    },
  };
}

/** The interval as it is counted, ms: rounded down so that the number of different intervals stays bounded. */
export function usualInterval(spanMs: number): number {
  if (spanMs < EXACT_BELOW_MS) return spanMs;
  const unit = 2 ** Math.floor(Math.log2(spanMs)) / STEPS_PER_OCTAVE;
  return Math.floor(spanMs / unit) * unit;
}

function median(intervals: ReadonlyMap<number, number>, count: number): number {
  let below = 0;
  for (const [interval, times] of [...intervals].sort((a, b) => a[0] - b[0])) {
    below += times;
    if (below * 2 >= count) return interval;
  }
  return 0;
}

function longest(gaps: readonly Gap[], limit: number): Gap[] {
  if (gaps.length <= limit) return [...gaps];
  return [...gaps]
    .sort((a, b) => b.to - b.from - (a.to - a.from) || a.from - b.from)
    .slice(0, limit)
    .sort((a, b) => a.from - b.from);
}
