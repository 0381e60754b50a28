import { cp, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { needs } from '../testing/needs.ts';
import { labelOf, readingsOf, seeded, writeMadeUpDrive } from './testing/recorded-drives.ts';
import {
  eventually,
  exportOf,
  newFolder,
  operate,
  processesOf,
  type RunningTemoin,
  removeFolder,
  startTemoin,
} from './testing/running-temoin.ts';

// `kill -9` of the service, of the boxes and of the database at moments drawn from a seed, while drives are replayed.
// Afterwards the history equals the recordings, record for record, once each; and the log verifies.

/** Seeds of the ordinary run; a soak run tries many more. */
const SEEDS = process.env.TEMOIN_SOAK ? Array.from({ length: 60 }, (_, i) => i + 1) : [1, 2];
const KILLS = 6;

let folder: string;
let temoin: RunningTemoin | undefined;
beforeEach(async () => {
  folder = await newFolder();
});
afterEach(async () => {
  await temoin?.stop();
  temoin = undefined;
  await removeFolder(folder);
});

async function prepareDrives(into: string): Promise<void> {
  await mkdir(into, { recursive: true });
  await writeMadeUpDrive(into, 'made-up-drive', 1500, 11);
  const recordings = needs('recordings');
  if (!recordings.available) return;
  for (const file of [
    'driveplotr-nds/drives/drive_05.csv',
    'driveplotr-nds/drives/drive_13.csv',
    'envirocar/tracks/car5243_2013-09-25_t10.csv',
    'rsk-twizy/trips/T3_05_25_2021_1.csv',
  ]) {
    await cp(join(recordings.path, file), join(into, labelOf(file) + file.slice(file.lastIndexOf('.'))));
  }
}

/** Process ids of the victims; undefined while there is none (it is being started again). */
async function victim(kind: 'service' | 'boxes' | 'database', dataFolder: string): Promise<number | undefined> {
  if (kind === 'database')
    return (
      Number((await readFile(join(dataFolder, 'postgres/postmaster.pid'), 'utf8').catch(() => '')).split('\n')[0]) ||
      undefined
    );
  const program = kind === 'service' ? 'apps/api/dist/main.js' : 'apps/device-agent/dist/fleet.js';
  const line = (await processesOf(dataFolder)).find((process) => process.includes(program));
  return line ? Number(line.split(' ')[0]) : undefined;
}

test.each(SEEDS)(
  'killed at random moments, seed %i: nothing is lost, nothing counts twice',
  async (seed) => {
    const random = seeded(seed);
    const drives = join(folder, 'drives');
    const dataFolder = join(folder, 'data');
    await prepareDrives(drives);
    temoin = await startTemoin(['--replay', drives, '--speed', '80'], { dataFolder });
    const killed: string[] = [];
    while (killed.length < KILLS) {
      await sleep(200 + random() * 3_000);
      const draw = random();
      const kind = draw < 0.45 ? 'service' : draw < 0.85 ? 'boxes' : 'database';
      const pid = await victim(kind, dataFolder);
      if (!pid) continue;
      process.kill(pid, 'SIGKILL');
      killed.push(kind);
    }

    const there: RunningTemoin = temoin;
    const expected = new Map<string, Awaited<ReturnType<typeof readingsOf>>>();
    for (const name of await readdir(drives)) expected.set(labelOf(name), await readingsOf(join(drives, name)));
    const labels = [...expected.keys()];
    await eventually(
      `all rows are stored after ${killed.join(', ')}`,
      async () => {
        const reports = await operate<{ label: string; inSeries: number }[]>(there, '/drives', { labels });
        return reports.every((report) => report.inSeries >= (expected.get(report.label)?.length ?? 0));
      },
      100_000,
    );
    for (const [label, readings] of expected) {
      const exported = await exportOf(there, label);
      expect(exported.length, label).toBe(readings.length);
      expect(exported, label).toEqual(readings);
    }
    await eventually(
      'projections have read the whole log',
      async () => (await operate<{ caughtUp: boolean }>(there, '/status')).caughtUp,
    );
    const verified = await operate<{ ok: boolean; log: { problemCount: number; boxes: { missingBatches: number }[] } }>(
      there,
      '/verify',
      { deep: true },
    );
    expect(verified).toMatchObject({ ok: true, log: { problemCount: 0 } });
    expect(verified.log.boxes.map((box) => box.missingBatches)).toEqual(labels.map(() => 0));
  },
  240_000,
);
