import type { VehicleNow } from '@temoin/shared/vehicles';
import { cleanup, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { renderPage } from '@/testing/render-page';
import { VehicleRow } from './vehicle-row';

const now = Date.now();
const car: VehicleNow = {
  id: '1',
  vin: 'VF3LBYHZPKS118802',
  label: 'GB-482-KT',
  model: 'Peugeot 308 SW',
  lastContactAt: now - 2500,
  lastReadingAt: now - 2500,
  speedKmh: 48,
  engineOn: true,
  position: { lat: 48.57, lon: 7.76, at: now, street: 'Route du Polygone', quarter: 'Neudorf' },
};
const row = (vehicle: VehicleNow, state: Parameters<typeof VehicleRow>[0]['state'], isCopy = false) =>
  renderPage(<VehicleRow vehicle={vehicle} state={state} isSelected={false} isHovered={false} isCopy={isCopy} />);
afterEach(cleanup);

describe('row of a vehicle', () => {
  it('reads state, plate, place, speed and age', () => {
    row(car, 'moving');
    const text = screen.getByRole('option').textContent;
    for (const part of [
      'En route',
      'GB-482-KT',
      'Peugeot 308 SW',
      'Route du Polygone, Neudorf',
      '48\u00a0km/h',
      'il y a 2\u00a0s',
    ])
      expect(text).toContain(part);
  });

  it('puts the alarm before the place', () => {
    row({ ...car, alarm: { kind: 'faults', at: now, codes: ['P0401'] } }, 'alarm');
    expect(screen.getByRole('option').textContent).toMatch(/Défaut moteur P0401.*Route du Polygone/);
  });

  it('shows no speed for a vehicle that is late, since it is not known', () => {
    row({ ...car, lastReadingAt: now - 3_600_000, lastContactAt: now - 3_600_000 }, 'silent');
    expect(screen.getByRole('option').textContent).toContain('–');
    expect(screen.getByRole('option').textContent).not.toContain('km/h');
  });

  it('of a copy says the instant, not an age that grows', () => {
    row(car, 'moving', true);
    expect(screen.getByRole('option').textContent).toMatch(/à \d\d:\d\d/);
    expect(screen.getByRole('option').textContent).not.toContain('il y a');
  });
});
