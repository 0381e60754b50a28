import { haversineM } from '../units/index.ts';

// How far a vehicle went. Speed and position fail in opposite ways: positions taken every second add up their own noise
// (3–20 % too far on real drives in town), speeds taken every five seconds miss what happened in between and keep the
// speedometer's error (1.5 % off on real tracks). So speed is integrated where it is frequent, and where it is rare the great
// circle between the positions is taken, unless it contradicts the speeds: then the receiver was holding an old position.

/** Two readings further apart than this have a hole between them: nothing is assumed about what happened in it. */
export const GAP_MS = 30_000;
/** Speeds no further apart than this are integrated. */
const FREQUENT_MS = 2_500;
/** A great circle is believed within this share of what the speeds say, or within `SLACK_M`. */
const BELIEVED_SHARE = 0.5;
const SLACK_M = 20;

export interface Moving {
  readonly at: number;
  /** Speed from the car, else from the receiver, km/h. */
  readonly speedKmh?: number | undefined;
  readonly lat?: number | undefined;
  readonly lon?: number | undefined;
}

interface Place {
  readonly at: number;
  readonly lat: number;
  readonly lon: number;
}

interface Speed {
  readonly at: number;
  readonly kmh: number;
}

/** Adds up distance over readings given in order of time; speed and position may come in the same readings or in different ones. */
export function createOdometer(): { add(reading: Moving): void; km(): number } {
  let metres = 0;
  /** Where the next stretch by positions begins: the newest position up to which all is counted. */
  let place: Place | undefined;
  let newestPlace: Place | undefined;
  let speed: Speed | undefined;
  /** No instant before this one is counted again. */
  let countedTo = Number.NEGATIVE_INFINITY;

  /** Counts the part of a stretch that was not counted yet. */
  const count = (from: number, to: number, stretchM: number): void => {
    const start = Math.max(from, countedTo);
    if (to <= start) return;
    metres += stretchM * ((to - start) / (to - from));
    countedTo = to;
  };

  return {
    add({ at, speedKmh, lat, lon }) {
      const here = lat !== undefined && lon !== undefined ? { at, lat, lon } : undefined;
      if (newestPlace && (!place || countedTo >= newestPlace.at || at - place.at > GAP_MS)) place = newestPlace;
      const now = speedKmh === undefined ? undefined : { at, kmh: speedKmh };
      const sinceSpeedMs = speed ? at - speed.at : Number.POSITIVE_INFINITY;
      const bySpeedM =
        speed && now && sinceSpeedMs <= GAP_MS ? ((speed.kmh + now.kmh) / 7.2) * (sinceSpeedMs / 1000) : undefined;
      const frequent = sinceSpeedMs <= FREQUENT_MS;
      if (bySpeedM !== undefined && frequent) count(at - sinceSpeedMs, at, bySpeedM);
      else if (here && place && at - place.at <= GAP_MS && (now || !frequent)) {
        const chordM = haversineM(place.lat, place.lon, here.lat, here.lon);
        const believed =
          bySpeedM === undefined ||
          sinceSpeedMs !== at - place.at ||
          Math.abs(chordM - bySpeedM) <= Math.max(BELIEVED_SHARE * bySpeedM, SLACK_M);
        count(place.at, at, believed ? chordM : (bySpeedM ?? 0));
      } else if (bySpeedM !== undefined) count(at - sinceSpeedMs, at, bySpeedM);
      if (here) newestPlace = here;
      if (now) speed = now;
    },
    km: () => metres / 1000,
  };
}

/**
 * Distance in km over readings in order of time: speed by the trapezoid rule where it is frequent, else the great circle
 * between positions. Holes of more than `GAP_MS` count nothing.
 */
export function distanceKm(readings: Iterable<Moving>): number {
  const odometer = createOdometer();
  for (const reading of readings) odometer.add(reading);
  return odometer.km();
}
