import type { VehicleNow } from '@temoin/shared/vehicles';
import { describe, expect, it } from 'vitest';
import { follow, isLater, NOTHING_FOLLOWED, vehicleNow, withReadings } from './vehicle-changes';

const car: VehicleNow = { id: 'v1', vin: 'VF3', label: 'GB-482-KT', model: 'Peugeot 308' };
const followed = follow(NOTHING_FOLLOWED, { kind: 'snapshot', vehicle: car });

describe('withReadings', () => {
  it('takes the newest value of each metric, whatever the order of arrival', () => {
    const after = withReadings(
      car,
      [
        { at: 2000, values: { rpm: 1900, obdSpeedKmh: 48 } },
        { at: 1000, values: { rpm: 900, coolantTempC: 89 } },
      ],
      5000,
    );
    expect(after.latest).toEqual({ rpm: [1900, 2000], obdSpeedKmh: [48, 2000], coolantTempC: [89, 1000] });
    expect(after).toMatchObject({ lastReadingAt: 2000, lastContactAt: 5000, speedKmh: 48, engineOn: true });
  });

  it('never moves the vehicle back', () => {
    const there = withReadings(car, [{ at: 2000, values: { lat: 48.58, lon: 7.75, courseDeg: 90 } }], 0);
    const late = withReadings(there, [{ at: 1000, values: { lat: 10, lon: 10 } }], 0);
    expect(late.position).toMatchObject({ lat: 48.58, at: 2000 });
  });

  it('keeps the street while the vehicle stays near and drops it when it has gone', () => {
    const named: VehicleNow = { ...car, position: { lat: 48.58, lon: 7.75, at: 1, street: 'Avenue des Vosges' } };
    expect(withReadings(named, [{ at: 2, values: { lat: 48.5801, lon: 7.7501 } }], 0).position?.street).toBe(
      'Avenue des Vosges',
    );
    expect(withReadings(named, [{ at: 2, values: { lat: 48.59, lon: 7.75 } }], 0).position?.street).toBeUndefined();
  });

  it('prefers the car’s own speed unless it is stale', () => {
    const obd = withReadings(car, [{ at: 1000, values: { obdSpeedKmh: 50, gpsSpeedKmh: 47 } }], 0);
    expect(obd.speedKmh).toBe(50);
    expect(withReadings(obd, [{ at: 12_000, values: { gpsSpeedKmh: 30 } }], 0).speedKmh).toBe(30);
  });

  it('notes since when it stands and forgets it when it moves', () => {
    const stood = withReadings(car, [{ at: 1000, values: { obdSpeedKmh: 0 } }], 0);
    expect(stood.standingSince).toBe(1000);
    expect(withReadings(stood, [{ at: 2000, values: { obdSpeedKmh: 0 } }], 0).standingSince).toBe(1000);
    expect(withReadings(stood, [{ at: 2000, values: { obdSpeedKmh: 30 } }], 0).standingSince).toBeUndefined();
  });
});

describe('follow', () => {
  it('waits for the snapshot before readings count', () => {
    const event = { kind: 'readings', readings: [{ at: 1, values: { rpm: 1 } }], heardAt: 1 } as const;
    expect(follow(NOTHING_FOLLOWED, event)).toBe(NOTHING_FOLLOWED);
    expect(follow(followed, event).vehicle?.latest?.rpm).toEqual([1, 1]);
  });

  it('takes each fact once, by cursor', () => {
    const fact = { kind: 'faults', at: 5, milOn: true, codes: ['P0401'] } as const;
    const once = follow(followed, { kind: 'fact', fact: { ...fact, codes: [...fact.codes] }, cursor: '9' });
    expect(once.vehicle?.faults?.codes).toEqual(['P0401']);
    expect(follow(once, { kind: 'fact', fact: { ...fact, codes: [] }, cursor: '9' })).toBe(once);
    expect(follow(once, { kind: 'fact', fact: { ...fact, codes: [] }, cursor: '10' }).facts).toHaveLength(2);
    expect(isLater('10', '9')).toBe(true);
  });

  it('an older fault list does not replace a newer one', () => {
    const newer = follow(followed, {
      kind: 'fact',
      fact: { kind: 'faults', at: 50, milOn: false, codes: [] },
      cursor: '1',
    });
    const older = follow(newer, {
      kind: 'fact',
      fact: { kind: 'faults', at: 40, milOn: true, codes: ['P0300'] },
      cursor: '2',
    });
    expect(older.vehicle?.faults?.codes).toEqual([]);
  });

  it('a snapshot after a break replaces everything and opens a closed room', () => {
    const closed = follow(followed, { kind: 'closed', code: 'not_found' });
    expect(closed.closed).toBe('not_found');
    expect(follow(closed, { kind: 'snapshot', vehicle: { ...car, speedKmh: 3 } })).toMatchObject({
      closed: undefined,
      vehicle: { speedKmh: 3 },
    });
  });
});

describe('a snapshot that was overtaken', () => {
  it('does not put older values over newer ones, and gives the street', () => {
    const moved = follow(followed, {
      kind: 'readings',
      readings: [{ at: 9000, values: { rpm: 2000, lat: 48.58, lon: 7.75 } }],
      heardAt: 9000,
    });
    const stale: VehicleNow = {
      ...car,
      lastReadingAt: 8000,
      latest: { rpm: [800, 8000], coolantTempC: [70, 8000] },
      position: { lat: 48.57, lon: 7.75, at: 8000, street: 'Quai' },
    };
    const after = follow(moved, { kind: 'snapshot', vehicle: stale }).vehicle;
    expect(after?.latest).toMatchObject({ rpm: [2000, 9000], coolantTempC: [70, 8000] });
    expect(after?.position).toMatchObject({ lat: 48.58, street: 'Quai' });
    expect(after?.lastReadingAt).toBe(9000);
  });
});

describe('vehicleNow', () => {
  it('is the server’s time for living vehicles, and the recording’s own for replayed ones', () => {
    expect(vehicleNow({ origin: 'measured', lastReadingAt: 5, lastContactAt: 5 }, 1000)).toBe(1000);
    expect(vehicleNow({ origin: 'replayed', lastReadingAt: 500, lastContactAt: 990 }, 1000)).toBe(510);
  });
});
