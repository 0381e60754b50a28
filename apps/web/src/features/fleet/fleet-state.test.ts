import type { VehicleChange } from '@temoin/shared/live';
import { stateOf, type VehicleNow } from '@temoin/shared/vehicles';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countStates, EMPTY_FLEET, type FleetState, reduceFleet } from './fleet-state';

const NOW = 1_800_000_000_000;
const car = (id: string, more: Partial<VehicleNow> = {}): VehicleNow => ({
  id,
  vin: `VIN${id}`,
  label: `GB-${id}`,
  model: 'Peugeot 308',
  lastContactAt: NOW,
  lastReadingAt: NOW,
  ...more,
});
const withCars = (...cars: VehicleNow[]): FleetState => reduceFleet(EMPTY_FLEET, { kind: 'snapshot', vehicles: cars });
const change = (state: FleetState, ...changes: VehicleChange[]) => reduceFleet(state, { kind: 'changes', changes });

describe('fleet state', () => {
  it('takes a newer change and leaves what the change does not name', () => {
    const state = change(withCars(car('1', { speedKmh: 10, driver: 'Claire' })), {
      id: '1',
      speedKmh: 48,
      lastContactAt: NOW + 1000,
      lastReadingAt: NOW + 900,
    });
    expect(state.vehicles.get('1')).toMatchObject({ speedKmh: 48, driver: 'Claire', lastReadingAt: NOW + 900 });
  });

  it('drops a change that is older than what is shown', () => {
    const before = withCars(car('1', { speedKmh: 48 }));
    expect(change(before, { id: '1', speedKmh: 10, lastContactAt: NOW - 1000 })).toBe(before);
    expect(change(before, { id: '1', speedKmh: 10, lastContactAt: NOW, lastReadingAt: NOW - 1 })).toBe(before);
  });

  it('never moves a position back in time, even inside a newer change', () => {
    const state = change(withCars(car('1', { position: { lat: 48.58, lon: 7.75, at: NOW } })), {
      id: '1',
      lastContactAt: NOW + 1000,
      position: { lat: 48.5, lon: 7.7, at: NOW - 5000 },
    });
    expect(state.vehicles.get('1')?.position?.lat).toBe(48.58);
    expect(state.vehicles.get('1')?.lastContactAt).toBe(NOW + 1000);
  });

  it('comes to the same end in whatever order changes arrive, and however often', () => {
    const changes = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(changes, fc.infiniteStream(fc.nat()), (steps, dice) => {
        const news = steps.map(
          (step): VehicleChange => ({ id: '1', lastContactAt: NOW + step, lastReadingAt: NOW + step, speedKmh: step }),
        );
        const shuffled = [...news, ...news]
          .map((item) => ({ item, key: dice.next().value ?? 0 }))
          .sort((a, b) => a.key - b.key);
        const state = shuffled.reduce(
          (current, { item }) => change(current, item),
          withCars(car('1', { speedKmh: -1, lastContactAt: NOW - 1, lastReadingAt: NOW - 1 })),
        );
        expect(state.vehicles.get('1')?.speedKmh).toBe(Math.max(...steps));
      }),
    );
  });

  it('removes what a change says is cleared', () => {
    const state = change(withCars(car('1', { alarm: { kind: 'unplugged', at: NOW, codes: [] } })), {
      id: '1',
      lastContactAt: NOW + 1,
      cleared: ['alarm'],
    });
    expect(state.vehicles.get('1')).not.toHaveProperty('alarm');
  });

  it('drops changes of vehicles that it was never told of', () => {
    const before = withCars(car('1'));
    expect(change(before, { id: '2', speedKmh: 50 })).toBe(before);
  });

  it('after a reconnect takes the snapshot: gone vehicles go, a late snapshot does not set a vehicle back', () => {
    const moved = change(withCars(car('1'), car('2')), {
      id: '1',
      speedKmh: 48,
      lastContactAt: NOW + 5000,
      lastReadingAt: NOW + 5000,
    });
    const state = reduceFleet(moved, { kind: 'snapshot', vehicles: [car('1', { speedKmh: 3, driver: 'New driver' })] });
    expect([...state.vehicles.keys()]).toEqual(['1']);
    expect(state.vehicles.get('1')).toMatchObject({ speedKmh: 48, driver: 'New driver' });
  });

  it('shows a copy only while nothing better is known, and says from when it is', () => {
    const copy = reduceFleet(EMPTY_FLEET, { kind: 'snapshot', vehicles: [car('1')], copiedAt: NOW - 60_000 });
    expect(copy.copiedAt).toBe(NOW - 60_000);
    const live = reduceFleet(copy, { kind: 'snapshot', vehicles: [car('1')] });
    expect(live.copiedAt).toBeUndefined();
    expect(reduceFleet(live, { kind: 'snapshot', vehicles: [], copiedAt: NOW })).toBe(live);
  });

  it('keeps what it has when a later call fails', () => {
    const ready = withCars(car('1'));
    expect(reduceFleet(ready, { kind: 'failed', error: new Error('x') })).toBe(ready);
    expect(reduceFleet(EMPTY_FLEET, { kind: 'failed', error: 'x' }).phase).toBe('failed');
  });

  it('a vehicle becomes silent by the clock alone, and the counts follow', () => {
    const moving = car('1', { speedKmh: 50, engineOn: true });
    expect(stateOf(moving, NOW + 1000)).toBe('moving');
    expect(stateOf(moving, NOW + 4 * 60_000)).toBe('silent');
    expect(countStates([moving, car('2', { engineOn: false })], NOW + 4 * 60_000)).toMatchObject({
      moving: 0,
      silent: 1,
      parked: 1,
    });
  });
});
