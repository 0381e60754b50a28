import type { UnitPoint } from './mercator';

// A marker goes from where it is drawn to its newest fix in at most a second and then waits there: it never runs ahead of
// what is known. A leap (a vehicle heard of again after a gap) is no glide: the marker is simply there.

export interface Glide {
  readonly from: UnitPoint;
  readonly to: UnitPoint;
  readonly fromDeg: number;
  readonly toDeg: number;
  readonly startedAt: number;
  readonly durationMs: number;
}

export const LONGEST_GLIDE_MS = 1000;
/** About 1.2 km at our latitudes: more between two fixes is a gap, not a drive. */
const LEAP_UNITS = 0.000_045;

/** Where a glide stands at `now`, and which way it points. */
export function glideAt(glide: Glide, now: number): { x: number; y: number; headingDeg: number; isDone: boolean } {
  const part = glide.durationMs <= 0 ? 1 : Math.min(1, Math.max(0, (now - glide.startedAt) / glide.durationMs));
  const turn = ((glide.toDeg - glide.fromDeg + 540) % 360) - 180;
  return {
    x: glide.from.x + (glide.to.x - glide.from.x) * part,
    y: glide.from.y + (glide.to.y - glide.from.y) * part,
    headingDeg: glide.fromDeg + turn * Math.min(1, part * 2),
    isDone: part >= 1,
  };
}

/** The glide to a new fix from wherever the old one stands now. */
export function nextGlide(
  before: Glide | undefined,
  to: UnitPoint,
  toDeg: number,
  now: number,
  isMotionWanted: boolean,
): Glide {
  const still: Glide = { from: to, to, fromDeg: toDeg, toDeg, startedAt: now, durationMs: 0 };
  if (!before || !isMotionWanted) return still;
  const here = glideAt(before, now);
  if (Math.hypot(to.x - here.x, to.y - here.y) > LEAP_UNITS) return still;
  const sinceLast = now - before.startedAt;
  return {
    from: here,
    to,
    fromDeg: here.headingDeg,
    toDeg,
    startedAt: now,
    durationMs: Math.min(LONGEST_GLIDE_MS, Math.max(250, sinceLast)),
  };
}
