import type { RoadGraph } from '@temoin/map-data/road-graph';
import type { Fact, Reading } from '@temoin/shared/telemetry';
import { dayOf, nextDay, planDay, type Use } from './day-plan.ts';
import { type Driver, type DriveSample, driveRoute } from './drive.ts';
import { type CarModel, coolDown, type EngineState, runEngine } from './engine.ts';
import { createRandom, mixSeed, type Random } from './random.ts';
import { kerbsideNodes, planRoute, type Route } from './route.ts';
import { createReceiver } from './satellites.ts';

// A vehicle's day as a pure function of its seed and the date: whoever asks for an instant gets the same car at the same
// place, so a restarted box goes on where time has got to, and a day can be made up afterwards.

export interface Incident {
  readonly kind: 'crash' | 'unplugged' | 'overheating';
  /** From when on (ms UTC); a crash waits until the car is under way. */
  readonly at: number;
}

export interface SimulatedVehicle {
  readonly seed: number;
  readonly use: Use;
  readonly car: CarModel;
  /** Fault codes that the car carries all the time, for example `['P0401']`. */
  readonly storedCodes?: readonly string[];
  readonly incident?: Incident;
  /** Hours by which this vehicle's whole day is later than the others': a night shift. */
  readonly shiftH?: number;
}

/** The beginning of the vehicle's own day that `at` falls into, ms UTC. */
export const vehicleDayOf = ({ shiftH = 0 }: SimulatedVehicle, at: number): number =>
  dayOf(at - shiftH * 3_600_000) + shiftH * 3_600_000;

export type Sample = { readonly reading: Reading } | { readonly fact: Fact };

const PARKED_EVERY_S = 300;
const MISSED_AFTER_MS = 6 * 60_000;
/** OBD answers come some hundred milliseconds after the second's fix, each round a little differently. */
const OBD_DELAY_MS = [250, 600] as const;

interface World {
  readonly graph: RoadGraph;
  readonly vehicle: SimulatedVehicle;
  readonly driver: Driver;
  readonly motion: Random;
  readonly noise: Random;
  readonly receiver: ReturnType<typeof createReceiver>;
  readonly engine: EngineState;
  readonly dayAt: number;
  node: number;
  at: number;
  codes: readonly string[];
  milOn: boolean;
}

/** Everything that the vehicle's box would note from the beginning of the day at `dayAt` on, in order of time. */
export function* simulateDay(graph: RoadGraph, vehicle: SimulatedVehicle, dayAt: number): Generator<Sample> {
  const world = createWorld(graph, vehicle, dayAt);
  const { incident } = vehicle;
  const home = world.node;
  const endAt = nextDay(dayAt);
  const incidentToday = incident && incident.at >= dayAt && incident.at < endAt ? incident : undefined;
  if (incident?.kind === 'unplugged' && incident.at < dayAt && incident.at >= dayAt - (endAt - dayAt))
    yield { fact: { kind: 'plugged_in', at: dayAt } };
  for (const errand of planDay(vehicle.use, dayAt, createRandom(mixSeed(vehicle.seed, dayAt / 3600_000, 1)))) {
    // Whoever is still busy when an errand should have begun drops it; only the way home is never dropped.
    if (!errand.home && world.at > errand.departAt + MISSED_AFTER_MS) continue;
    yield* park(world, errand.departAt, false, incidentToday);
    if (isUnplugged(incidentToday, world.at)) return yield { fact: { kind: 'unplugged', at: world.at } };
    const route = nextRoute(world, errand.home ? home : undefined);
    if (!route) continue;
    for (const sample of drive(world, route, incidentToday)) {
      yield sample;
      if ('fact' in sample && (sample.fact.kind === 'crash' || sample.fact.kind === 'unplugged')) {
        if (sample.fact.kind === 'crash') yield* park(world, endAt, false, undefined);
        return;
      }
    }
    const untilAt = Math.min(endAt, world.at + errand.pauseS * 1000);
    yield* park(world, untilAt, errand.keepsRunning, incidentToday);
  }
  yield* park(world, endAt, false, incidentToday);
  if (isUnplugged(incidentToday, world.at)) yield { fact: { kind: 'unplugged', at: world.at } };
}

