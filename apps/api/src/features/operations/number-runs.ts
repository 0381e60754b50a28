/** Whole numbers as sorted runs without gaps: what a box's batch numbers look like, and a few bytes however many there are. */
export interface NumberRuns {
  /** False when `n` was in it before. */
  add(n: number): boolean;
  has(n: number): boolean;
  count(): number;
  first(): number | undefined;
  last(): number | undefined;
  /** The numbers missing between the first and the last, as runs with both ends included. */
  holes(): { from: number; to: number }[];
}

export function createNumberRuns(): NumberRuns {
  const runs: { from: number; to: number }[] = [];
  let count = 0;

  /** Index of the first run that ends at or after `n`. */
  const find = (n: number): number => {
    let low = 0;
    let high = runs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((runs[middle] as { to: number }).to < n) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  return {
    add(n) {
      const at = find(n);
      const run = runs[at];
      if (run && run.from <= n) return false;
      const before = runs[at - 1];
      const joinsBefore = before !== undefined && before.to === n - 1;
      const joinsAfter = run !== undefined && run.from === n + 1;
      if (joinsBefore && joinsAfter) {
        before.to = run.to;
        runs.splice(at, 1);
      } else if (joinsBefore) before.to = n;
      else if (joinsAfter) run.from = n;
      else runs.splice(at, 0, { from: n, to: n });
      count += 1;
      return true;
    },
    has(n) {
      const run = runs[find(n)];
      return run !== undefined && run.from <= n;
    },
    count: () => count,
    first: () => runs[0]?.from,
    last: () => runs.at(-1)?.to,
    holes: () => runs.slice(1).map((run, i) => ({ from: (runs[i] as { to: number }).to + 1, to: run.from - 1 })),
  };
}
