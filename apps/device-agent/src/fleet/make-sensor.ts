import { buildRoadGraph, type RoadGraph } from '@temoin/map-data/road-graph';
import { openRecording } from '../recordings/open-recording.ts';
import type { createTally } from '../recordings/tally.ts';
import type { Clock } from '../sensors/clock.ts';
import { createReplaySensor } from '../sensors/replay-sensor.ts';
import type { Bookmarks, Sensor } from '../sensors/sensor.ts';
import { createSimulatorSensor } from '../sensors/simulator/simulator-sensor.ts';
import type { PlannedBox } from './plan.ts';

/** A simulated box that starts for the first time has this much behind it. */
const HISTORY_MS = 3 * 3_600_000;

let roads: RoadGraph | undefined;

/** The sensor that a plan asks for, going on where `bookmarks` says. Throws when a recording cannot be read or is none. */
export async function makeSensor(
  { sensor }: PlannedBox,
  bookmarks: Bookmarks,
  clock: Clock,
  tally: ReturnType<typeof createTally>,
): Promise<Sensor> {
  if (sensor.kind === 'replay') {
    const recording = await openRecording(sensor.path);
    if (!recording) throw new Error(`${sensor.path} is not a recorded drive of a known form`);
    return createReplaySensor({ recording, speed: sensor.speed, clock, resume: bookmarks.replay, tally });
  }
  // Loaded only where there is an adapter: it brings the serial port's native part.
  if (sensor.kind === 'obd') {
    const { createObdSensor } = await import('../sensors/obd/obd-sensor.ts');
    return createObdSensor({ address: sensor.address, clock });
  }
  roads ??= buildRoadGraph();
  const { seed, use, car, storedCodes, incident, shiftH } = sensor;
  const newest = bookmarks.simulator?.at;
  return createSimulatorSensor({
    graph: roads,
    vehicle: { seed, use, car, shiftH, ...(storedCodes ? { storedCodes } : {}), ...(incident ? { incident } : {}) },
    clock,
    from: typeof newest === 'number' ? newest : (sensor.from ?? clock.now() - HISTORY_MS),
  });
}
