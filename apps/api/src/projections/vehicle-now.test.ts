import { randomUUID } from 'node:crypto';
import type { Fact, JsonReading } from '@temoin/shared/telemetry';
import { stateOf } from '@temoin/shared/vehicles';
import { describe, expect, test } from 'vitest';
import { logEntry, NOON, vehicleEntries } from '../testing/written-batches.ts';
import { toVehicleMotion } from './vehicle-now.ts';
import { emptyVehicleState, mergeEntry } from './vehicle-state.ts';

const vehicleId = randomUUID();
const boxId = randomUUID();

/** What is known at noon after these readings (seconds before noon) and facts. */
function known(readings: [secondsAgo: number, values: JsonReading['values']][], facts: Fact[] = []) {
  const state = emptyVehicleState();
  const batch = {
    boxId,
    seq: 1,
    readings: readings.map(([ago, values]) => ({ at: NOON - ago * 1000, values })),
    facts,
  };
  for (const entry of vehicleEntries(logEntry(batch, 1), [{ vehicleId, from: undefined, to: undefined }]))
    mergeEntry(state, entry);
  return toVehicleMotion(state);
}

describe('moving, idling, parked', () => {
  test.each([
    ['driving', [[1, { obdSpeedKmh: 50, rpm: 2000 }]], 'moving', undefined],
    [
      'at a light',
      [
        [60, { obdSpeedKmh: 50, rpm: 2000 }],
        [30, { obdSpeedKmh: 0, rpm: 800 }],
        [1, { obdSpeedKmh: 0, rpm: 800 }],
      ],
      'idling',
      60,
    ],
    [
      'engine off',
      [
        [90, { obdSpeedKmh: 9, rpm: 900 }],
        [60, { obdSpeedKmh: 0, rpm: 800 }],
        [30, { rpm: 0, obdSpeedKmh: 0 }],
        [1, { rpm: 0 }],
      ],
      'parked',
      60,
    ],
    [
      'parked for hours, box awake',
      [
        [7200, { obdSpeedKmh: 20, rpm: 1500 }],
        [1, { batteryVoltageV: 12.4 }],
      ],
      'parked',
      7200,
    ],
    ['electric, driving', [[1, { gpsSpeedKmh: 30, stateOfChargePct: 80 }]], 'moving', undefined],
    [
      'electric, on at a light',
      [
        [40, { gpsSpeedKmh: 30 }],
        [1, { gpsSpeedKmh: 0, stateOfChargePct: 80, batteryVoltageV: 14.1 }],
      ],
      'idling',
      40,
    ],
    [
      'electric, off',
      [
        [40, { gpsSpeedKmh: 30 }],
        [1, { gpsSpeedKmh: 0, stateOfChargePct: 80, batteryVoltageV: 12.6 }],
      ],
      'parked',
      40,
    ],
    ['receiver noise', [[1, { gpsSpeedKmh: 1.8 }]], 'parked', 1],
    ['creeping receiver, standing car', [[1, { gpsSpeedKmh: 4, obdSpeedKmh: 0, rpm: 800 }]], 'idling', 1],
    [
      'OBD-2 adapter fell out on the way',
      [
        [50, { obdSpeedKmh: 0, rpm: 800, gpsSpeedKmh: 0 }],
        [1, { gpsSpeedKmh: 90 }],
      ],
      'moving',
      undefined,
    ],
  ] as [string, [number, JsonReading['values']][], string, number | undefined][])(
    '%s',
    (_, readings, state, standingFor) => {
      const now = known(readings);
      expect(stateOf(now, NOON)).toBe(state);
      expect(now.standingSince).toBe(standingFor === undefined ? undefined : NOON - standingFor * 1000);
    },
  );
});

test('late readings change nothing that newer ones have said, and fill in what none has', () => {
  const now = known([
    [1, { obdSpeedKmh: 50, lat: 48.58, lon: 7.75 }],
    [500, { obdSpeedKmh: 10, lat: 1, lon: 1, fuelLevelPct: 40 }],
  ]);
  expect(now).toMatchObject({
    speedKmh: 50,
    position: { lat: 48.58, lon: 7.75, at: NOON - 1000 },
    lastReadingAt: NOON - 1000,
  });
  expect(now.latest?.fuelLevelPct).toEqual([40, NOON - 500_000]);
});

describe('alarms', () => {
  const at = NOON - 100_000;
  const driving: [number, JsonReading['values']][] = [[1, { obdSpeedKmh: 50 }]];
  const alarmAfter = (...facts: Fact[]) => known(driving, facts).alarm?.kind;
  test('engine light, until a later list is empty or unlit', () => {
    expect(alarmAfter({ kind: 'faults', at, milOn: true, codes: ['P0401'] })).toBe('faults');
    expect(alarmAfter({ kind: 'faults', at, milOn: false, codes: ['P0401'] })).toBeUndefined();
    expect(
      alarmAfter(
        { kind: 'faults', at: at + 1, milOn: false, codes: [] },
        { kind: 'faults', at, milOn: true, codes: ['P0401'] },
      ),
    ).toBeUndefined();
  });
  test('pulled out, until plugged in', () => {
    expect(alarmAfter({ kind: 'unplugged', at })).toBe('unplugged');
    expect(alarmAfter({ kind: 'plugged_in', at: at + 1 }, { kind: 'unplugged', at })).toBeUndefined();
  });
  test('a crash is above the others, and stays although the car goes on', () => {
    expect(alarmAfter({ kind: 'crash', at, peakG: 9 }, { kind: 'unplugged', at: at + 1 })).toBe('crash');
    const daysLater = known([[1, { obdSpeedKmh: 50 }]], [{ kind: 'crash', at: NOON - 25 * 3600_000, peakG: 9 }]);
    expect(daysLater.alarm).toBeUndefined();
  });
});

test('what cannot be believed is not in the state', () => {
  const now = known([
    [-3600, { rpm: 1 }],
    [1, { lat: 0, lon: 0 }],
    [2, { lat: 91, lon: 1 }],
    [3, { rpm: Number.NaN }],
  ]);
  expect(now).toEqual({ lastContactAt: NOON });
});
