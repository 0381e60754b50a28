import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { Reading } from '@temoin/shared/telemetry';
import { openRecording } from '../../apps/device-agent/src/recordings/open-recording.ts';

/** What the index of a set of recordings says about one drive. */
export interface IndexedDrive {
  readonly label: string;
  readonly rows: number;
  readonly km: number;
}

const KM_PER_MILE = 1.609344;

const SETS = [
  {
    folder: 'driveplotr-nds',
    files: 'drives',
    label: (row: Row) => `drive_${row.drive?.padStart(2, '0')}`,
    km: (row: Row) => Number(row.sum_distance_miles) * KM_PER_MILE,
  },
  {
    folder: 'envirocar',
    files: 'tracks',
    label: (row: Row) => row.track ?? '',
    km: (row: Row) => Number(row.declared_length_km || row.haversine_km),
  },
  {
    folder: 'rsk-twizy',
    files: 'trips',
    label: (row: Row) => basename(row.file ?? '', '.csv'),
    km: (row: Row) => Number(row.can_speed_km),
  },
] as const;

type Row = Readonly<Record<string, string>>;

async function readCsv(file: string): Promise<Row[]> {
  const [head = '', ...lines] = (await readFile(file, 'utf8')).trim().split(/\r?\n/);
  const names = head.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [names[i], cell])));
}

/** The three sets with GPS and an index, copied into one folder, and what their indexes say of each drive. */
export async function collectDrives(recordings: string, into: string): Promise<IndexedDrive[]> {
  await mkdir(into, { recursive: true });
  const drives: IndexedDrive[] = [];
  for (const { folder, files, label, km } of SETS) {
    for (const row of await readCsv(join(recordings, folder, 'index.csv')))
      drives.push({ label: label(row), rows: Number(row.rows), km: km(row) });
    for (const name of await readdir(join(recordings, folder, files)))
      await cp(join(recordings, folder, files, name), join(into, name));
  }
  return drives;
}

/** Every reading that a recording gives, in order of time; those of one instant in order of their rows. */
export async function readingsOf(file: string): Promise<Reading[]> {
  const recording = await openRecording(file);
  if (!recording) throw new Error(`${file} is no recording`);
  const readings: Reading[] = [];
  for await (const row of recording.rows()) if ('reading' in row) readings.push(row.reading);
  return readings.toSorted((a, b) => a.at - b.at);
}

/** A drive made up from a seed, in our own form, so that there is something to replay on every machine. */
export async function writeMadeUpDrive(folder: string, name: string, seconds: number, seed: number): Promise<void> {
  const random = seeded(seed);
  const lines: string[] = [];
  let lat = 48.58;
  let lon = 7.74;
  let speedKmh = 0;
  for (let i = 0; i < seconds; i++) {
    speedKmh = Math.min(90, Math.max(0, speedKmh + (random() - 0.48) * 6));
    lat += (speedKmh / 3.6 / 111_000) * 0.8;
    lon += (speedKmh / 3.6 / 74_000) * 0.6;
    const values = {
      lat: round(lat, 6),
      lon: round(lon, 6),
      gpsSpeedKmh: round(speedKmh, 1),
      rpm: Math.round(800 + speedKmh * 35),
    };
    lines.push(JSON.stringify({ at: 1_748_000_000_000 + i * 1000, values }));
  }
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${name}.ndjson`), `${lines.join('\n')}\n`);
}

const round = (value: number, decimals: number) => Math.round(value * 10 ** decimals) / 10 ** decimals;

/** mulberry32: the same seed gives the same numbers, in [0, 1). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const labelOf = (file: string): string => basename(file, extname(file));
