import type { Locale } from '@temoin/shared/accounts';
import { tagOf } from '@/lib/format/numbers';
import { formatTime, formatTimeWithSeconds } from '@/lib/format/times';
import { addDays, startOfDay } from '@/lib/history/zoned-time';
import type { TimeWindow } from '@/ui/charts/chart-window';
import { dayWords } from './day-words';

/** A window in words that cannot be mistaken: `13:30 – 14:30` today, with its day or days otherwise. */
export function windowWords({ from, to }: TimeWindow, locale: Locale, timeZone: string, now = Date.now()): string {
  const day = startOfDay(from, timeZone);
  const next = addDays(day, 1, timeZone);
  if (from === day && to === next) return dayWords(from, locale, timeZone, 'short');
  const time = to - from < 10 * 60_000 ? formatTimeWithSeconds : formatTime;
  if (to <= next) {
    const isToday = startOfDay(now, timeZone) === day;
    return `${isToday ? '' : `${dayWords(from, locale, timeZone, 'short')}, `}${time(from, locale)} – ${time(to, locale)}`;
  }
  const wholeDays = from === day && startOfDay(to, timeZone) === to;
  const short = new Intl.DateTimeFormat(tagOf(locale), {
    timeZone,
    day: 'numeric',
    month: 'short',
    year: new Date(from).getFullYear() === new Date(now).getFullYear() ? undefined : 'numeric',
  });
  if (wholeDays) return `${short.format(from)} – ${short.format(to - 1)}`;
  return `${short.format(from)} ${formatTime(from, locale)} – ${short.format(to)} ${formatTime(to, locale)}`;
}
