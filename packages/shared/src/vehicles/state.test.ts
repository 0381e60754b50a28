import { describe, expect, it } from 'vitest';
import { freshnessOf, stateOf } from './state.ts';

const NOW = Date.parse('2026-11-20T12:00:00Z');
const MINUTE = 60_000;

describe('stateOf', () => {
  it.each([
    ['moving', { lastReadingAt: NOW - 2000, speedKmh: 48, engineOn: true }],
    ['idling', { lastReadingAt: NOW - 2000, speedKmh: 1, engineOn: true }],
    ['parked', { lastReadingAt: NOW - 20 * MINUTE, speedKmh: 0, engineOn: false }],
    ['silent', { lastReadingAt: NOW - 20 * MINUTE, speedKmh: 48, engineOn: true }],
    ['silent', { lastReadingAt: NOW - 120 * MINUTE, speedKmh: 0, engineOn: false }],
    ['silent', {}],
    ['alarm', { lastReadingAt: NOW - 120 * MINUTE, alarm: { kind: 'crash' as const, at: NOW, codes: [] } }],
  ])('says %s', (state, vehicle) => expect(stateOf(vehicle, NOW)).toBe(state));

  it('judges a replayed recording by its contact, not by its own old times', () => {
    const replayed = {
      lastReadingAt: NOW - 7 * 365 * 24 * 60 * MINUTE,
      lastContactAt: NOW - 1000,
      speedKmh: 50,
      engineOn: true,
    };
    expect(stateOf({ ...replayed, origin: 'replayed' }, NOW)).toBe('moving');
    expect(stateOf({ ...replayed, origin: 'measured' }, NOW)).toBe('silent');
  });

  it('does not take a backlog that arrives now for news', () => {
    expect(
      stateOf(
        { origin: 'measured', lastReadingAt: NOW - 60 * MINUTE, lastContactAt: NOW, speedKmh: 50, engineOn: true },
        NOW,
      ),
    ).toBe('silent');
  });
});

describe('freshnessOf', () => {
  it.each([
    ['live', 2000, 48],
    ['expected', MINUTE, 48],
    ['late', 10 * MINUTE, 48],
    ['expected', 10 * MINUTE, 0],
  ])('is %s', (freshness, ageMs, speedKmh) => {
    expect(freshnessOf({ lastReadingAt: NOW - ageMs, speedKmh, engineOn: speedKmh > 0 }, NOW)).toBe(freshness);
  });
});
