// Geometry of the arc gauge: 240° open at the bottom, clockwise from lower left. Pure, so that the drawing can be tested
// without a browser. Angles in degrees, 0 = to the right, growing clockwise as on a screen.

export const ARC_FROM_DEG = 150;
export const ARC_SWEEP_DEG = 240;

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Share of the scale that `value` is at, clamped to 0…1; 0 for an empty scale. */
export function shareOf(value: number, min: number, max: number): number {
  if (!(max > min) || !Number.isFinite(value)) return 0;
  return Math.min(1, Math.max(0, (value - min) / (max - min)));
}

/** The angle of a value on the arc, clamped to its ends. */
export const angleOf = (value: number, min: number, max: number): number =>
  ARC_FROM_DEG + shareOf(value, min, max) * ARC_SWEEP_DEG;

/** The point at an angle on a circle. */
export function pointAt(centre: Point, radius: number, angleDeg: number): Point {
  const angle = (angleDeg * Math.PI) / 180;
  return { x: centre.x + radius * Math.cos(angle), y: centre.y + radius * Math.sin(angle) };
}

const short = (n: number): string => String(Math.round(n * 100) / 100);

/** SVG path of the arc between two angles, clockwise; empty when the arc has no length. */
export function arcPath(centre: Point, radius: number, fromDeg: number, toDeg: number): string {
  if (toDeg - fromDeg <= 0.01) return '';
  const from = pointAt(centre, radius, fromDeg);
  const to = pointAt(centre, radius, toDeg);
  const large = toDeg - fromDeg > 180 ? 1 : 0;
  return `M${short(from.x)} ${short(from.y)}A${radius} ${radius} 0 ${large} 1 ${short(to.x)} ${short(to.y)}`;
}

export interface Danger {
  readonly below?: number | undefined;
  readonly above?: number | undefined;
}

/** The stretches of a scale that are dangerous, clipped to it: at most one at each end. */
export function dangerStretches(danger: Danger | undefined, min: number, max: number): (readonly [number, number])[] {
  const stretches: (readonly [number, number])[] = [];
  if (danger?.below !== undefined && danger.below > min) stretches.push([min, Math.min(danger.below, max)]);
  if (danger?.above !== undefined && danger.above < max) stretches.push([Math.max(danger.above, min), max]);
  return stretches;
}

/** The normal range clipped to the scale; undefined when nothing of it is left. */
export function normalStretch(
  normal: readonly [number, number] | undefined,
  min: number,
  max: number,
): readonly [number, number] | undefined {
  if (!normal) return undefined;
  const from = Math.max(normal[0], min);
  const to = Math.min(normal[1], max);
  return to > from ? [from, to] : undefined;
}
