import { distanceKm, GAP_MS, type TrackReply } from '@temoin/shared/history';
import type { Reading } from '@temoin/shared/telemetry';
import { haversineM } from '@temoin/shared/units';
import { MOVING_FROM_KMH } from '@temoin/shared/vehicles';

// A track is runs of positions; between two runs is a hole of which nothing is known. Everything here keeps that: colours,
// places and the live end never cross from one run into another.

export type TrackPoint = TrackReply['runs'][number][number];
export type Run = readonly TrackPoint[];

/** Lower ends of the speed bands, km/h; the map's colours are named after them. */
export const SPEED_BANDS = [0, 30, 50, 70, 90] as const;
export type SpeedBand = (typeof SPEED_BANDS)[number];

/** The band of a speed in km/h. */
export const bandOf = (speedKmh: number): SpeedBand => SPEED_BANDS.findLast((from) => speedKmh >= from) ?? 0;

export interface TrackPiece {
  readonly band: SpeedBand;
  readonly points: readonly (readonly [lat: number, lon: number])[];
}

/** A run cut into pieces of one colour; neighbours share a point, so the line has no breaks. */
export function piecesOf(run: Run): TrackPiece[] {
  const pieces: { band: SpeedBand; points: [number, number][] }[] = [];
  for (let i = 1; i < run.length; i += 1) {
    const [fromLat, fromLon, , fromKmh] = run[i - 1]!;
    const [lat, lon, , kmh] = run[i]!;
    const band = bandOf((fromKmh + kmh) / 2);
    const last = pieces.at(-1);
    if (last?.band === band) last.points.push([lat, lon]);
    else
      pieces.push({
        band,
        points: [
          [fromLat, fromLon],
          [lat, lon],
        ],
      });
  }
  return pieces;
}

export interface TrackHole {
  readonly from: number;
  readonly to: number;
  readonly fromPlace: readonly [lat: number, lon: number];
  readonly toPlace: readonly [lat: number, lon: number];
  /** As the crow flies: what was really driven is not known. */
  readonly jumpM: number;
}

/** What lies between the runs. */
export function trackHoles(runs: readonly Run[]): TrackHole[] {
  const known = runs.filter((run) => run.length > 0);
  return known.slice(1).map((run, i) => {
    const [fromLat, fromLon, from] = known[i]!.at(-1)!;
    const [toLat, toLon, to] = run[0]!;
    return {
      from,
      to,
      fromPlace: [fromLat, fromLon],
      toPlace: [toLat, toLon],
      jumpM: haversineM(fromLat, fromLon, toLat, toLon),
    };
  });
}

/** A parked box reports every half hour at most; a longer silence is one, wherever the vehicle stood. */
const PARKED_RHYTHM_MS = 35 * 60_000;
/** What a receiver wanders while the vehicle stands. */
const STANDING_M = 60;
/** One report between two silences does not end a stand. */
const ONE_REPORT_MS = 60_000;

/** A `stand` is silence that is expected: the vehicle stood at both ends, at the same place, and a parked box speaks rarely. */
export interface TrackBreak extends TrackHole {
  readonly kind: 'hole' | 'stand';
}

/** What lies between the runs, with each stand as one whole however often the parked box reported in it. */
export function trackBreaks(runs: readonly Run[]): TrackBreak[] {
  const known = runs.filter((run) => run.length > 0);
  const breaks: TrackBreak[] = [];
  trackHoles(known).forEach((hole, i) => {
    const stood =
      hole.jumpM <= STANDING_M &&
      hole.to - hole.from <= PARKED_RHYTHM_MS &&
      Math.max(known[i]!.at(-1)![3], known[i + 1]![0]![3]) < MOVING_FROM_KMH;
    const before = breaks.at(-1);
    if (stood && before?.kind === 'stand' && hole.from - before.to <= ONE_REPORT_MS)
      breaks[breaks.length - 1] = { ...before, to: hole.to, toPlace: hole.toPlace };
    else breaks.push({ ...hole, kind: stood ? 'stand' : 'hole' });
  });
  return breaks;
}

export interface TrackPlace {
  readonly lat: number;
  readonly lon: number;
  readonly at: number;
  readonly speedKmh: number;
}

/** Where the vehicle was at an instant: between two positions of one run, by time; undefined in holes and outside. */
export function placeAt(runs: readonly Run[], at: number): TrackPlace | undefined {
  const run = runs.find((one) => one.length > 0 && one[0]![2] <= at && one.at(-1)![2] >= at);
  if (!run) return undefined;
  let low = 0;
  let high = run.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (run[middle]![2] <= at) low = middle;
    else high = middle;
  }
  const [aLat, aLon, aAt, aKmh] = run[low]!;
  const [bLat, bLon, bAt, bKmh] = run[high]!;
  const share = bAt > aAt ? Math.min(1, Math.max(0, (at - aAt) / (bAt - aAt))) : 0;
  const between = (a: number, b: number) => a + (b - a) * share;
  return { lat: between(aLat, bLat), lon: between(aLon, bLon), at, speedKmh: between(aKmh, bKmh) };
}

/** South-west and north-east corner of all positions; undefined when there are none. */
export function boundsOf(runs: readonly Run[]): [[number, number], [number, number]] | undefined {
  let [south, west, north, east] = [90, 180, -90, -180];
  for (const run of runs) {
    for (const [lat, lon] of run) {
      south = Math.min(south, lat);
      north = Math.max(north, lat);
      west = Math.min(west, lon);
      east = Math.max(east, lon);
    }
  }
  return south <= north
    ? [
        [south, west],
        [north, east],
      ]
    : undefined;
}

/** The track with newer readings at its end; a silence longer than `GAP_MS` begins a new run. The same object when none is newer. */
export function extendTrack(track: TrackReply, readings: readonly Reading[]): TrackReply {
  const runs = track.runs.map((run) => [...run]);
  const endAt = runs.at(-1)?.at(-1)?.[2] ?? Number.NEGATIVE_INFINITY;
  const added: TrackPoint[] = [];
  for (const { at, values } of readings) {
    if (values.lat === undefined || values.lon === undefined || at <= (added.at(-1)?.[2] ?? endAt)) continue;
    added.push([
      values.lat,
      values.lon,
      at,
      values.obdSpeedKmh ?? values.gpsSpeedKmh ?? added.at(-1)?.[3] ?? runs.at(-1)?.at(-1)?.[3] ?? 0,
    ]);
  }
  if (added.length === 0) return track;
  const joint = runs.at(-1)?.at(-1);
  for (const point of added) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run && last && point[2] - last[2] <= GAP_MS) run.push(point);
    else runs.push([point]);
  }
  const grown = [...(joint ? [joint] : []), ...added].map(([lat, lon, at, speedKmh]) => ({ at, lat, lon, speedKmh }));
  return {
    from: track.from,
    to: Math.max(track.to, added.at(-1)![2]),
    runs,
    readings: track.readings + added.length,
    distanceKm: track.distanceKm + distanceKm(grown),
  };
}

/** Time in runs, ms: holes are not counted. */
export const drivenMs = (runs: readonly Run[]): number =>
  runs.reduce((sum, run) => sum + (run.length > 0 ? run.at(-1)![2] - run[0]![2] : 0), 0);
