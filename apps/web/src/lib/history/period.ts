import { addDays, startOfDay, startOfWeek } from '@/lib/history/zoned-time';
import type { TimeWindow } from '@/ui/charts/chart-window';

// Which time a history page shows. A period is a kind and, once somebody moved it, a window; without a window it follows the
// newest data, which for a recording of years ago is years ago.

export type PeriodKind = 'quarter' | 'hour' | 'day' | 'week' | 'dates';
export const PERIOD_KINDS: readonly PeriodKind[] = ['quarter', 'hour', 'day', 'week', 'dates'];

const LENGTH_MS = { quarter: 15 * 60_000, hour: 60 * 60_000 } as const;

/** The window of a kind that holds `at` as its newest instant: the last 15 min or hour, or the local day or week of it. */
export function windowEndingAt(kind: PeriodKind, at: number, timeZone: string): TimeWindow {
  if (kind === 'day') {
    const from = startOfDay(at, timeZone);
    return { from, to: addDays(from, 1, timeZone) };
  }
  if (kind === 'week') {
    const from = startOfWeek(at, timeZone);
    return { from, to: addDays(from, 7, timeZone) };
  }
  const length = kind === 'quarter' ? LENGTH_MS.quarter : LENGTH_MS.hour;
  return { from: at - length, to: at };
}

/** One period earlier (−1) or later (1). Days and weeks by the calendar, others by their own length. */
export function stepped(kind: PeriodKind, window: TimeWindow, direction: -1 | 1, timeZone: string): TimeWindow {
  const days = kind === 'day' ? 1 : kind === 'week' ? 7 : 0;
  if (days > 0) {
    const from = addDays(window.from, direction * days, timeZone);
    return { from, to: addDays(from, days, timeZone) };
  }
  const by = direction * (window.to - window.from);
  return { from: window.from + by, to: window.to + by };
}

/** The same stretch a day or a week earlier by the calendar: wall-clock times match even when clocks changed in between. */
export const earlier = (window: TimeWindow, days: number, timeZone: string): TimeWindow => ({
  from: addDays(window.from, -days, timeZone),
  to: addDays(window.to, -days, timeZone),
});

/** The newest instant worth showing: now for a vehicle whose readings are of now, else its last reading. */
export function newestAt(lastReadingAt: number | undefined, now: number): number {
  // An hour of silence does not move the page into the past: the silence itself is what is to be seen.
  if (lastReadingAt === undefined || now - lastReadingAt < 3_600_000) return now;
  return lastReadingAt;
}

/** Whether new readings at `newest` belong into the window as it stands. */
export const reaches = (window: TimeWindow, newest: number): boolean =>
  newest >= window.from && newest <= window.to + 2_000;
