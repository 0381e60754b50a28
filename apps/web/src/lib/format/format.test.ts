import { describe, expect, it } from 'vitest';
import { formatBytes, formatKm, formatNumber, formatQuantity } from './numbers';
import { formatAgo, formatDirection, formatMoment, formatSpan } from './times';

const S = 1000;
const MIN = 60 * S;
const H = 60 * MIN;
const THIN = '\u202f';
const NB = '\u00a0';

describe('numbers', () => {
  it('writes thousands and decimals by language', () => {
    expect(formatNumber(1840, 'fr')).toBe(`1${THIN}840`);
    expect(formatNumber(1840, 'en')).toBe('1,840');
    expect(formatNumber(5.44, 'fr', 1)).toBe('5,4');
  });
  it('shows a dash for what is unknown, and no negative zero', () => {
    expect(formatNumber(undefined, 'fr')).toBe('–');
    expect(formatNumber(Number.NaN, 'fr')).toBe('–');
    expect(formatNumber(-0.2, 'fr')).toBe('0');
    expect(formatNumber(-0.04, 'en', 1)).toBe('0.0');
  });
  it('ties the unit to its value, in the language’s own word', () => {
    expect(formatQuantity(48, 'km/h', 'fr')).toBe(`48${NB}km/h`);
    expect(formatQuantity(1840, 'rpm', 'fr')).toBe(`1${THIN}840${NB}tr/min`);
    expect(formatQuantity(1840, 'rpm', 'en')).toBe(`1,840${NB}rpm`);
    expect(formatQuantity(undefined, 'km/h', 'fr')).toBe('–');
  });
  it('writes kilometres and bytes at a readable size', () => {
    expect(formatKm(6.72, 'fr')).toBe(`6,7${NB}km`);
    expect(formatKm(1204.4, 'fr')).toBe(`1${THIN}204${NB}km`);
    expect(formatBytes(999, 'fr')).toBe(`999${NB}o`);
    expect(formatBytes(1_240_000, 'en')).toBe(`1.2${NB}MB`);
  });
});

describe('times', () => {
  it.each([
    [2 * S, `2${NB}s`],
    [59.9 * S, `59${NB}s`],
    [3 * MIN, `3${NB}min`],
    [3 * H + 12 * MIN, `3${NB}h${NB}12`],
    [3 * H + 2 * MIN, `3${NB}h${NB}02`],
    [5 * H, `5${NB}h`],
    [49 * H, `2${NB}j`],
  ])('a span of %d ms reads %s', (ms, text) => {
    expect(formatSpan(ms, 'fr')).toBe(text);
  });
  it('says ages in both languages, and never a negative one', () => {
    expect(formatAgo(3 * MIN, 'fr')).toBe(`il y a 3${NB}min`);
    expect(formatAgo(3 * MIN, 'en')).toBe(`3${NB}min ago`);
    expect(formatAgo(-5000, 'fr')).toBe('à l’instant');
  });
  it('adds the date unless it is plainly today, and the year unless it is this one', () => {
    const now = new Date(2026, 10, 19, 17, 4).getTime();
    expect(formatMoment(new Date(2026, 10, 19, 14, 2).getTime(), now, 'fr')).toBe('14:02');
    expect(formatMoment(new Date(2026, 10, 12, 14, 2).getTime(), now, 'fr')).toBe('12 nov. 14:02');
    expect(formatMoment(new Date(2019, 10, 12, 14, 2).getTime(), now, 'fr')).toBe('12 nov. 2019 14:02');
  });
  it.each([
    [0, 'nord'],
    [359, 'nord'],
    [315, 'nord-ouest'],
    [-45, 'nord-ouest'],
    [200, 'sud'],
  ])('%d° is %s', (deg, word) => {
    expect(formatDirection(deg, 'fr')).toBe(word);
  });
});
