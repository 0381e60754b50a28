// Fewer points for the same line on a map (Visvalingam & Whyatt 1993): again and again the point goes that spans the smallest
// triangle with its neighbours. A heap bounds the work at n log n for any line; the better-known Douglas–Peucker method needs
// n² for lines that somebody could send on purpose. The ends of every run stay, and every point that stays keeps its instant
// and speed.

export interface TrackPoint {
  readonly lat: number;
  readonly lon: number;
  readonly at: number;
  readonly speedKmh: number;
}

/** The runs with at most `most` points in all, as far as their ends alone are not more: then the runs of fewest points go. */
export function simplifyRuns(runs: readonly (readonly TrackPoint[])[], most: number): TrackPoint[][] {
  const kept = fewerRuns(runs, most);
  const points = kept.flat();
  if (points.length <= most) return kept.map((run) => [...run]);
  const drop = pointsToDrop(kept, points.length - most);
  let at = 0;
  return kept.map((run) => run.filter(() => !drop[at++]));
}

/** A run needs two points to be seen, or one if it has no more. */
function fewerRuns(runs: readonly (readonly TrackPoint[])[], most: number): readonly (readonly TrackPoint[])[] {
  if (runs.reduce((sum, run) => sum + Math.min(run.length, 2), 0) <= most) return runs;
  const longest = [...runs].sort((a, b) => b.length - a.length).slice(0, Math.floor(most / 2));
  const chosen = new Set(longest);
  return runs.filter((run) => chosen.has(run));
}

function pointsToDrop(runs: readonly (readonly TrackPoint[])[], count: number): Uint8Array {
  const points = runs.flat();
  const before = Int32Array.from(points, (_, i) => i - 1);
  const after = Int32Array.from(points, (_, i) => i + 1);
  const areas = new Float64Array(points.length).fill(Number.POSITIVE_INFINITY);
  const dropped = new Uint8Array(points.length);
  const heap = createHeap(areas);
  let start = 0;
  for (const run of runs) {
    for (let i = start + 1; i < start + run.length - 1; i += 1) {
      areas[i] = triangle(points[i - 1]!, points[i]!, points[i + 1]!);
      heap.push(i);
    }
    start += run.length;
  }
  for (let left = count; left > 0; ) {
    const i = heap.pop();
    if (i === undefined) break;
    dropped[i] = 1;
    left -= 1;
    const [a, b] = [before[i]!, after[i]!];
    after[a] = b;
    before[b] = a;
    for (const neighbour of [a, b]) {
      if (areas[neighbour] === Number.POSITIVE_INFINITY) continue;
      // Never below what was dropped before it: else a long gentle bend would go point by point.
      const area = triangle(points[before[neighbour]!]!, points[neighbour]!, points[after[neighbour]!]!);
      areas[neighbour] = Math.max(area, areas[i]!);
      heap.moved(neighbour);
    }
  }
  return dropped;
}

/** Twice the area in square degrees, longitudes shrunk to their length at that latitude. */
function triangle(a: TrackPoint, b: TrackPoint, c: TrackPoint): number {
  const shrink = Math.cos((b.lat * Math.PI) / 180);
  return Math.abs(((a.lon - b.lon) * (c.lat - b.lat) - (c.lon - b.lon) * (a.lat - b.lat)) * shrink);
}

/** Indices by rising key; `moved` puts one right again whose key has changed. */
function createHeap(keys: Float64Array) {
  const items: number[] = [];
  const places = new Int32Array(keys.length).fill(-1);
  const put = (place: number, item: number) => {
    items[place] = item;
    places[item] = place;
  };
  const rise = (start: number) => {
    const item = items[start]!;
    let place = start;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (keys[items[parent]!]! <= keys[item]!) break;
      put(place, items[parent]!);
      place = parent;
    }
    put(place, item);
  };
  const sink = (start: number) => {
    const item = items[start]!;
    let place = start;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && keys[items[child + 1]!]! < keys[items[child]!]!) child += 1;
      if (keys[items[child]!]! >= keys[item]!) break;
      put(place, items[child]!);
      place = child;
    }
    put(place, item);
  };
  return {
    push: (item: number) => {
      items.push(item);
      rise(items.length - 1);
    },
    pop: (): number | undefined => {
      const first = items[0];
      const last = items.pop();
      if (first === undefined || last === undefined) return undefined;
      places[first] = -1;
      if (first !== last) {
        put(0, last);
        sink(0);
      }
      return first;
    },
    moved: (item: number) => {
      const place = places[item]!;
      if (place < 0) return;
      rise(place);
      sink(places[item]!);
    },
  };
}
