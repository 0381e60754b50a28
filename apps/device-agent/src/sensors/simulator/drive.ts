import type { Random } from './random.ts';
import type { Route, RoutePoint } from './route.ts';

// How a car goes along a route: a driver who keeps to the free speed, brakes in time for what lies ahead, waits where one has
// to, and now and then must brake hard. Longitudinal law: Intelligent Driver Model without a leader (Treiber, Hennecke and
// Helbing 2000), steps of a quarter of a second, one sample a second.

export interface Driver {
  /** Of the allowed speed, what the driver aims at: 0.9 calm … 1.12 brisk. */
  readonly pace: number;
  /** Comfortable acceleration and braking, m/s². */
  readonly accelMps2: number;
  readonly brakeMps2: number;
  /** Hard brakings an hour of driving. */
  readonly harshPerHour: number;
}

export interface DriveSample {
  /** Whole seconds since the start of the drive. */
  readonly second: number;
  readonly lat: number;
  readonly lon: number;
  readonly courseDeg: number;
  readonly speedMps: number;
  /** Forward acceleration over the last second. */
  readonly accelMps2: number;
  /** Strongest braking within the last second when it was a harsh one, m/s². */
  readonly harshMps2?: number;
  readonly turnDegPerS: number;
  readonly distanceM: number;
}

const STEP_S = 0.25;
/** How far ahead a driver looks for bends and lower limits. */
const LOOK_AHEAD_M = 250;

/** One sample a second until the end of the route is reached; a longer stand than 3 h cannot happen. */
export function* driveRoute(route: Route, driver: Driver, random: Random): Generator<DriveSample> {
  const walker = createWalker(route);
  let atM = 0;
  let speedMps = 0;
  let waitS = 0;
  let nextStop = 0;
  let harshLeftS = 0;
  let harshMps2 = 0;
  for (let second = 0; second < 3 * 3600; second += 1) {
    const startMps = speedMps;
    let strongest = 0;
    for (let step = 0; step < 1 / STEP_S; step += 1) {
      const stop = route.stops[nextStop];
      const stopM = Math.min(stop?.atM ?? Number.POSITIVE_INFINITY, route.lengthM);
      if (waitS > 0) {
        waitS -= STEP_S;
        continue;
      }
      if (stop && atM >= stop.atM - 1.5 && speedMps < 0.6) {
        waitS = stop.waitS;
        nextStop += 1;
        speedMps = 0;
        continue;
      }
      if (harshLeftS <= 0 && speedMps > 9 && random.chance((driver.harshPerHour / 3600) * STEP_S)) {
        harshLeftS = random.between(0.8, 1.6);
        harshMps2 = random.between(4.2, 6.5);
      }
      if (harshLeftS > 0) {
        harshLeftS -= STEP_S;
        strongest = Math.max(strongest, harshMps2);
        speedMps = Math.max(0, speedMps - harshMps2 * STEP_S);
      } else {
        speedMps = nextSpeed(
          speedMps,
          walker.freeSpeed(atM) * driver.pace,
          brakeAhead(walker, atM, stopM, driver),
          driver,
        );
      }
      atM = Math.min(route.lengthM, atM + speedMps * STEP_S);
    }
    const here = walker.at(atM);
    yield {
      second,
      lat: here.lat,
      lon: here.lon,
      courseDeg: here.courseDeg,
      speedMps,
      accelMps2: speedMps - startMps,
      ...(strongest > 0 ? { harshMps2: strongest } : {}),
      turnDegPerS: here.turnDeg,
      distanceM: atM,
    };
    if (atM >= route.lengthM - 3 && speedMps < 1) return;
  }
}

function nextSpeed(speedMps: number, wishMps: number, allowedMps: number, driver: Driver): number {
  const wish = Math.max(0.5, Math.min(wishMps, allowedMps));
  if (speedMps > wish) return Math.max(wish, speedMps - driver.brakeMps2 * STEP_S);
  const free = driver.accelMps2 * (1 - (speedMps / wish) ** 4);
  return Math.min(wish, speedMps + Math.max(0, free) * STEP_S);
}

/** The highest speed from which one can still slow down comfortably for every bend, limit and stop ahead: v² = u² + 2·b·d. */
function brakeAhead(walker: Walker, atM: number, stopM: number, driver: Driver): number {
  let allowed = Math.sqrt(2 * driver.brakeMps2 * 0.9 * Math.max(0, stopM - atM));
  for (const point of walker.ahead(atM, LOOK_AHEAD_M)) {
    const slow = point.freeMps * driver.pace;
    if (!Number.isFinite(slow)) continue;
    allowed = Math.min(allowed, Math.sqrt(slow * slow + 2 * driver.brakeMps2 * 0.9 * Math.max(0, point.atM - atM)));
  }
  return allowed;
}

interface Walker {
  at(atM: number): { lat: number; lon: number; courseDeg: number; turnDeg: number };
  freeSpeed(atM: number): number;
  ahead(atM: number, withinM: number): Iterable<RoutePoint>;
}

/** Looks points up along the route; positions only go forward, so the index does too. */
function createWalker({ points }: Route): Walker {
  let index = 0;
  let lastCourseDeg: number | undefined;
  const seek = (atM: number) => {
    while ((points[index + 1]?.atM ?? Number.POSITIVE_INFINITY) <= atM) index += 1;
    return index;
  };
  return {
    at(atM) {
      const a = points[seek(atM)] as RoutePoint;
      const b = points[index + 1] ?? a;
      const share = b.atM > a.atM ? (atM - a.atM) / (b.atM - a.atM) : 0;
      const turn = lastCourseDeg === undefined ? 0 : ((a.courseDeg - lastCourseDeg + 540) % 360) - 180;
      // A car turns over a second or two, not at a point.
      const courseDeg = lastCourseDeg === undefined ? a.courseDeg : (lastCourseDeg + turn * 0.6 + 360) % 360;
      lastCourseDeg = courseDeg;
      return {
        lat: a.lat + (b.lat - a.lat) * share,
        lon: a.lon + (b.lon - a.lon) * share,
        courseDeg,
        turnDeg: turn * 0.6,
      };
    },
    freeSpeed: (atM) => points[seek(atM)]?.freeMps ?? 0,
    *ahead(atM, withinM) {
      for (let i = seek(atM) + 1; i < points.length; i += 1) {
        const point = points[i] as RoutePoint;
        if (point.atM - atM > withinM) return;
        yield point;
      }
    },
  };
}
