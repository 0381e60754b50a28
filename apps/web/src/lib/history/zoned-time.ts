// Calendar arithmetic in a named time zone, on top of Intl. A local day has 23, 24 or 25 hours, so days and labels are never
// computed by adding 86 400 000 ms.

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

export interface WallTime {
  readonly year: number;
  /** 1–12 */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(timeZone, format);
  }
  return format;
}

/** What clocks on the wall show in `timeZone` (IANA name) at an instant (ms UTC). */
export function wallTimeAt(at: number, timeZone: string): WallTime {
  const parts: Record<string, number> = {};
  for (const part of formatOf(timeZone).formatToParts(at))
    if (part.type !== 'literal') parts[part.type] = Number(part.value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return { year, month, day, hour, minute, second };
}

/** How far the zone's clocks are ahead of UTC at an instant, ms. */
export function offsetMsAt(at: number, timeZone: string): number {
  const wall = wallTimeAt(at, timeZone);
  const asUtc = Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second);
  return asUtc - Math.floor(at / 1000) * 1000;
}

/** The instant of a wall time. A time that clocks skip becomes the moment after the jump; of a repeated one, the first. */
export function instantOf(
  wall: Partial<WallTime> & Pick<WallTime, 'year' | 'month' | 'day'>,
  timeZone: string,
): number {
  const { year, month, day, hour = 0, minute = 0, second = 0 } = wall;
  const asUtc = Date.UTC(year, month - 1, day, hour, minute, second);
  // The offset half a day before and after brackets any change of clocks; the earlier instant that fits is the answer.
  const before = asUtc - offsetMsAt(asUtc - DAY_MS / 2, timeZone);
  const after = asUtc - offsetMsAt(asUtc + DAY_MS / 2, timeZone);
  if (before === after) return before;
  const fits = (at: number) => at + offsetMsAt(at, timeZone) === asUtc;
  if (fits(before)) return before;
  if (fits(after)) return after;
  return changeBetween(Math.min(before, after) - HOUR_MS, Math.max(before, after) + HOUR_MS, timeZone);
}

/** The first instant at which the offset of `to` holds, by halving. */
function changeBetween(from: number, to: number, timeZone: string): number {
  const target = offsetMsAt(to, timeZone);
  let low = from;
  let high = to;
  while (high - low > 1000) {
    const middle = Math.floor((low + high) / 2000) * 1000;
    if (offsetMsAt(middle, timeZone) === target) high = middle;
    else low = middle;
  }
  return high;
}

/** Midnight at the beginning of the local day that holds `at`, ms UTC. */
export function startOfDay(at: number, timeZone: string): number {
  const { year, month, day } = wallTimeAt(at, timeZone);
  return instantOf({ year, month, day }, timeZone);
}

/** The same wall time `days` calendar days later (or earlier, when negative). */
export function addDays(at: number, days: number, timeZone: string): number {
  const wall = wallTimeAt(at, timeZone);
  return instantOf({ ...wall, day: wall.day + days }, timeZone) + (at % 1000);
}

/** Monday's midnight of the local week that holds `at`. */
export function startOfWeek(at: number, timeZone: string): number {
  const { year, month, day } = wallTimeAt(at, timeZone);
  const weekday = (new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7;
  return instantOf({ year, month, day: day - weekday }, timeZone);
}

/** `2026-11-19T13:48` in the zone, as date-time fields of forms want it. */
export function toFieldText(at: number, timeZone: string): string {
  const wall = wallTimeAt(at, timeZone);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${String(wall.year).padStart(4, '0')}-${two(wall.month)}-${two(wall.day)}T${two(wall.hour)}:${two(wall.minute)}`;
}

/** The instant that such a field means; undefined when it is not a date and time. */
export function fromFieldText(text: string, timeZone: string): number | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute] = match.slice(1).map(Number) as [number, number, number, number, number];
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59) return undefined;
  return instantOf({ year, month, day, hour, minute }, timeZone);
}

/** The zone of the reader's device. */
export const localTimeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
