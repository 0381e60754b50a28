import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildRoadGraph } from '@temoin/map-data/road-graph';
import { atResolution, type MetricKey } from '@temoin/shared/metrics';
import type { Reading } from '@temoin/shared/telemetry';
import { findRecordings } from '../apps/device-agent/src/recordings/find-recordings.ts';
import { dayOf } from '../apps/device-agent/src/sensors/simulator/day-plan.ts';
import { simulateDay } from '../apps/device-agent/src/sensors/simulator/vehicle.ts';

/** Drives of one origin; each is the readings of one vehicle in order of time. */
export interface DriveSet {
  readonly name: string;
  readonly drives: readonly (readonly Reading[])[];
}

const RECORDED = fileURLToPath(new URL('../../shared/data/', import.meta.url));
const RECORDED_SETS = ['driveplotr-nds/drives', 'envirocar/tracks', 'rsk-twizy/trips', 'carobd-etios/trips'];
/** A fixed day, so that two runs measure the same drives. */
const SIMULATED_DAY = dayOf(Date.parse('2026-06-10T12:00:00Z'));

/** The drives of `input`, or else the recorded ones that are there and simulated ones. */
export async function* loadDrives(input: string | undefined): AsyncGenerator<DriveSet> {
  if (input !== undefined) {
    yield { name: input, drives: await readDrives(input) };
    return;
  }
  for (const set of RECORDED_SETS) {
    if (existsSync(RECORDED + set)) yield { name: set.split('/')[0] ?? set, drives: await readDrives(RECORDED + set) };
  }
  yield { name: 'simulator', drives: simulatedDrives(4, 20_000) };
}

async function readDrives(path: string): Promise<Reading[][]> {
  const { recordings } = await findRecordings(path);
  const drives: Reading[][] = [];
  for (const recording of recordings) {
    const readings: Reading[] = [];
    for await (const row of recording.rows()) if ('reading' in row) readings.push(row.reading);
    drives.push(readings);
  }
  if (drives.every((drive) => drive.length === 0)) throw new Error(`No recorded drive in ${path}.`);
  return drives;
}

/** `vehicles` made-up drives of at most `readings` readings each, values at their resolution. */
export function simulatedDrives(vehicles: number, readings: number): Reading[][] {
  const graph = buildRoadGraph();
  return Array.from({ length: vehicles }, (_, seed) => {
    const drive: Reading[] = [];
    const car = { drivetrain: seed % 2 ? 'petrol' : 'diesel', massKg: 1450, powerKw: 90, tank: 50 } as const;
    for (const sample of simulateDay(graph, { seed, use: 'taxi', car }, SIMULATED_DAY)) {
      if (!('reading' in sample)) continue;
      drive.push(rounded(sample.reading));
      if (drive.length === readings) break;
    }
    return drive;
  });
}

const rounded = ({ at, values }: Reading): Reading => ({
  at,
  values: Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, atResolution(key as MetricKey, value)]),
  ),
});
