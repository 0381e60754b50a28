import type { Random } from './random.ts';

// What the car's own computer would say: engine speed by gear, load by the power that the motion takes, temperatures, fuel.
// Road load: P = (m·a + m·g·c_rr + ½·ρ·c_d·A·v²)·v. Fuel: 0.27 L of diesel or 0.33 L of petrol a kWh and what idling takes
// (typical brake-specific consumption of 225 and 250 g/kWh). Good enough to look and add up like a car; no engine is modelled.

export type Drivetrain = 'diesel' | 'petrol' | 'electric';

export interface CarModel {
  readonly drivetrain: Drivetrain;
  readonly massKg: number;
  readonly powerKw: number;
  /** Litres or kWh. */
  readonly tank: number;
}

export interface EngineState {
  coolantTempC: number;
  /** Litres or kWh left. */
  tankLeft: number;
  runTimeS: number;
}

export interface EngineValues {
  readonly rpm?: number;
  readonly loadPct: number;
  readonly throttlePct: number;
  readonly intakePressureKpa?: number;
  readonly fuelRateLph?: number;
}

const AIR_KG_M3 = 1.2;
const DRAG_AREA_M2 = 0.68;
const ROLLING = 0.011;
const GRAVITY = 9.81;
/** Engine revolutions per metre of road, first to sixth gear. */
const REVS_PER_M = [8, 4.3, 2.8, 2, 1.58, 1.3] as const;
const SHIFT_UP_AT_MPS = [4.2, 7.8, 12, 16.5, 22] as const;
const IDLE_RPM = 800;
const WARM_C = 90;

/** One second of running. Changes `state`. */
export function runEngine(
  car: CarModel,
  state: EngineState,
  motion: { speedMps: number; accelMps2: number },
  ambientC: number,
  overheats: boolean,
  random: Random,
): EngineValues {
  state.runTimeS += 1;
  const { speedMps, accelMps2 } = motion;
  const forceN = car.massKg * (accelMps2 + GRAVITY * ROLLING) + 0.5 * AIR_KG_M3 * DRAG_AREA_M2 * speedMps ** 2;
  const powerKw = speedMps < 0.3 ? 0 : (forceN * speedMps) / 1000;
  if (car.drivetrain === 'electric') return runMotor(car, state, powerKw);
  const wanted = overheats ? 118 : WARM_C;
  const warming = state.coolantTempC < wanted - 1 ? 0.12 + Math.max(0, powerKw) * 0.012 : 0;
  state.coolantTempC += warming + (wanted - state.coolantTempC) * 0.002 + (ambientC - state.coolantTempC) * 0.0001;
  const gear = SHIFT_UP_AT_MPS.filter((from) => speedMps >= from).length;
  const rpm =
    speedMps < 1 ? IDLE_RPM + random.normal(0, 8) : Math.max(IDLE_RPM, speedMps * (REVS_PER_M[gear] ?? 1.3) * 60);
  const cold = state.coolantTempC < 50 ? 150 : 0;
  const fullPowerKw = car.powerKw * Math.min(1, rpm / 3400);
  const loadPct = clamp(14 + (Math.max(0, powerKw) / fullPowerKw) * 86 + random.normal(0, 1.2), 0, 100);
  const coasting = powerKw < -1 && rpm > 1100;
  const perKwh = car.drivetrain === 'diesel' ? 0.27 : 0.33;
  const fuelRateLph = coasting ? 0 : 0.6 + (cold > 0 ? 0.4 : 0) + Math.max(0, powerKw) * perKwh;
  state.tankLeft = Math.max(0, state.tankLeft - fuelRateLph / 3600);
  return {
    rpm: rpm + (speedMps < 1 ? cold : 0),
    loadPct: coasting ? 0 : loadPct,
    throttlePct: clamp(coasting ? 0 : 11 + loadPct * 0.65, 0, 100),
    intakePressureKpa: clamp(car.drivetrain === 'diesel' ? 98 + loadPct * 1.15 : 28 + loadPct * 0.72, 20, 250),
    fuelRateLph,
  };
}

function runMotor(car: CarModel, state: EngineState, powerKw: number): EngineValues {
  // Braking gives back about two thirds; heating and computers take half a kilowatt.
  const drawnKw = powerKw > 0 ? powerKw / 0.9 + 0.5 : powerKw * 0.65 + 0.5;
  state.tankLeft = clamp(state.tankLeft - drawnKw / 3600, 0, car.tank);
  const share = clamp((Math.max(0, powerKw) / car.powerKw) * 100, 0, 100);
  return { loadPct: share, throttlePct: share };
}

/** Standing with the engine off for `seconds`: cools towards the air with a time constant of 90 min. */
export function coolDown(state: EngineState, seconds: number, ambientC: number): void {
  state.coolantTempC = ambientC + (state.coolantTempC - ambientC) * Math.exp(-seconds / 5400);
  state.runTimeS = 0;
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
