import { type Hole, indexBefore } from './chart-line';

// Thinning in the browser, for lines that grow while they are watched. Per bucket of time the first, least, greatest and last
// point stay, in their order: no peak is ever lost, and the points at the edges of holes stay because they end a bucket's run.

export interface Points {
  readonly at: readonly number[];
  readonly value: readonly number[];
}

/** At most about `4 × buckets` points (plus two per hole), every extreme of every bucket among them. */
export function thinPoints(points: Points, holes: readonly Hole[], buckets: number): Points {
  const { at, value } = points;
  const count = at.length;
  if (count <= 4 * buckets) return points;
  const from = at[0]!;
  const widthMs = Math.max((at[count - 1]! - from) / buckets, 1);
  const keep = new Uint8Array(count);
  for (const hole of holes) {
    const before = indexBefore(at, hole.from);
    if (before >= 0) keep[before] = 1;
    if (before + 1 < count) keep[before + 1] = 1;
  }
  let first = 0;
  while (first < count) {
    const bucket = Math.floor((at[first]! - from) / widthMs);
    let last = first;
    let least = first;
    let greatest = first;
    for (let i = first; i < count && Math.floor((at[i]! - from) / widthMs) === bucket; i += 1) {
      if (value[i]! < value[least]!) least = i;
      if (value[i]! > value[greatest]!) greatest = i;
      last = i;
    }
    for (const i of [first, least, greatest, last]) keep[i] = 1;
    first = last + 1;
  }
  const thinAt: number[] = [];
  const thinValue: number[] = [];
  for (let i = 0; i < count; i += 1) {
    if (!keep[i]) continue;
    thinAt.push(at[i]!);
    thinValue.push(value[i]!);
  }
  return { at: thinAt, value: thinValue };
}
