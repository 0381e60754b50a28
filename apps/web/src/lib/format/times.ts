import type { Locale } from '@temoin/shared/accounts';
import { formatNumber, NO_BREAK, tagOf } from '@/lib/format/numbers';

// Instants and spans for people: 24-hour clock, always with a date or an age when it is not plainly today.

const S = 1000;
const MIN = 60 * S;
const H = 60 * MIN;
const DAY = 24 * H;

const formats = new Map<string, Intl.DateTimeFormat>();

function dateFormat(locale: Locale, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + name;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(tagOf(locale), options);
    formats.set(key, format);
  }
  return format;
}

/** `14:02`, local time. */
export const formatTime = (at: number, locale: Locale): string =>
  dateFormat(locale, 'time', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);

/** `14:02:09`, local time. */
export const formatTimeWithSeconds = (at: number, locale: Locale): string =>
  dateFormat(locale, 'seconds', { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }).format(at);

/** `19 nov. 2026`. */
export const formatDate = (at: number, locale: Locale): string =>
  dateFormat(locale, 'date', { day: 'numeric', month: 'short', year: 'numeric' }).format(at);

/** `jeu. 19 nov. 2026, 17:04`, as in the top bar. */
export const formatDayAndTime = (at: number, locale: Locale): string =>
  `${dateFormat(locale, 'day', { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }).format(at)}, ${formatTime(at, locale)}`;

const sameDay = (a: number, b: number) => new Date(a).toDateString() === new Date(b).toDateString();
const sameYear = (a: number, b: number) => new Date(a).getFullYear() === new Date(b).getFullYear();

/** The shortest form that cannot be mistaken at `now`: `14:02` today, `12 nov. 14:02` this year, else with the year. */
export function formatMoment(at: number, now: number, locale: Locale): string {
  const time = formatTime(at, locale);
  if (sameDay(at, now)) return time;
  if (!sameYear(at, now)) return `${formatDate(at, locale)} ${time}`;
  return `${dateFormat(locale, 'short', { day: 'numeric', month: 'short' }).format(at)} ${time}`;
}

/** A length of time in its two largest units: `2 s`, `3 min`, `3 h 12`, `2 j` (`2 d` in English). */
export function formatSpan(ms: number, locale: Locale): string {
  const span = Math.max(0, ms);
  if (span < MIN) return `${Math.floor(span / S)}${NO_BREAK}s`;
  if (span < H) return `${Math.floor(span / MIN)}${NO_BREAK}min`;
  if (span < DAY) {
    const minutes = Math.floor((span % H) / MIN);
    const hours = `${Math.floor(span / H)}${NO_BREAK}h`;
    return minutes === 0 ? hours : `${hours}${NO_BREAK}${String(minutes).padStart(2, '0')}`;
  }
  return `${formatNumber(Math.floor(span / DAY), locale)}${NO_BREAK}${locale === 'fr' ? 'j' : 'd'}`;
}

/** `il y a 3 min`, `3 min ago`; `à l’instant`, `just now` under a second or for a clock slightly ahead. */
export function formatAgo(ageMs: number, locale: Locale): string {
  if (ageMs < S) return locale === 'fr' ? 'à l’instant' : 'just now';
  const span = formatSpan(ageMs, locale);
  return locale === 'fr' ? `il y a ${span}` : `${span} ago`;
}

const COMPASS = {
  fr: ['nord', 'nord-est', 'est', 'sud-est', 'sud', 'sud-ouest', 'ouest', 'nord-ouest'],
  en: ['north', 'north-east', 'east', 'south-east', 'south', 'south-west', 'west', 'north-west'],
} as const;

/** The nearest of eight directions for a course in degrees: `nord-ouest`. */
export const formatDirection = (courseDeg: number, locale: Locale): string =>
  COMPASS[locale][Math.round((((courseDeg % 360) + 360) % 360) / 45) % 8] ?? '';
