import type { VehicleNow } from '@temoin/shared/vehicles';
import { describe, expect, it } from 'vitest';
import { deriveNotices } from './derive-notices';

const NOW = 1_800_000_000_000;
const car = (id: string, more: Partial<VehicleNow>): VehicleNow => ({
  id,
  vin: id,
  label: id,
  model: '',
  lastReadingAt: NOW,
  lastContactAt: NOW,
  ...more,
});

describe('notices', () => {
  it('has alarms to handle, the gravest first, and silences to watch', () => {
    const { toHandle, toWatch } = deriveNotices(
      [
        car('faults', { alarm: { kind: 'faults', at: NOW - 500, codes: ['P0401'] } }),
        car('crash', { alarm: { kind: 'crash', at: NOW - 1000, codes: [] } }),
        car('silent', { lastReadingAt: NOW - 3 * 3_600_000, engineOn: true }),
        car('fine', { speedKmh: 50 }),
      ],
      NOW,
    );
    expect(toHandle.map(({ vehicle, severity }) => [vehicle.id, severity])).toEqual([
      ['crash', 'critical'],
      ['faults', 'serious'],
    ]);
    expect(toWatch.map(({ vehicle }) => vehicle.id)).toEqual(['silent']);
  });

  it('does not call a vehicle silent that was never heard of', () => {
    expect(deriveNotices([{ id: 'new', vin: 'new', label: 'new', model: '' }], NOW).toWatch).toEqual([]);
  });
});
