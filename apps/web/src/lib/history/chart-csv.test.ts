import { describe, expect, it } from 'vitest';
import { csvOfSeries, fileName } from './chart-csv';

describe('csvOfSeries', () => {
  it('puts metrics side by side by instant and leaves holes empty', () => {
    const text = csvOfSeries(
      [
        { metric: 'rpm', at: [1000, 3000], value: [800, 900.25], gaps: [], readings: 2 },
        { metric: 'obdSpeedKmh', at: [3000, 9000], value: [12, 13], gaps: [], readings: 2 },
      ],
      0,
      5000,
    );
    expect(text.split('\r\n')).toEqual([
      'at,rpm,obdSpeedKmh',
      '1970-01-01T00:00:01.000Z,800,',
      '1970-01-01T00:00:03.000Z,900.25,12',
      '',
    ]);
  });

  it('names files so that every system takes them', () => {
    expect(fileName('20/05 a:b', 0, 'csv', 'Europe/Paris')).toBe('20-05-a-b 1970-01-01 01h00.csv');
  });
});
