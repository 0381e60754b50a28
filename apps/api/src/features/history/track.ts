import { createOdometer, GAP_MS, type TrackReply } from '@temoin/shared/history';
import type { MetricKey } from '@temoin/shared/metrics';
import type { Reading } from '@temoin/shared/telemetry';
import { haversineM } from '@temoin/shared/units';
import { simplifyRuns, type TrackPoint } from './simplify-track.ts';

/** Most points of a track on a map. */
export const MAX_TRACK_POINTS = 2_000;
/** What a track is made from. */
export const TRACK_METRICS: readonly MetricKey[] = ['lat', 'lon', 'gpsSpeedKmh', 'obdSpeedKmh'];

/** Points held at one time: a long track is simplified on the way, to ten times what it will have at the end. */
const MOST_HELD = 100_000;
const HELD_AFTER = 20_000;
/** A speed younger than this also holds for a position that came without one. */
const SPEED_FRESH_MS = 5_000;

/**
 * The track of a span from its readings in order of time: runs between holes, simplified, and the distance over all readings
 * (not over the points that are left).
 */
export async function trackOf(
  readings: AsyncIterable<Reading>,
  { from, to }: { from: number; to: number },
): Promise<TrackReply> {
  const odometer = createOdometer();
  let runs: TrackPoint[][] = [];
  let held = 0;
  let positions = 0;
  let before: TrackPoint | undefined;
  let speed: { at: number; kmh: number } | undefined;

  for await (const { at, values } of readings) {
    const speedKmh = values.obdSpeedKmh ?? values.gpsSpeedKmh;
    const { lat, lon } = values;
    odometer.add({ at, speedKmh, lat, lon });
    if (speedKmh !== undefined) speed = { at, kmh: speedKmh };
    if (lat === undefined || lon === undefined) continue;
    positions += 1;
    const near = before && at - before.at <= GAP_MS ? before : undefined;
    const fresh = speed && at - speed.at <= SPEED_FRESH_MS ? speed.kmh : speedBetween(near, { lat, lon, at });
    const point = { lat, lon, at, speedKmh: fresh };
    if (near) runs.at(-1)!.push(point);
    else runs.push([point]);
    before = point;
    held += 1;
    if (held > MOST_HELD) {
      runs = simplifyRuns(runs, HELD_AFTER);
      held = runs.reduce((sum, run) => sum + run.length, 0);
    }
  }
  return {
    from,
    to,
    runs: simplifyRuns(runs, MAX_TRACK_POINTS).map((run) => run.map((p) => [p.lat, p.lon, p.at, p.speedKmh])),
    readings: positions,
    distanceKm: odometer.km(),
  };
}

/** km/h between two positions, to a tenth; 0 without a position before. */
function speedBetween(a: TrackPoint | undefined, b: { lat: number; lon: number; at: number }): number {
  if (!a || b.at <= a.at) return a?.speedKmh ?? 0;
  return Math.round((haversineM(a.lat, a.lon, b.lat, b.lon) / ((b.at - a.at) / 1000)) * 36) / 10;
}
