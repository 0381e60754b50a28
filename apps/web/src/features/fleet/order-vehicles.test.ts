import type { VehicleNow } from '@temoin/shared/vehicles';
import { describe, expect, it } from 'vitest';
import { matchesText, orderVehicles, type Sort } from './order-vehicles';

const NOW = 1_800_000_000_000;
const car = (label: string, more: Partial<VehicleNow> = {}): VehicleNow => ({
  id: label,
  vin: 'VF3LBYHZPKS118802',
  label,
  model: 'Citroën Berlingo',
  lastContactAt: NOW,
  lastReadingAt: NOW,
  engineOn: false,
  ...more,
});

const fleet = [
  car('EL-266-TG'),
  car('GB-482-KT', { speedKmh: 48, engineOn: true }),
  car('FN-584-LH', { lastReadingAt: NOW - 3 * 3_600_000 }),
  car('EV-912-CR', { speedKmh: 0, engineOn: true }),
  car('EX-730-MB', { alarm: { kind: 'crash', at: NOW - 60_000, codes: [] } }),
  car('FR-208-VD', { alarm: { kind: 'unplugged', at: NOW - 360_000, codes: [] } }),
  car('DW-047-SZ', { speedKmh: 52, engineOn: true }),
];
const labels = (sort: Sort, text = '') =>
  orderVehicles(fleet, { states: new Set(), text, sort, now: NOW }).map(({ vehicle }) => vehicle.label);

describe('order of the list', () => {
  it('puts alerts first, newest above, then what moves, idles, stands, and is silent; plates within', () => {
    expect(labels('activity')).toEqual([
      'EX-730-MB',
      'FR-208-VD',
      'DW-047-SZ',
      'GB-482-KT',
      'EV-912-CR',
      'EL-266-TG',
      'FN-584-LH',
    ]);
  });

  it('sorts by speed with unknown speeds last', () => {
    expect(labels('speed').slice(0, 3)).toEqual(['DW-047-SZ', 'GB-482-KT', 'EV-912-CR']);
  });

  it('keeps only the states asked for', () => {
    const found = orderVehicles(fleet, { states: new Set(['moving']), text: '', sort: 'label', now: NOW });
    expect(found.map(({ vehicle }) => vehicle.label)).toEqual(['DW-047-SZ', 'GB-482-KT']);
  });

  it('keeps only what is in the map when asked', () => {
    const found = orderVehicles(fleet, {
      states: new Set(),
      text: '',
      sort: 'label',
      now: NOW,
      within: new Set(['EL-266-TG']),
    });
    expect(found).toHaveLength(1);
  });

  it.each(['gb482', 'GB-482', 'gb 482', 'berlingo', 'citroen', 'KS118802'])('finds by %s', (text) => {
    expect(matchesText(car('GB-482-KT'), text)).toBe(true);
  });

  it.each(['gb483', 'kangoo', 'berlingo kangoo'])('does not find by %s', (text) => {
    expect(matchesText(car('GB-482-KT'), text)).toBe(false);
  });
});
