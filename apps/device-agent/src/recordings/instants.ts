// Reading of times as recordings write them. Strict: a text that is no time gives undefined, never a guess.

const ISO = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d\d:?\d\d)?$/i;

/** ms UTC of an ISO 8601 time; without an offset it is taken as UTC. */
export function parseIsoTime(text: string): number | undefined {
  const parts = ISO.exec(text.trim());
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second = '0', fraction = '', offset = 'Z'] = parts;
  const numbers = [year, month, day, hour, minute, second].map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [y, mo, d, h, mi, s] = numbers;
  const at = Date.UTC(y, mo - 1, d, h, mi, s);
  const back = new Date(at);
  // Date.UTC carries 31 February over into March; such a date was never written by a clock.
  if (back.getUTCMonth() !== mo - 1 || back.getUTCDate() !== d || h > 23 || mi > 59 || s > 60) return undefined;
  return at + Math.round(Number(`0.${fraction || '0'}`) * 1000) - offsetMs(offset);
}

function offsetMs(text: string): number {
  if (text.toUpperCase() === 'Z') return 0;
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(-2));
  return (text.startsWith('-') ? -1 : 1) * minutes * 60_000;
}

const HOUR_MS = 3_600_000;

/**
 * Times in which Morocco went back to UTC+0 for Ramadan, as UTC instants; outside them it is at UTC+1 since 28 October 2018
 * (IANA time zone database, Africa/Casablanca). A table and not `Intl`, so that every machine reads a recording alike.
 */
const MOROCCO_AT_UTC: readonly (readonly [string, string])[] = [
  ['2019-05-05T02:00Z', '2019-06-09T02:00Z'],
  ['2020-04-19T02:00Z', '2020-05-31T02:00Z'],
  ['2021-04-11T02:00Z', '2021-05-16T02:00Z'],
  ['2022-03-27T02:00Z', '2022-05-08T02:00Z'],
  ['2023-03-19T02:00Z', '2023-04-23T02:00Z'],
  ['2024-03-10T02:00Z', '2024-04-14T02:00Z'],
  ['2025-02-23T02:00Z', '2025-04-06T02:00Z'],
  ['2026-02-15T02:00Z', '2026-03-22T02:00Z'],
];

/** ms UTC of a Moroccan wall-clock time without offset. An hour that occurred twice is taken at its first occurrence. */
export function parseMoroccanTime(text: string): number | undefined {
  const asIfUtc = parseIsoTime(text);
  if (asIfUtc === undefined || /(Z|[+-]\d\d:?\d\d)\s*$/i.test(text.slice(10))) return asIfUtc;
  const atPlusOne = asIfUtc - HOUR_MS;
  const ramadan = MOROCCO_AT_UTC.some(([from, to]) => atPlusOne >= Date.parse(from) && asIfUtc < Date.parse(to));
  return ramadan ? asIfUtc : atPlusOne;
}
