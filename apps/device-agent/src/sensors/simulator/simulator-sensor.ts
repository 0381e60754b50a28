import { setImmediate as breathe } from 'node:timers/promises';
import type { RoadGraph } from '@temoin/map-data/road-graph';
import type { Clock } from '../clock.ts';
import type { Sensor } from '../sensor.ts';
import { nextDay } from './day-plan.ts';
import { type SimulatedVehicle, simulateDay, vehicleDayOf } from './vehicle.ts';

const PASSED_AT_ONCE = 1_000;

export interface SimulatorOptions {
  readonly graph: RoadGraph;
  readonly vehicle: SimulatedVehicle;
  readonly clock: Clock;
  /** Begin with what was after this instant (ms UTC); the newest reading that is already safe, or some hours ago. */
  readonly from: number;
}

/** A made-up vehicle as a sensor: catches up from `from` to now as fast as the outbox takes it, then lives in true time. */
export function createSimulatorSensor({ graph, vehicle, clock, from }: SimulatorOptions): Sensor {
  return {
    name: 'simulator',
    origin: 'simulated',
    clockTrust: 'ntp',
    waits: true,
    async run(emit, signal) {
      for (let dayAt = vehicleDayOf(vehicle, from); !signal.aborted; dayAt = nextDay(dayAt)) {
        let passed = 0;
        for (const sample of simulateDay(graph, vehicle, dayAt)) {
          const at = 'reading' in sample ? sample.reading.at : sample.fact.at;
          if (at <= from) {
            passed += 1;
            // A whole day is gone over in a second; the boxes beside this one must not wait for it.
            if (passed % PASSED_AT_ONCE === 0) await breathe();
            continue;
          }
          const waitMs = at - clock.now();
          if (waitMs > 0) await clock.sleep(waitMs, signal);
          if (signal.aborted) return;
          if ('reading' in sample) await emit.reading(sample.reading, { at });
          else await emit.fact(sample.fact, { at });
        }
        // A vehicle that is unplugged has nothing to say before the next day.
        await clock.sleep(nextDay(dayAt) - clock.now(), signal);
      }
    },
  };
}
