import { METRICS } from '@temoin/shared/metrics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { faultCode, faultCodes } from './fault-codes.ts';
import { decodeAnswer } from './readings.ts';
import { supportedPids } from './supported.ts';
import { vinOf } from './vin.ts';

describe('fault codes', () => {
  it.each([
    [0x01, 0x04, 'P0104'],
    [0x41, 0x23, 'C0123'],
    [0x80, 0x03, 'B0003'],
    [0xa1, 0xab, 'B21AB'],
    [0xf1, 0x06, 'U3106'],
  ])('%i %i is %s', (high, low, code) => {
    expect(faultCode(high, low)).toBe(code);
  });

  it('have a count on CAN and none elsewhere; a list that contradicts its bus is unknown', () => {
    expect(faultCodes([2, 1, 0x20, 1, 0x21], 'can')).toEqual(['P0120', 'P0121']);
    expect(faultCodes([2, 1, 0x20, 1, 0x21], 'legacy')).toBeUndefined();
    expect(faultCodes([1, 3, 1, 4, 0, 0], 'legacy')).toEqual(['P0103', 'P0104']);
    expect(faultCodes([1, 3, 1, 4, 0, 0], 'can')).toBeUndefined();
  });

  it('are none when the car says none, and unknown when it says too little', () => {
    expect(faultCodes([0])).toEqual([]);
    expect(faultCodes([0, 0, 0, 0, 0, 0], 'legacy')).toEqual([]);
    expect(faultCodes([])).toBeUndefined();
    expect(faultCodes([3, 1, 0x20])).toBeUndefined();
  });

  it('come from any bytes without a crash and in the form of SAE J2012', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 40 }), (data) => {
        for (const code of faultCodes(data) ?? []) expect(code).toMatch(/^[PCBU][0-3][0-9A-F]{3}$/);
      }),
    );
  });
});

describe('supported PIDs', () => {
  it('are read from the mask of the data sheet', () => {
    const pids = supportedPids(0, [0xbe, 0x3f, 0xa8, 0x13]).map((pid) => pid.toString(16));
    expect(pids.join(' ')).toBe('1 3 4 5 6 7 b c d e f 10 11 13 15 1c 1f 20');
    expect(supportedPids(0, [0xff, 0xff])).toEqual([]);
  });
});

describe('VIN', () => {
  it('is taken with its count or its zeros, and refused when it is none', () => {
    const text = [...Buffer.from('WP0ZZZ99ZTS392124')];
    expect(vinOf([1, ...text])).toBe('WP0ZZZ99ZTS392124');
    expect(vinOf([0, 0, 0, ...text])).toBe('WP0ZZZ99ZTS392124');
    expect(vinOf(text.slice(1))).toBeUndefined();
    expect(vinOf(new Array(20).fill(0))).toBeUndefined();
    expect(vinOf([...Buffer.from('WP0ZZZ99ZTS39212I')])).toBeUndefined();
  });
});

describe('values', () => {
  it('come by the catalogue, from the first bytes of longer answers and not from shorter ones', () => {
    expect(decodeAnswer('010D', [0x40, 0xff]).values).toEqual({ obdSpeedKmh: 64 });
    expect(decodeAnswer('010C', [0x1a]).values).toEqual({});
    expect(decodeAnswer('0101', [0x83]).values).toEqual({ milOn: 1, dtcCount: 3 });
    expect(decodeAnswer('0199', [1, 2, 3]).values).toEqual({});
  });

  it.each([
    ['010D', [0xff], undefined],
    ['010C', [0xff, 0xff], undefined],
    ['0105', [0xff], undefined],
    ['0105', [0x00], 90],
    ['0146', [0x00], undefined],
    ['0142', [0x00, 0x00], undefined],
    ['012F', [0x00], 60],
  ])('%s %j after %s is "not available"', (request, data, before) => {
    const { values, unavailable } = decodeAnswer(request, data, () => before);
    expect(values).toEqual({});
    expect(unavailable).toHaveLength(1);
  });

  it.each([
    ['010D', [0x00], undefined, { obdSpeedKmh: 0 }],
    ['010C', [0x00, 0x00], undefined, { rpm: 0 }],
    ['0104', [0xff], undefined, { engineLoadPct: 100 }],
    ['0111', [0xff], undefined, { throttlePct: 100 }],
    ['0146', [0x00], -38, { ambientTempC: -40 }],
    ['012F', [0x00], 3, { fuelLevelPct: 0 }],
    ['011F', [0xff, 0xff], undefined, { engineRunTimeS: 65_535 }],
  ])('%s %j after %s is a value', (request, data, before, values) => {
    expect(decodeAnswer(request, data, () => before)).toEqual({ values, unavailable: [] });
  });

  it('never leave the plausible range, whatever the bytes', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('010C', '0105', '0110', '0142', '015E', '01A6', '0101'),
        fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 8 }),
        (request, data) => {
          for (const [key, value] of Object.entries(decodeAnswer(request, data).values)) {
            const { min, max } = METRICS[key as keyof typeof METRICS];
            expect(value).toBeGreaterThanOrEqual(min);
            expect(value).toBeLessThanOrEqual(max);
          }
        },
      ),
    );
  });
});
