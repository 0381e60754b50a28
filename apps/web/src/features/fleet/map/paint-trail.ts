import type { Brush } from '@/ui/map/marker-painter';
import { PALETTE, type Scheme } from '@/ui/theme/palette';
import { toUnit, type UnitPoint } from './mercator';

/** Where the chosen vehicle came from in the last minutes, oldest first; a new run begins after a hole. */
export interface TrailPoint {
  readonly lat: number;
  readonly lon: number;
  readonly speedKmh: number;
  readonly startsRun: boolean;
}

const STEPS = [90, 70, 50, 30, 0] as const;

/** The colour of a speed on a track. */
export const speedColor = (speedKmh: number, scheme: Scheme): string =>
  PALETTE[scheme][`speed-${STEPS.find((step) => speedKmh >= step) ?? 0}`];

/** The trail in a casing of surface, coloured by speed, up to the marker itself. Holes stay open. */
export function paintTrail(
  { ctx, scheme }: Brush,
  trail: readonly TrailPoint[],
  toScreen: (x: number, y: number) => { x: number; y: number },
  head: UnitPoint,
): void {
  if (trail.length === 0) return;
  const points = trail.map((point) => {
    const unit = toUnit(point.lat, point.lon);
    return { ...toScreen(unit.x, unit.y), speedKmh: point.speedKmh, startsRun: point.startsRun };
  });
  const last = trail.at(-1);
  points.push({ ...toScreen(head.x, head.y), speedKmh: last?.speedKmh ?? 0, startsRun: false });
  ctx.lineCap = 'round';
  ctx.lineJoin = 'round';
  ctx.strokeStyle = PALETTE[scheme].surface;
  ctx.lineWidth = 8;
  ctx.beginPath();
  for (const point of points) {
    if (point.startsRun) ctx.moveTo(point.x, point.y);
    else ctx.lineTo(point.x, point.y);
  }
  ctx.stroke();
  ctx.lineWidth = 5;
  for (let i = 1; i < points.length; i += 1) {
    const from = points[i - 1];
    const to = points[i];
    if (!from || !to || to.startsRun) continue;
    ctx.strokeStyle = speedColor(to.speedKmh, scheme);
    ctx.beginPath();
    ctx.moveTo(from.x, from.y);
    ctx.lineTo(to.x, to.y);
    ctx.stroke();
  }
}
