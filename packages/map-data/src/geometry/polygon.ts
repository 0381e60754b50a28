import type { PlanePoint } from './plane.ts';

export interface Polygon {
  points: PlanePoint[];
  min: PlanePoint;
  max: PlanePoint;
}

/** A polygon with its bounding box; the last point joins the first. */
export function polygon(points: PlanePoint[]): Polygon {
  const xs = points.map((p) => p.x);
  const ys = points.map((p) => p.y);
  return {
    points,
    min: { x: Math.min(...xs), y: Math.min(...ys) },
    max: { x: Math.max(...xs), y: Math.max(...ys) },
  };
}

/** True when the point lies inside (even-odd rule). */
export function isInside(p: PlanePoint, { points, min, max }: Polygon): boolean {
  if (p.x < min.x || p.x > max.x || p.y < min.y || p.y > max.y) return false;
  let inside = false;
  for (let i = 0, j = points.length - 1; i < points.length; j = i++) {
    const a = points[i]!;
    const b = points[j]!;
    if (a.y > p.y !== b.y > p.y && p.x < ((b.x - a.x) * (p.y - a.y)) / (b.y - a.y) + a.x) inside = !inside;
  }
  return inside;
}
