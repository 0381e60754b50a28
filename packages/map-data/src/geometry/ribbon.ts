import type { LatLon } from '../strasbourg/road-line.ts';
import { type PlanePoint, toLatLon, toPlane } from './plane.ts';

const CAP_PIECES = 4;

/** Outline of a band of `widthM` metres along a line, with rounded ends so that pieces of a river flow together. */
export function ribbon(line: readonly LatLon[], widthM: number): LatLon[] {
  const points = line.map(toPlane);
  const half = widthM / 2;
  const left: PlanePoint[] = [];
  const right: PlanePoint[] = [];
  points.forEach((p, i) => {
    const heading = headingAt(points, i);
    left.push({ x: p.x - half * Math.sin(heading), y: p.y + half * Math.cos(heading) });
    right.push({ x: p.x + half * Math.sin(heading), y: p.y - half * Math.cos(heading) });
  });
  const ends = [
    ...left,
    ...cap(points[points.length - 1]!, headingAt(points, points.length - 1), half),
    ...right.reverse(),
    ...cap(points[0]!, headingAt(points, 0) + Math.PI, half),
  ];
  return ends.map(toLatLon);
}

function headingAt(points: readonly PlanePoint[], i: number): number {
  const before = points[Math.max(0, i - 1)]!;
  const after = points[Math.min(points.length - 1, i + 1)]!;
  return Math.atan2(after.y - before.y, after.x - before.x);
}

/** The half circle from the left bank round to the right, without its two ends. */
function cap(end: PlanePoint, heading: number, radiusM: number): PlanePoint[] {
  return Array.from({ length: CAP_PIECES - 1 }, (_, k) => {
    const angle = heading + Math.PI / 2 - (Math.PI * (k + 1)) / CAP_PIECES;
    return { x: end.x + radiusM * Math.cos(angle), y: end.y + radiusM * Math.sin(angle) };
  });
}
