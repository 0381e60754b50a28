import type { LatLon } from '../strasbourg/road-line.ts';

const CORNER_COSINE = 0.35;
const PIECES = 4;

/**
 * Draws a soft curve through hand-placed points (Catmull–Rom, which passes through every one of them, so junctions
 * stay where they are). Bends sharper than about 70° are real corners and stay sharp.
 */
export function smoothLine(points: readonly LatLon[], closed = false): LatLon[] {
  const count = points.length;
  if (count < 3) return [...points];
  const at = (i: number): LatLon => points[closed ? (i + count) % count : Math.min(count - 1, Math.max(0, i))]!;
  const drawn: LatLon[] = [];
  const spans = closed ? count : count - 1;
  for (let i = 0; i < spans; i++) {
    const start = at(i);
    const end = at(i + 1);
    const before = isCorner(at(i - 1), start, end) ? start : at(i - 1);
    const after = isCorner(start, end, at(i + 2)) ? end : at(i + 2);
    const lengthDegrees = Math.hypot(end[0] - start[0], (end[1] - start[1]) * 0.66);
    const pieces = lengthDegrees < 0.0008 ? 2 : PIECES;
    for (let k = 0; k < pieces; k++) drawn.push(between(before, start, end, after, k / pieces));
  }
  if (!closed) drawn.push(points[count - 1]!);
  return drawn;
}

function isCorner(a: LatLon, b: LatLon, c: LatLon): boolean {
  const ux = (b[1] - a[1]) * 0.66;
  const uy = b[0] - a[0];
  const vx = (c[1] - b[1]) * 0.66;
  const vy = c[0] - b[0];
  const lengths = Math.hypot(ux, uy) * Math.hypot(vx, vy);
  return lengths === 0 || (ux * vx + uy * vy) / lengths < CORNER_COSINE;
}

/** Point at `t` (0–1) of the span start–end; tangents are cut to the span so that uneven spacing cannot overshoot. */
function between(before: LatLon, start: LatLon, end: LatLon, after: LatLon, t: number): LatLon {
  if (t === 0) return start;
  const span = distance(start, end);
  const leave = tangent(before, end, span);
  const arrive = tangent(start, after, span);
  const t2 = t * t;
  const t3 = t2 * t;
  const along = (axis: 0 | 1) =>
    (2 * t3 - 3 * t2 + 1) * start[axis] +
    (t3 - 2 * t2 + t) * leave[axis] +
    (3 * t2 - 2 * t3) * end[axis] +
    (t3 - t2) * arrive[axis];
  return [along(0), along(1)];
}

function tangent(from: LatLon, to: LatLon, span: number): LatLon {
  const length = distance(from, to);
  const scale = length === 0 ? 0 : span / length;
  return [(to[0] - from[0]) * scale, (to[1] - from[1]) * scale];
}

function distance(a: LatLon, b: LatLon): number {
  return Math.hypot(b[0] - a[0], (b[1] - a[1]) * 0.66);
}
