import { haversineM } from '../units/index.ts';

/** Two readings further apart than this have a hole between them: nothing is assumed about what happened in it. */
export const GAP_MS = 30_000;

export interface Moving {
  readonly at: number;
  /** Speed from the car, else from the receiver, km/h. */
  readonly speedKmh?: number | undefined;
  readonly lat?: number | undefined;
  readonly lon?: number | undefined;
}

/**
 * Distance in km over readings in order of time: speed integrated by the trapezoid rule where both ends have one, else the
 * great circle between the two positions. Holes of more than `GAP_MS` count nothing.
 */
export function distanceKm(readings: Iterable<Moving>): number {
  let metres = 0;
  let before: Moving | undefined;
  for (const reading of readings) {
    const hasPlace = reading.lat !== undefined && reading.lon !== undefined;
    if (reading.speedKmh === undefined && !hasPlace) continue;
    if (before) {
      const spanMs = reading.at - before.at;
      if (spanMs > 0 && spanMs <= GAP_MS) metres += stepM(before, reading, spanMs);
    }
    before = reading;
  }
  return metres / 1000;
}

function stepM(a: Moving, b: Moving, spanMs: number): number {
  if (a.speedKmh !== undefined && b.speedKmh !== undefined)
    return ((a.speedKmh + b.speedKmh) / 2 / 3.6) * (spanMs / 1000);
  if (a.lat === undefined || a.lon === undefined || b.lat === undefined || b.lon === undefined) return 0;
  return haversineM(a.lat, a.lon, b.lat, b.lon);
}
