import type { LatLon } from '../strasbourg/road-line.ts';

/**
 * A flat metre grid round Strasbourg: the area is 20 km wide, so an equirectangular plane with one fixed
 * cosine stays within 0.2 % of the true distance, and crossings become plain plane geometry.
 */
export interface PlanePoint {
  x: number;
  y: number;
}

const ORIGIN_LAT = 48.575;
const ORIGIN_LON = 7.75;
const METRES_PER_LAT = 111_195;
const METRES_PER_LON = METRES_PER_LAT * Math.cos((ORIGIN_LAT * Math.PI) / 180);

/** Degrees to metres east (x) and north (y) of the origin. */
export function toPlane([lat, lon]: LatLon): PlanePoint {
  return { x: (lon - ORIGIN_LON) * METRES_PER_LON, y: (lat - ORIGIN_LAT) * METRES_PER_LAT };
}

/** Metres back to degrees, rounded to seven places (1 cm). */
export function toLatLon({ x, y }: PlanePoint): LatLon {
  return [round7(ORIGIN_LAT + y / METRES_PER_LAT), round7(ORIGIN_LON + x / METRES_PER_LON)];
}

function round7(degrees: number): number {
  return Math.round(degrees * 1e7) / 1e7;
}

/** Distance in metres. */
export function distanceM(a: PlanePoint, b: PlanePoint): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** Nearest point of segment a–b: `t` along it (0–1) and the distance in metres. */
export function nearestOnSegment(p: PlanePoint, a: PlanePoint, b: PlanePoint): { t: number; distanceM: number } {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const lengthSquared = dx * dx + dy * dy;
  const raw = lengthSquared === 0 ? 0 : ((p.x - a.x) * dx + (p.y - a.y) * dy) / lengthSquared;
  const t = Math.min(1, Math.max(0, raw));
  return { t, distanceM: Math.hypot(p.x - a.x - t * dx, p.y - a.y - t * dy) };
}

/** Where a–b and c–d cross, as fractions of each, with a hair of tolerance at the ends; undefined when they do not. */
export function crossing(
  a: PlanePoint,
  b: PlanePoint,
  c: PlanePoint,
  d: PlanePoint,
): { t: number; u: number } | undefined {
  const rx = b.x - a.x;
  const ry = b.y - a.y;
  const sx = d.x - c.x;
  const sy = d.y - c.y;
  const cross = rx * sy - ry * sx;
  if (Math.abs(cross) < 1e-9) return undefined;
  const t = ((c.x - a.x) * sy - (c.y - a.y) * sx) / cross;
  const u = ((c.x - a.x) * ry - (c.y - a.y) * rx) / cross;
  const hair = 1e-6;
  if (t < -hair || t > 1 + hair || u < -hair || u > 1 + hair) return undefined;
  return { t: Math.min(1, Math.max(0, t)), u: Math.min(1, Math.max(0, u)) };
}
