import type { Random } from './random.ts';

// When a vehicle drives and how long it stands. A day runs from 04:00 to 04:00 (Central European standard time), when every
// vehicle is at home: so a day can be computed on its own, from the seed and the date alone.

const HOUR_MS = 3600_000;
const DAY_MS = 24 * HOUR_MS;
/** 04:00 in Strasbourg without summer time. */
const DAY_BEGINS_MS = 3 * HOUR_MS;

export const USES = ['commuter', 'rounds', 'taxi', 'night', 'errands', 'shifts'] as const;
/** What a vehicle is used for; decides when it drives. */
export type Use = (typeof USES)[number];

export const dayOf = (at: number): number => Math.floor((at - DAY_BEGINS_MS) / DAY_MS) * DAY_MS + DAY_BEGINS_MS;
export const nextDay = (dayAt: number): number => dayAt + DAY_MS;

/** One errand: not before `departAt` (ms UTC), and at least `pauseS` of standing after it. */
export interface Errand {
  readonly departAt: number;
  readonly home: boolean;
  readonly pauseS: number;
  /** The engine stays on while standing (a delivery at the kerb, a taxi in the rank). */
  readonly keepsRunning: boolean;
}

/** The errands of a day that begins at `dayAt`; the last one goes home. */
export function planDay(use: Use, dayAt: number, random: Random): Errand[] {
  const hour = (clock: number, spreadH = 0) => dayAt + (clock - 4 + random.between(-spreadH, spreadH)) * HOUR_MS;
  if (use === 'commuter') {
    return [
      { departAt: hour(7.5, 0.7), home: false, pauseS: 4 * 3600, keepsRunning: false },
      ...(random.chance(0.4) ? [{ departAt: hour(12.1, 0.2), home: false, pauseS: 1800, keepsRunning: false }] : []),
      { departAt: hour(17.4, 0.9), home: false, pauseS: 900, keepsRunning: false },
      { departAt: hour(18, 0.2), home: true, pauseS: 0, keepsRunning: false },
    ];
  }
  if (use === 'errands') {
    const starts = Array.from({ length: random.whole(2, 4) }, () => hour(random.between(9, 19))).sort((a, b) => a - b);
    return [
      ...starts.map((departAt) => ({ departAt, home: false, pauseS: random.between(600, 3000), keepsRunning: false })),
      { departAt: (starts.at(-1) ?? dayAt) + HOUR_MS, home: true, pauseS: 0, keepsRunning: false },
    ];
  }
  const [from, until] =
    use === 'rounds'
      ? [hour(6.6, 0.6), hour(18.5, 0.7)]
      : use === 'taxi'
        ? [hour(5.2, 0.8), hour(26.3, 0.3)]
        : use === 'shifts'
          ? [hour(4.1, 0.05), hour(27.7, 0.1)]
          : [hour(19.5, 0.6), hour(27, 0.2)];
  return steadyWork(from, until, random);
}

/** Drive, stand a little, drive on: as many errands as fit, each free to start as soon as the one before is over. */
function steadyWork(from: number, until: number, random: Random): Errand[] {
  const errands: Errand[] = [];
  for (let at = from; at < until; at += 6 * 60_000) {
    errands.push({ departAt: at, home: false, pauseS: random.between(60, 420), keepsRunning: random.chance(0.6) });
  }
  return [
    ...errands.filter((errand) => errand.departAt < until),
    { departAt: until, home: true, pauseS: 0, keepsRunning: false },
  ];
}
