import { describe, expect, it } from 'vitest';
import { METRIC_KEY_BY_ID, METRIC_KEYS, METRICS } from './catalogue.ts';

describe('metric catalogue', () => {
  it('numbers every metric once', () => {
    expect(METRIC_KEY_BY_ID.size).toBe(METRIC_KEYS.length);
  });

  it.each(METRIC_KEYS)('describes %s fully', (key) => {
    const metric = METRICS[key];
    expect(metric.min).toBeLessThan(metric.max);
    expect(Number.isInteger(metric.scale)).toBe(true);
    expect(metric.label.fr).not.toBe('');
    expect(metric.label.en).not.toBe('');
    // What travels must be a whole number that a column can hold.
    expect(Math.abs(metric.max * metric.scale)).toBeLessThan(2 ** 50);
  });

  // Formulas of SAE J1979 with the examples of its tables.
  it.each([
    ['engineLoadPct', [255], 100],
    ['coolantTempC', [123], 83],
    ['shortFuelTrimPct', [128], 0],
    ['rpm', [0x1a, 0xf8], 1726],
    ['obdSpeedKmh', [42], 42],
    ['timingAdvanceDeg', [128], 0],
    ['massAirFlowGps', [1, 0], 2.56],
    ['moduleVoltageV', [0x37, 0x14], 14.1],
    ['fuelRateLph', [0, 100], 5],
    ['odometerKm', [0, 8, 0xe1, 0xfc], 58_214],
    ['milOn', [0x82], 1],
    ['dtcCount', [0x82], 2],
  ] as const)('decodes %s', (key, data, value) => {
    expect(METRICS[key].obd?.decode(data)).toBeCloseTo(value, 6);
  });

  it('keeps what a decoded answer can be inside the plausible range', () => {
    for (const key of METRIC_KEYS) {
      const { obd, min, max } = METRICS[key];
      if (!obd) continue;
      for (const byte of [0, 255]) {
        const value = obd.decode(new Array(obd.bytes).fill(byte));
        expect(value, key).toBeGreaterThanOrEqual(min);
        expect(value, key).toBeLessThanOrEqual(max);
      }
    }
  });
});
