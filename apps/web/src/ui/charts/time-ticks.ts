import { instantOf, offsetMsAt, wallTimeAt } from '@/lib/history/zoned-time';

// Where a time axis puts its ticks and what they say. Ticks stand on round wall-clock times: on the day the clocks change the
// hours stay round, the skipped hour has no tick and the repeated one keeps both where single hours are drawn.

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const STEPS_MS = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 7].map((n) => n * DAY),
];

/** The smallest round step (ms) that leaves at least `minGapPx` between ticks. Beyond a week: months (30 days, nominal). */
export function stepFor(spanMs: number, widthPx: number, minGapPx = 84): number {
  const smallest = (spanMs * minGapPx) / Math.max(widthPx, 1);
  const step = STEPS_MS.find((candidate) => candidate >= smallest);
  if (step) return step;
  const months = [1, 2, 3, 6, 12].find((n) => n * 30 * DAY >= smallest) ?? 12 * Math.ceil(smallest / (365 * DAY));
  return months * 30 * DAY;
}

/** The instants of all ticks within `from`…`to` (ms UTC, ends included). */
export function ticksBetween(from: number, to: number, stepMs: number, timeZone: string): number[] {
  if (stepMs <= HOUR) return ticksByOffset(from, to, stepMs, timeZone);
  if (stepMs < DAY) return ticksByHour(from, to, stepMs / HOUR, timeZone);
  return stepMs < 30 * DAY
    ? ticksByDay(from, to, stepMs / DAY, timeZone)
    : ticksByMonth(from, to, Math.round(stepMs / (30 * DAY)), timeZone);
}

function ticksByOffset(from: number, to: number, stepMs: number, timeZone: string): number[] {
  const ticks: number[] = [];
  // Zones are off by whole quarters of an hour; the offset is looked up again at every tick because it may change on the way.
  let at = from;
  while (at <= to) {
    const offset = offsetMsAt(at, timeZone);
    const next = Math.ceil((at + offset) / stepMs) * stepMs - offset;
    if (next > to) break;
    if (offsetMsAt(next, timeZone) === offset) ticks.push(next);
    else if ((next + offsetMsAt(next, timeZone)) % stepMs === 0) ticks.push(next);
    at = next + 1;
  }
  return ticks;
}

function ticksByHour(from: number, to: number, everyHours: number, timeZone: string): number[] {
  const ticks: number[] = [];
  let before = '';
  for (const at of ticksByOffset(from, to, HOUR, timeZone)) {
    const wall = wallTimeAt(at, timeZone);
    if (wall.hour % everyHours !== 0 || wall.minute !== 0) continue;
    const name = `${wall.day} ${wall.hour}`;
    if (name !== before) ticks.push(at);
    before = name;
  }
  return ticks;
}

function ticksByDay(from: number, to: number, everyDays: number, timeZone: string): number[] {
  const ticks: number[] = [];
  const first = wallTimeAt(from, timeZone);
  for (let n = 0; ; n += 1) {
    const day = Date.UTC(first.year, first.month - 1, first.day + n);
    const utc = new Date(day);
    const at = instantOf({ year: utc.getUTCFullYear(), month: utc.getUTCMonth() + 1, day: utc.getUTCDate() }, timeZone);
    if (at > to) return ticks;
    // Counted from a Monday, so that weekly ticks are Mondays and ticks stay put while the window moves.
    if (at >= from && (day / DAY + 3) % everyDays === 0) ticks.push(at);
  }
}

function ticksByMonth(from: number, to: number, everyMonths: number, timeZone: string): number[] {
  const ticks: number[] = [];
  const first = wallTimeAt(from, timeZone);
  for (let n = 0; ; n += 1) {
    const count = first.year * 12 + first.month - 1 + n;
    const at = instantOf({ year: Math.floor(count / 12), month: (count % 12) + 1, day: 1 }, timeZone);
    if (at > to) return ticks;
    if (at >= from && count % everyMonths === 0) ticks.push(at);
  }
}

const labelFormats = new Map<string, Intl.DateTimeFormat>();

function labelFormat(locale: string, timeZone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${timeZone} ${JSON.stringify(options)}`;
  let format = labelFormats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(locale, { timeZone, ...options });
    labelFormats.set(key, format);
  }
  return format;
}

const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
const date = { day: 'numeric', month: 'short' } as const;

/** What a tick says: seconds, minutes, the day at midnight, the month or the year, as its step needs. */
export function tickLabel(at: number, stepMs: number, timeZone: string, locale: string): string {
  const wall = wallTimeAt(at, timeZone);
  const midnight = wall.hour === 0 && wall.minute === 0 && wall.second === 0;
  if (stepMs >= 30 * DAY) {
    return labelFormat(locale, timeZone, { month: 'short', year: 'numeric' }).format(at);
  }
  if (stepMs >= DAY || (midnight && stepMs >= HOUR)) return labelFormat(locale, timeZone, date).format(at);
  if (stepMs < MINUTE) return labelFormat(locale, timeZone, { ...clock, second: '2-digit' }).format(at);
  return labelFormat(locale, timeZone, clock).format(at);
}

/** The instant under the cursor, as exact as the window allows. */
export function cursorLabel(at: number, spanMs: number, timeZone: string, locale: string): string {
  const time = labelFormat(locale, timeZone, { ...clock, second: '2-digit' }).format(at);
  return spanMs <= 36 * HOUR
    ? time
    : `${labelFormat(locale, timeZone, { weekday: 'short', ...date }).format(at)} ${time}`;
}
