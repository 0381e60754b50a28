import { execFileSync } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readingsOf, writeMadeUpDrive } from './testing/recorded-drives.ts';
import {
  eventually,
  exportOf,
  newFolder,
  operate,
  type RunningTemoin,
  removeFolder,
  startTemoin,
} from './testing/running-temoin.ts';

// Faults that are not a kill: a full disk under a box, a database that does not answer for a while. Whatever it was, the
// history afterwards equals the recording, record for record.

const SECONDS = 800;

let folder: string;
let temoin: RunningTemoin | undefined;
let undo: (() => void) | undefined;
beforeEach(async () => {
  folder = await newFolder();
  await writeMadeUpDrive(join(folder, 'drives'), 'drive', SECONDS, 5);
});
afterEach(async () => {
  await temoin?.stop();
  temoin = undefined;
  undo?.();
  undo = undefined;
  await removeFolder(folder);
});

async function equalsTheRecording(there: RunningTemoin): Promise<void> {
  const expected = await readingsOf(join(folder, 'drives/drive.ndjson'));
  await eventually(
    'all rows are stored',
    async () => {
      const [report] = await operate<{ inSeries: number }[]>(there, '/drives', { labels: ['drive'] });
      return (report?.inSeries ?? 0) >= expected.length;
    },
    90_000,
  );
  expect(await exportOf(there, 'drive')).toEqual(expected);
}

const storedNow = async (there: RunningTemoin) =>
  (await operate<{ inSeries: number }[]>(there, '/drives', { labels: ['drive'] }))[0]?.inSeries ?? 0;

describe.skipIf(!mayMount())(
  `a full disk under the boxes${mayMount() ? '' : ' (not run: only root may mount a small disk)'}`,
  () => {
    test('they wait, say so, and lose nothing', async () => {
      const boxes = join(folder, 'data/boxes');
      await mkdir(boxes, { recursive: true });
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', boxes]);
      undo = () => execFileSync('umount', ['-l', boxes]);
      temoin = await startTemoin(['--replay', join(folder, 'drives'), '--speed', '50'], {
        dataFolder: join(folder, 'data'),
      });
      const there = temoin;
      await eventually('the first rows are stored', async () => (await storedNow(there)) > 30);
      await writeFile(join(boxes, 'filler'), Buffer.alloc(4 << 20)).catch((error: NodeJS.ErrnoException) =>
        expect(error.code).toBe('ENOSPC'),
      );
      await eventually('the box says that its disk is full', async () =>
        (await readFile(join(folder, 'data/logs/fleet.log'), 'utf8')).includes('"state":"disk_full"'),
      );
      await rm(join(boxes, 'filler'));
      await equalsTheRecording(there);
    });
  },
);

test('a database that does not answer for a while: boxes keep what they have, and nothing is lost', async () => {
  temoin = await startTemoin(['--replay', join(folder, 'drives'), '--speed', '50'], {
    dataFolder: join(folder, 'data'),
  });
  const there = temoin;
  await eventually('the first rows are stored', async () => (await storedNow(there)) > 30);
  const postmaster = Number((await readFile(join(folder, 'data/postgres/postmaster.pid'), 'utf8')).split('\n')[0]);
  const family = [postmaster, ...childrenOf(postmaster)];
  for (const pid of family) process.kill(pid, 'SIGSTOP');
  await sleep(60_000);
  for (const pid of family) process.kill(pid, 'SIGCONT');
  await equalsTheRecording(there);
});

test('a database that is killed comes back, and nothing is lost', async () => {
  temoin = await startTemoin(['--replay', join(folder, 'drives'), '--speed', '50'], {
    dataFolder: join(folder, 'data'),
  });
  const there = temoin;
  await eventually('the first rows are stored', async () => (await storedNow(there)) > 30);
  const pidOf = async () =>
    Number((await readFile(join(folder, 'data/postgres/postmaster.pid'), 'utf8')).split('\n')[0]);
  const postmaster = await pidOf();
  for (const pid of [postmaster, ...childrenOf(postmaster)]) process.kill(pid, 'SIGKILL');
  await eventually(
    'the service is ready again',
    async () => (await pidOf()) !== postmaster && (await fetch(`${there.address}/readyz`)).ok,
    90_000,
  );
  await equalsTheRecording(there);
});

function childrenOf(pid: number): number[] {
  return execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
    .split('\n')
    .map(Number)
    .filter((child) => child > 0);
}

/** Root in a container may still lack the right: trying is the only way to know. */
function mayMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const place = '/tmp/temoin-mount-check';
  try {
    execFileSync('mkdir', ['-p', place]);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', place], { stdio: 'ignore' });
    execFileSync('umount', [place]);
    return true;
  } catch {
    return false;
  }
}
