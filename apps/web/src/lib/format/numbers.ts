import type { Locale } from '@temoin/shared/accounts';

// Numbers for people: thin no-break space between thousands in French (as Intl does), comma or point by language, and a
// no-break space before the unit, so that a value and its unit never part at the end of a line.

export const NO_BREAK = '\u00a0';
const TAGS: Readonly<Record<Locale, string>> = { fr: 'fr-FR', en: 'en-GB' };

export const tagOf = (locale: Locale): string => TAGS[locale];

const formats = new Map<string, Intl.NumberFormat>();

/** A number with exactly `decimals` decimals, for example `1 840` or `5,4`; a dash when there is none. */
export function formatNumber(value: number | undefined, locale: Locale, decimals = 0): string {
  if (value === undefined || !Number.isFinite(value)) return '–';
  const key = `${locale}${decimals}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(TAGS[locale], { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    formats.set(key, format);
  }
  // −0 is a rounding left-over, not a value; a minus is a minus, not a hyphen.
  return format.format(Math.abs(value) < 0.5 / 10 ** decimals ? 0 : value).replace('-', '−');
}

const FRENCH_UNITS: Readonly<Record<string, string>> = { rpm: 'tr/min', B: 'o', kB: 'ko', MB: 'Mo', GB: 'Go' };

/** The unit as it is written in this language: `rpm` is `tr/min` in French. */
export const formatUnit = (unit: string, locale: Locale): string =>
  locale === 'fr' ? (FRENCH_UNITS[unit] ?? unit) : unit;

/** Value and unit, for example `48 km/h`, `5,4 L/100 km`. */
export function formatQuantity(value: number | undefined, unit: string, locale: Locale, decimals = 0): string {
  const number = formatNumber(value, locale, decimals);
  return unit && number !== '–' ? `${number}${NO_BREAK}${formatUnit(unit, locale)}` : number;
}

/** Kilometres with one decimal below 100, for example `6,7 km`, `1 204 km`. */
export const formatKm = (km: number | undefined, locale: Locale): string =>
  formatQuantity(km, 'km', locale, km !== undefined && Math.abs(km) < 100 ? 1 : 0);

/** Bytes in a readable unit (decimal, as networks count), for example `1,2 Mo`. */
export function formatBytes(bytes: number, locale: Locale): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  return formatQuantity(bytes / 1000 ** power, units[power] ?? 'B', locale, power === 0 ? 0 : 1);
}
