import { describe, expect, it } from 'vitest';
import {
  addDays,
  fromFieldText,
  instantOf,
  offsetMsAt,
  startOfDay,
  startOfWeek,
  toFieldText,
} from '@/lib/history/zoned-time';
import { cursorLabel, stepFor, tickLabel, ticksBetween } from './time-ticks';

const PARIS = 'Europe/Paris';
const HOUR = 3_600_000;
const utc = (text: string) => Date.parse(text);
const labels = (from: number, to: number, stepMs: number, zone = PARIS) =>
  ticksBetween(from, to, stepMs, zone).map((at) => tickLabel(at, stepMs, zone, 'fr-FR'));

describe('zoned time', () => {
  it('knows days of 23 and 25 hours', () => {
    const spring = startOfDay(utc('2026-03-29T12:00:00Z'), PARIS);
    expect(addDays(spring, 1, PARIS) - spring).toBe(23 * HOUR);
    const autumn = startOfDay(utc('2026-10-25T12:00:00Z'), PARIS);
    expect(addDays(autumn, 1, PARIS) - autumn).toBe(25 * HOUR);
  });

  it('moves a skipped wall time to the moment of the jump and takes the first of a repeated one', () => {
    expect(instantOf({ year: 2026, month: 3, day: 29, hour: 2, minute: 30 }, PARIS)).toBe(utc('2026-03-29T01:00:00Z'));
    expect(instantOf({ year: 2026, month: 10, day: 25, hour: 2, minute: 30 }, PARIS)).toBe(utc('2026-10-25T00:30:00Z'));
  });

  it('begins weeks on Monday', () => {
    expect(startOfWeek(utc('2026-11-22T12:00:00Z'), PARIS)).toBe(utc('2026-11-15T23:00:00Z'));
  });

  it('carries date fields there and back, also in zones of quarter hours', () => {
    for (const zone of [PARIS, 'Asia/Kathmandu', 'America/St_Johns', 'UTC']) {
      const at = utc('2026-06-01T10:15:00Z');
      expect(fromFieldText(toFieldText(at, zone), zone)).toBe(at);
    }
    expect(fromFieldText('2026-13-01T00:00', PARIS)).toBeUndefined();
    expect(fromFieldText('soon', PARIS)).toBeUndefined();
    expect(offsetMsAt(utc('2026-06-01T00:00:00Z'), 'Asia/Kathmandu')).toBe(5.75 * HOUR);
  });
});

describe('ticks over a change of clocks', () => {
  it('leaves out the hour that clocks skip in spring', () => {
    const from = utc('2026-03-28T23:00:00Z');
    expect(labels(from, from + 6 * HOUR, HOUR)).toEqual([
      '29 mars',
      '01:00',
      '03:00',
      '04:00',
      '05:00',
      '06:00',
      '07:00',
    ]);
  });

  it('shows the repeated hour of autumn twice where every hour is drawn', () => {
    const from = utc('2026-10-24T22:00:00Z');
    expect(labels(from, from + 5 * HOUR, HOUR)).toEqual(['25 oct.', '01:00', '02:00', '02:00', '03:00', '04:00']);
  });

  it('keeps round hours after the change when drawn every six hours', () => {
    const day = startOfDay(utc('2026-10-25T12:00:00Z'), PARIS);
    expect(labels(day, addDays(day, 1, PARIS), 6 * HOUR)).toEqual(['25 oct.', '06:00', '12:00', '18:00', '26 oct.']);
    const spring = startOfDay(utc('2026-03-29T12:00:00Z'), PARIS);
    expect(labels(spring, addDays(spring, 1, PARIS), 6 * HOUR)).toEqual([
      '29 mars',
      '06:00',
      '12:00',
      '18:00',
      '30 mars',
    ]);
  });

  it('does not repeat a label of two-hour steps', () => {
    const day = startOfDay(utc('2026-10-25T12:00:00Z'), PARIS);
    expect(labels(day, day + 7 * HOUR, 2 * HOUR)).toEqual(['25 oct.', '02:00', '04:00', '06:00']);
  });

  it('puts day ticks on local midnights through the change', () => {
    const week = startOfWeek(utc('2026-10-25T12:00:00Z'), PARIS);
    const ticks = ticksBetween(week, addDays(week, 7, PARIS), 24 * HOUR, PARIS);
    expect(ticks).toHaveLength(8);
    expect(ticks.every((at) => startOfDay(at, PARIS) === at)).toBe(true);
  });

  it('stands on round minutes in a zone of three quarters of an hour', () => {
    const from = utc('2026-06-01T00:00:00Z');
    expect(labels(from, from + HOUR, 15 * 60_000, 'Asia/Kathmandu')).toEqual([
      '05:45',
      '06:00',
      '06:15',
      '06:30',
      '06:45',
    ]);
  });
});

describe('steps and cursor', () => {
  it('chooses steps by width', () => {
    expect(stepFor(HOUR, 1000)).toBe(10 * 60_000);
    expect(stepFor(24 * HOUR, 350)).toBe(6 * HOUR);
    expect(stepFor(400 * 24 * HOUR, 900)).toBeGreaterThanOrEqual(30 * 24 * HOUR);
  });

  it('ends for any window', () => {
    const from = utc('2019-01-01T00:00:00Z');
    for (const span of [1000, 60_000, HOUR, 24 * HOUR, 31 * 24 * HOUR, 3650 * 24 * HOUR]) {
      const ticks = ticksBetween(from, from + span, stepFor(span, 800), PARIS);
      expect(ticks.length).toBeLessThanOrEqual(12);
      expect([...ticks].sort((a, b) => a - b)).toEqual(ticks);
    }
  });

  it('names the day at the cursor when the window is longer than a day', () => {
    const at = utc('2026-11-18T12:47:20Z');
    expect(cursorLabel(at, HOUR, PARIS, 'fr-FR')).toBe('13:47:20');
    expect(cursorLabel(at, 7 * 24 * HOUR, PARIS, 'fr-FR')).toContain('18 nov.');
  });
});
