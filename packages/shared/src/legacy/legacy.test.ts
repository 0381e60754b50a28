import { describe, expect, it } from 'vitest';
import { decodeLegacyUpload, parseLegacyTime } from './index.ts';

const AT = Date.parse('2025-03-04T10:00:00Z');
const gps = {
  sensor: 'gps',
  satellites: 7,
  location: [48.58, 7.75],
  altitude: 143.2,
  course: 271,
  speed: 48.6,
  datetime: '2025-03-04T09:59:59Z',
};
const obd2 = {
  sensor: 'obd2',
  engine_load: 34,
  coolant_temp: 89,
  intake_pressure: 127,
  rpm: 1840,
  speed: 48,
  fuel_level: 56,
  ambiant_air_temp: 7,
};
const record = (sensors: unknown[], time: unknown = '2025-03-04T10:00:00Z') => ({ time, data: { sensors } });

describe('old upload format', () => {
  it('gives every sensor its own instant', () => {
    const { readings, recordsRead, refusals } = decodeLegacyUpload({
      localtime: 1,
      records: [record([{ sensor: 'arduino', millis: 5 }, gps, obd2])],
    });
    expect(recordsRead).toBe(1);
    expect(refusals).toEqual({});
    expect(readings).toEqual([
      {
        at: AT - 1000,
        values: { lat: 48.58, lon: 7.75, altitudeM: 143.2, courseDeg: 271, gpsSpeedKmh: 48.6, satellites: 7 },
      },
      {
        at: AT,
        values: {
          engineLoadPct: 34,
          coolantTempC: 89,
          intakePressureKpa: 127,
          rpm: 1840,
          obdSpeedKmh: 48,
          fuelLevelPct: 56,
          ambientTempC: 7,
        },
      },
    ]);
  });

  it('takes the record’s time when the receiver has no date, and makes one reading of one instant', () => {
    const { readings } = decodeLegacyUpload({
      records: [record([{ ...gps, datetime: '1980-01-06T00:00:00Z' }, obd2])],
    });
    expect(readings).toHaveLength(1);
    expect(readings[0]).toMatchObject({ at: AT, values: { lat: 48.58, rpm: 1840 } });
  });

  it('keeps the good records around bad ones, and counts those by reason', () => {
    const { readings, refusals, pictures } = decodeLegacyUpload({
      records: [
        record([obd2]),
        'no record',
        record([obd2], 'yesterday'),
        record([{ sensor: 'gps', location: 'north' }, { sensor: 'radar' }, obd2]),
      ],
      pictures: [{ car_id: 'x', time: 1741082400, data: 'aGk=' }, { data: 5 }],
    });
    expect(readings).toHaveLength(2);
    expect(refusals).toEqual({ row_unreadable: 3, metric_unknown: 1, photo_invalid: 1 });
    expect(pictures).toEqual([{ at: AT, jpegBase64: 'aGk=' }]);
  });

  it('leaves out what is no number', () => {
    const { readings } = decodeLegacyUpload({
      records: [record([{ ...obd2, rpm: null, speed: 'fast', fuel_level: '56.5' }])],
    });
    expect(readings[0]?.values).not.toHaveProperty('rpm');
    expect(readings[0]?.values).not.toHaveProperty('obdSpeedKmh');
    expect(readings[0]?.values.fuelLevelPct).toBe(56.5);
  });

  it('reads times in seconds, milliseconds and text with and without a zone', () => {
    for (const time of [
      1741082400,
      1741082400000,
      '1741082400',
      '2025-03-04T10:00:00Z',
      '2025-03-04 10:00:00',
      '2025-03-04T11:00:00+01:00',
    ])
      expect(parseLegacyTime(time)).toBe(AT);
    expect(parseLegacyTime('soon')).toBeUndefined();
    expect(parseLegacyTime(Number.NaN)).toBeUndefined();
  });

  it('refuses another outer shape', () => {
    for (const json of [null, [], 'x', { records: 5 }, { records: new Array(2001).fill({}) }])
      expect(() => decodeLegacyUpload(json)).toThrow();
  });
});
