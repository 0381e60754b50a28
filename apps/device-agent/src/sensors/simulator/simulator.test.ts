import { buildRoadGraph } from '@temoin/map-data/road-graph';
import { distanceKm } from '@temoin/shared/history';
import { METRICS, type MetricKey } from '@temoin/shared/metrics';
import { type Reading, screenReadings } from '@temoin/shared/telemetry';
import { haversineM } from '@temoin/shared/units';
import { describe, expect, it } from 'vitest';
import { dayOf, nextDay, USES } from './day-plan.ts';
import { type Sample, type SimulatedVehicle, simulateDay } from './vehicle.ts';

const graph = buildRoadGraph();
const DAY = dayOf(Date.parse('2026-11-19T12:00:00Z'));
const vehicleOf = (more: Partial<SimulatedVehicle> = {}): SimulatedVehicle => ({
  seed: 11,
  use: 'rounds',
  car: { drivetrain: 'diesel', massKg: 1500, powerKw: 96, tank: 50 },
  ...more,
});
const readingsOf = (samples: readonly Sample[]): Reading[] =>
  samples.flatMap((s) => ('reading' in s ? [s.reading] : []));
const factsOf = (samples: readonly Sample[]) => samples.flatMap((s) => ('fact' in s ? [s.fact] : []));
const atOf = (sample: Sample) => ('reading' in sample ? sample.reading.at : sample.fact.at);

describe('simulated vehicle', () => {
  it('has the same day each time it is asked', () => {
    const [once, again] = [1, 2].map(() => [...simulateDay(graph, vehicleOf(), DAY)]);
    expect(again).toEqual(once);
  });

  it.each(USES)('lives a plausible day of %s', (use) => {
    const samples = [...simulateDay(graph, vehicleOf({ use, seed: 5 }), DAY)];
    const readings = readingsOf(samples);
    const { refusals } = screenReadings(readings, 'ntp', nextDay(DAY) + 3600_000);
    expect(refusals).toEqual({});
    for (let i = 1; i < samples.length; i += 1)
      expect(atOf(samples[i] as Sample)).toBeGreaterThanOrEqual(atOf(samples[i - 1] as Sample) - 700);
    expect(atOf(samples[0] as Sample)).toBeGreaterThanOrEqual(DAY);
    // Nobody jumps: between two fixes a car moves no further than its speed allows, plus the receiver's error.
    const fixes = readings.filter((r) => r.values.lat !== undefined);
    for (let i = 1; i < fixes.length; i += 1) {
      const [a, b] = [fixes[i - 1] as Reading, fixes[i] as Reading];
      const metres = haversineM(a.values.lat ?? 0, a.values.lon ?? 0, b.values.lat ?? 0, b.values.lon ?? 0);
      const fastest = Math.max(a.values.gpsSpeedKmh ?? 0, b.values.gpsSpeedKmh ?? 0) / 3.6;
      expect(metres).toBeLessThan(((b.at - a.at) / 1000) * (fastest + 3) + 20);
    }
    const km = distanceKm(fixes.map((r) => ({ at: r.at, speedKmh: r.values.gpsSpeedKmh })));
    expect(km).toBeGreaterThan(3);
    expect(km).toBeLessThan(900);
  });

  it('keeps roughly to the limits of the roads, warms up and burns fuel', () => {
    const readings = readingsOf([...simulateDay(graph, vehicleOf(), DAY)]);
    const all = (key: MetricKey) => readings.flatMap((r) => r.values[key] ?? []);
    expect(Math.max(...all('obdSpeedKmh'))).toBeLessThanOrEqual(150);
    expect(Math.min(...all('coolantTempC'))).toBeLessThan(45);
    expect(Math.max(...all('coolantTempC'))).toBeGreaterThan(80);
    expect(Math.max(...all('coolantTempC'))).toBeLessThan(METRICS.coolantTempC.danger?.above ?? 0);
    const fuel = all('fuelLevelPct');
    expect(fuel.at(-1)).toBeLessThan(fuel[0] ?? 0);
    const driving = all('fuelRateLph');
    expect(driving.reduce((sum, v) => sum + v, 0) / driving.length).toBeGreaterThan(0.5);
    expect(driving.reduce((sum, v) => sum + v, 0) / driving.length).toBeLessThan(15);
  });

  it('is electric without an engine', () => {
    const car = { drivetrain: 'electric', massKg: 1800, powerKw: 208, tank: 57 } as const;
    const readings = readingsOf([...simulateDay(graph, vehicleOf({ car }), DAY)]);
    expect(readings.some((r) => (r.values.rpm ?? 0) > 0)).toBe(false);
    expect(readings.some((r) => r.values.stateOfChargePct !== undefined)).toBe(true);
  });

  it('crashes once, and stands there for the rest of the day', () => {
    const at = DAY + 8 * 3600_000;
    const samples = [...simulateDay(graph, vehicleOf({ incident: { kind: 'crash', at } }), DAY)];
    const crash = factsOf(samples).filter((fact) => fact.kind === 'crash');
    expect(crash).toHaveLength(1);
    const after = readingsOf(samples).filter((r) => r.at > (crash[0]?.at ?? 0) + 5000);
    expect(after.length).toBeGreaterThan(10);
    expect(Math.max(...after.map((r) => r.values.gpsSpeedKmh ?? 0))).toBe(0);
  });

  it('says nothing after it was unplugged until the next day', () => {
    const at = DAY + 8 * 3600_000;
    const vehicle = vehicleOf({ incident: { kind: 'unplugged', at } });
    const today = [...simulateDay(graph, vehicle, DAY)];
    expect(today.at(-1)).toMatchObject({ fact: { kind: 'unplugged' } });
    expect(atOf(today.at(-1) as Sample)).toBeLessThan(at + 400_000);
    expect([...simulateDay(graph, vehicle, nextDay(DAY))][0]).toMatchObject({ fact: { kind: 'plugged_in' } });
  });

  it('overheats and reports the fault with the engine light on', () => {
    const vehicle = vehicleOf({
      use: 'taxi',
      storedCodes: ['P0401'],
      incident: { kind: 'overheating', at: DAY + 6 * 3600_000 },
    });
    const samples = [...simulateDay(graph, vehicle, DAY)];
    const faults = factsOf(samples).filter((fact) => fact.kind === 'faults');
    expect(faults[0]).toMatchObject({ milOn: false, codes: ['P0401'] });
    expect(faults.at(-1)).toMatchObject({ milOn: true, codes: ['P0401', 'P0217'] });
  });

  it('brakes hard now and then when driven briskly', () => {
    const counts = Array.from(
      { length: 12 },
      (_, seed) =>
        factsOf([...simulateDay(graph, vehicleOf({ seed }), DAY)]).filter((f) => f.kind === 'harsh_brake').length,
    );
    expect(Math.max(...counts)).toBeGreaterThan(0);
    expect(Math.min(...counts)).toBeLessThan(3);
  });
});
