import { describe, expect, it } from 'vitest';
import { earlier, newestAt, reaches, stepped, windowEndingAt } from './period';

const PARIS = 'Europe/Paris';
const HOUR = 3_600_000;
const at = (text: string) => Date.parse(text);

describe('periods', () => {
  it('ends the short ones at the newest instant and takes whole local days and weeks', () => {
    const newest = at('2026-10-25T15:20:00Z');
    expect(windowEndingAt('hour', newest, PARIS)).toEqual({ from: newest - HOUR, to: newest });
    const day = windowEndingAt('day', newest, PARIS);
    expect(day.to - day.from).toBe(25 * HOUR);
    const week = windowEndingAt('week', newest, PARIS);
    expect(week.to - week.from).toBe(169 * HOUR);
  });

  it('steps by the calendar over a change of clocks', () => {
    const day = windowEndingAt('day', at('2026-10-24T10:00:00Z'), PARIS);
    const next = stepped('day', day, 1, PARIS);
    expect(next.from).toBe(day.to);
    expect(next.to - next.from).toBe(25 * HOUR);
    expect(stepped('day', next, -1, PARIS)).toEqual(day);
    expect(stepped('dates', { from: 0, to: 10 }, -1, PARIS)).toEqual({ from: -10, to: 0 });
  });

  it('compares with the same wall-clock time', () => {
    const window = { from: at('2026-10-26T07:00:00Z'), to: at('2026-10-26T08:00:00Z') };
    expect(earlier(window, 2, PARIS).from).toBe(at('2026-10-24T06:00:00Z'));
  });

  it('shows now for a living vehicle and the last reading of an old recording', () => {
    const now = at('2026-11-19T13:59:00Z');
    expect(newestAt(now - 5_000, now)).toBe(now);
    expect(newestAt(undefined, now)).toBe(now);
    expect(newestAt(at('2019-05-03T08:00:00Z'), now)).toBe(at('2019-05-03T08:00:00Z'));
    expect(reaches({ from: 0, to: 100 }, 50)).toBe(true);
    expect(reaches({ from: 0, to: 100 }, 9_000)).toBe(false);
  });
});
