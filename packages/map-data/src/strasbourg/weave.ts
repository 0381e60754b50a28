import type { PlanePoint } from '../geometry/plane.ts';
import type { Polygon } from '../geometry/polygon.ts';
import type { Random } from '../geometry/random.ts';
import type { Quarter } from './quarters.ts';

const DRAW_STEP_M = 55;

/**
 * Draws an irregular grid over a quarter's whole box; what falls outside is cut away later. Long streets follow the
 * quarter's bearing; cross streets run through two to four blocks and then stop, which gives the many T-junctions
 * of a real town. Everything bends along one smooth seeded wave, so neighbours stay roughly parallel.
 */
export function createWeave(quarter: Quarter, outline: Polygon, random: Random): PlanePoint[][] {
  const angle = ((90 - quarter.bearing) * Math.PI) / 180;
  const centre = { x: (outline.min.x + outline.max.x) / 2, y: (outline.min.y + outline.max.y) / 2 };
  const turned = outline.points.map(({ x, y }) => ({
    along: (x - centre.x) * Math.cos(angle) + (y - centre.y) * Math.sin(angle),
    across: (y - centre.y) * Math.cos(angle) - (x - centre.x) * Math.sin(angle),
  }));
  const [acrossM, alongM] = quarter.blockM;
  const reachM = Math.max(...turned.map(({ along }) => Math.abs(along)));
  const reachAcrossM = Math.max(...turned.map(({ across }) => Math.abs(across))) + acrossM * 1.5;
  const bend = createBend(quarter.irregularity, acrossM, random);
  const place = (along: number, across: number): PlanePoint => {
    const shifted = across + bend(along, across);
    return {
      x: centre.x + along * Math.cos(angle) - shifted * Math.sin(angle),
      y: centre.y + along * Math.sin(angle) + shifted * Math.cos(angle),
    };
  };
  const jitter = (sizeM: number) => (random() - 0.5) * sizeM * quarter.irregularity;

  const rows: number[] = [];
  for (let across = -reachAcrossM; across <= reachAcrossM; across += acrossM * (0.75 + random() * 0.5))
    rows.push(across);
  const streets = rows.map((across) => draw(-reachM, reachM, (along) => place(along, across)));

  for (let from = 0; from + 1 < rows.length; ) {
    const to = Math.min(rows.length - 1, from + 2 + Math.floor(random() * 3));
    for (let along = -reachM + random() * alongM; along <= reachM; along += alongM * (0.6 + random() * 0.8)) {
      const slant = jitter(alongM * 0.6);
      const first = random() < 0.25 ? from + 1 : from;
      const last = random() < 0.25 ? to - 1 : to;
      const start = rows[first]!;
      const end = rows[Math.max(first, last)]!;
      if (end > start)
        streets.push(draw(start, end, (across) => place(along + (slant * (across - start)) / acrossM, across)));
    }
    from = to;
  }
  return streets;
}

function draw(from: number, to: number, at: (m: number) => PlanePoint): PlanePoint[] {
  const steps = Math.max(2, Math.ceil((to - from) / DRAW_STEP_M));
  return Array.from({ length: steps + 1 }, (_, k) => at(from + ((to - from) * k) / steps));
}

/** A sum of two long waves, at most about `irregularity` × 1.4 blocks to either side. */
function createBend(irregularity: number, blockM: number, random: Random): (along: number, across: number) => number {
  const waves = [900, 420].map((lengthM) => ({
    sizeM: irregularity * (lengthM > 500 ? 1.1 : 0.35) * blockM,
    lengthM: lengthM * (0.8 + random() * 0.5),
    phase: random() * 2 * Math.PI,
    drift: 0.3 + random() * 0.5,
  }));
  return (along, across) =>
    waves.reduce(
      (sum, { sizeM, lengthM, phase, drift }) =>
        sum + sizeM * Math.sin(((along + across * drift) / lengthM) * 2 * Math.PI + phase),
      0,
    );
}