const isUnplugged = (incident: Incident | undefined, at: number): boolean =>
  incident?.kind === 'unplugged' && at >= incident.at;

function createWorld(graph: RoadGraph, vehicle: SimulatedVehicle, dayAt: number): World {
  const character = createRandom(mixSeed(vehicle.seed, 7));
  const brisk = character.next();
  const dayNumber = Math.floor(dayAt / 86_400_000);
  return {
    graph,
    vehicle,
    driver: {
      pace: 0.9 + brisk * 0.2,
      accelMps2: 1.1 + brisk * 1.1,
      brakeMps2: 1.5 + brisk * 1.1,
      harshPerHour: brisk ** 3 * 3,
    },
    motion: createRandom(mixSeed(vehicle.seed, dayNumber, 2)),
    noise: createRandom(mixSeed(vehicle.seed, dayNumber, 3)),
    receiver: createReceiver(createRandom(mixSeed(vehicle.seed, dayNumber, 4))),
    // A week from full to nearly empty; filled up overnight.
    engine: {
      coolantTempC: ambientAt(dayAt),
      tankLeft: vehicle.car.tank * (0.95 - 0.11 * ((dayNumber + vehicle.seed) % 7)),
      runTimeS: 0,
    },
    dayAt,
    node: character.pick(kerbsideNodes(graph)),
    at: dayAt,
    codes: vehicle.storedCodes ?? [],
    milOn: false,
  };
}

/** Mean of the season and a swing over the day, warmest at 15:00. */
function ambientAt(at: number): number {
  const yearTurn = ((at / 86_400_000 - 200) / 365.25) * 2 * Math.PI;
  const dayTurn = (((at / 3600_000) % 24) - 14) * (Math.PI / 12);
  return 11 + 9 * Math.cos(yearTurn) + 4 * Math.cos(dayTurn);
}

/** A way to somewhere between 1.5 and 14 km off, or home. */
function nextRoute(world: World, to: number | undefined): Route | undefined {
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const target = to ?? world.motion.pick(kerbsideNodes(world.graph));
    if (target === world.node) return undefined;
    const route = planRoute(world.graph, world.node, target, world.motion);
    if (route && (to !== undefined || (route.lengthM > 1500 && route.lengthM < 14_000))) {
      world.node = target;
      return route;
    }
    if (to !== undefined) return undefined;
  }
  return undefined;
}

function* drive(world: World, route: Route, incident: Incident | undefined): Generator<Sample> {
  const startAt = Math.ceil(world.at / 1000) * 1000;
  yield faultsFact(world, startAt);
  for (const sample of driveRoute(route, world.driver, world.motion)) {
    world.at = startAt + sample.second * 1000;
    if (isUnplugged(incident, world.at)) {
      yield { fact: { kind: 'unplugged', at: world.at } };
      return;
    }
    yield* measure(world, sample, sample.second, incident);
    if (sample.harshMps2 !== undefined)
      yield { fact: { kind: 'harsh_brake', at: world.at, peakG: round(sample.harshMps2 / 9.81, 2) } };
    if (incident?.kind === 'crash' && world.at >= incident.at && sample.speedMps > 8) {
      yield { fact: { kind: 'crash', at: world.at + 400, peakG: 2.8 } };
      world.at += 1000;
      yield* measure(world, { ...sample, speedMps: 0, accelMps2: -2.8 * 9.81 }, 0, incident);
      return;
    }
  }
  world.at += 1000;
}

