import type { Locale } from '@temoin/shared/accounts';
import { tagOf } from '@/lib/format/numbers';

const formats = new Map<string, Intl.DateTimeFormat>();

/** `19 novembre`, with the year when it is not this one; `short` gives `jeu. 19 nov.`, `row` the same and never the year, below a title that says it. */
export function dayWords(
  at: number,
  locale: Locale,
  timeZone: string,
  style: 'long' | 'short' | 'row' = 'long',
): string {
  const short = style !== 'long';
  const isThisYear = style === 'row' || new Date(at).getFullYear() === new Date().getFullYear();
  const key = `${locale}${timeZone}${short}${isThisYear}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(tagOf(locale), {
      timeZone,
      day: 'numeric',
      month: short ? 'short' : 'long',
      ...(short ? { weekday: 'short' } : {}),
      ...(isThisYear ? {} : { year: 'numeric' }),
    });
    formats.set(key, format);
  }
  return format.format(at);
}
