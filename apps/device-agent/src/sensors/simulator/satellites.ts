import type { Reading } from '@temoin/shared/telemetry';
import type { Random } from './random.ts';

/** Metres of a degree of latitude on the mean sphere. */
const M_PER_DEG = 111_195;

/** How a receiver sees a position: an error that wanders (first-order Gauss–Markov, 2.5 m, 40 s) and a little white noise. */
export function createReceiver(random: Random) {
  let eastM = random.normal(0, 2);
  let northM = random.normal(0, 2);
  let heldCourseDeg = 0;
  let altitudeM = 145;
  const wander = (errorM: number) =>
    errorM * Math.exp(-1 / 40) + random.normal(0, 2.5 * Math.sqrt(1 - Math.exp(-2 / 40)));
  return (place: { lat: number; lon: number; courseDeg: number; speedMps: number }): Reading['values'] => {
    const moves = place.speedMps > 0.8;
    if (moves) {
      eastM = wander(eastM);
      northM = wander(northM);
      heldCourseDeg = (place.courseDeg + random.normal(0, 0.6) + 360) % 360;
      altitudeM += (143 - altitudeM) * 0.01 + random.normal(0, 0.25);
    }
    const satellites = Math.round(clamp(random.normal(10.5, 0.5), 5, 16));
    return {
      lat: place.lat + northM / M_PER_DEG,
      lon: place.lon + eastM / (M_PER_DEG * Math.cos((place.lat * Math.PI) / 180)),
      altitudeM,
      gpsSpeedKmh: moves ? Math.max(0, place.speedMps * 3.6 + random.normal(0, 0.2)) : 0,
      courseDeg: Math.min(359.9, heldCourseDeg),
      satellites,
      hdop: clamp(1.6 - satellites * 0.07, 0.6, 3),
      fixMode: 3,
    };
  };
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