/** A second of a running car: the fix at the full second, what the car answers a little later. */
function* measure(
  world: World,
  sample: DriveSample,
  second: number,
  incident: Incident | undefined,
): Generator<Sample> {
  const { at, noise, vehicle, engine } = world;
  const overheats = incident?.kind === 'overheating' && at >= incident.at;
  const ambientC = ambientAt(at);
  const values = runEngine(vehicle.car, engine, sample, ambientC, overheats, noise);
  const sideways = (sample.speedMps * sample.turnDegPerS * Math.PI) / 180;
  yield {
    reading: {
      at,
      values: {
        ...world.receiver(sample),
        accelXG: round(clamp(sample.accelMps2 / 9.81, 16) + noise.normal(0, 0.006), 3),
        accelYG: round(clamp(sideways / 9.81, 1) + noise.normal(0, 0.006), 3),
        accelZG: round(1 + noise.normal(0, 0.012 + sample.speedMps * 0.0008), 3),
      },
    },
  };
  const electric = vehicle.car.drivetrain === 'electric';
  const share = (engine.tankLeft / vehicle.car.tank) * 100;
  yield {
    reading: {
      at: at + Math.round(noise.between(...OBD_DELAY_MS)),
      values: {
        obdSpeedKmh: Math.round(sample.speedMps * 3.6),
        engineLoadPct: percentByte(values.loadPct),
        throttlePct: percentByte(values.throttlePct),
        ...(values.rpm === undefined ? {} : { rpm: Math.round(values.rpm * 4) / 4 }),
        ...(values.intakePressureKpa === undefined ? {} : { intakePressureKpa: Math.round(values.intakePressureKpa) }),
        ...(values.fuelRateLph === undefined ? {} : { fuelRateLph: values.fuelRateLph }),
        ...(second % 10 === 0
          ? {
              batteryVoltageV: noise.normal(14.1, 0.04),
              ...(electric ? {} : { coolantTempC: Math.round(engine.coolantTempC) }),
            }
          : {}),
        ...(second % 30 === 0
          ? {
              ambientTempC: Math.round(ambientC),
              ...(electric ? { stateOfChargePct: share } : { fuelLevelPct: percentByte(share) }),
            }
          : {}),
      },
    },
  };
  if (overheats && !world.milOn && engine.coolantTempC > 110) {
    world.milOn = true;
    world.codes = [...world.codes, 'P0217'];
    yield faultsFact(world, at);
  }
}

/** Standing until `untilAt`: with the engine on like driving, else a sign of life every five minutes. */
function* park(world: World, untilAt: number, running: boolean, incident: Incident | undefined): Generator<Sample> {
  const node = world.graph.nodes[world.node];
  if (!node) return;
  const still = {
    lat: node.lat,
    lon: node.lon,
    courseDeg: 0,
    speedMps: 0,
    accelMps2: 0,
    turnDegPerS: 0,
    distanceM: 0,
    second: 0,
  };
  for (let second = 0; world.at < untilAt; second += 1) {
    if (isUnplugged(incident, world.at)) return;
    if (running) {
      yield* measure(world, still, second, incident);
      world.at += 1000;
    } else {
      yield {
        reading: {
          at: world.at,
          values: {
            ...world.receiver(still),
            batteryVoltageV: world.noise.normal(12.6, 0.02),
            ...(second === 0 ? { rpm: 0, obdSpeedKmh: 0 } : {}),
          },
        },
      };
      const standS = Math.min(PARKED_EVERY_S, Math.ceil((untilAt - world.at) / 1000));
      coolDown(world.engine, standS, ambientAt(world.at));
      world.at += standS * 1000;
    }
  }
}

const faultsFact = (world: World, at: number): Sample => ({
  fact: { kind: 'faults', at, milOn: world.milOn, codes: [...world.codes] },
});

const round = (value: number, digits: number): number => Math.round(value * 10 ** digits) / 10 ** digits;
/** As the car itself sends percentages: in steps of 1/255. */
const percentByte = (percent: number): number => (Math.round((percent / 100) * 255) * 100) / 255;
const clamp = (value: number, limit: number): number => Math.min(limit, Math.max(-limit, value));
