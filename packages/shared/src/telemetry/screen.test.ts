import { describe, expect, it } from 'vitest';
import { FUTURE_TOLERANCE_MS, screenReadings } from './screen.ts';

const NOW = Date.parse('2026-11-20T12:00:00Z');
const good = { at: NOW - 1000, values: { rpm: 900, obdSpeedKmh: 50 } };

describe('screenReadings', () => {
  it('keeps good readings as they are, without copying', () => {
    const { readings, refusals, refusedReadings } = screenReadings([good], 'gps', NOW);
    expect(readings[0]).toBe(good);
    expect(refusals).toEqual({});
    expect(refusedReadings).toBe(0);
  });

  it.each([
    ['time_out_of_range', { ...good, at: 0 }],
    ['time_out_of_range', { ...good, at: Number.NaN }],
    ['time_out_of_range', { ...good, at: 1e308 }],
    ['time_in_future', { ...good, at: NOW + FUTURE_TOLERANCE_MS + 1 }],
    ['reading_empty', { at: NOW, values: {} }],
  ])('refuses a reading for %s and keeps those around it', (code, bad) => {
    const { readings, refusals, refusedReadings } = screenReadings([good, bad, good], 'gps', NOW);
    expect(readings).toEqual([good, good]);
    expect(refusals).toEqual({ [code]: 1 });
    expect(refusedReadings).toBe(1);
  });

  it.each([
    ['value_not_a_number', { rpm: Number.NaN }],
    ['value_not_a_number', { rpm: Number.POSITIVE_INFINITY }],
    ['value_not_a_number', { rpm: '47,2' as unknown as number }],
    ['value_out_of_range', { rpm: -1 }],
    ['value_out_of_range', { fuelLevelPct: 300 }],
    ['metric_unknown', { flux: 1 }],
    ['metric_unknown', { constructor: 1 }],
    ['position_implausible', { lat: 48 }],
    ['position_implausible', { lat: 0, lon: 0 }],
    ['value_out_of_range', { lat: 91, lon: 7 }],
  ])('drops a value for %s and keeps the rest of the reading', (code, values) => {
    const { readings, refusals } = screenReadings(
      [{ at: NOW, values: { ...values, coolantTempC: 90 } as Record<string, number> }],
      'gps',
      NOW,
    );
    expect(readings).toEqual([{ at: NOW, values: { coolantTempC: 90 } }]);
    expect(refusals).toMatchObject({ [code]: 1 });
  });

  it('takes nothing by a clock that nobody set', () => {
    expect(screenReadings([good, good], 'none', NOW)).toMatchObject({
      readings: [],
      refusals: { clock_unknown: 2 },
      refusedReadings: 2,
    });
  });

  it('accepts the end of every range', () => {
    const ends = { at: NOW, values: { lat: 90, lon: -180, rpm: 16_383.75, courseDeg: 360 } };
    expect(screenReadings([ends], 'ntp', NOW).readings).toEqual([ends]);
  });
});
