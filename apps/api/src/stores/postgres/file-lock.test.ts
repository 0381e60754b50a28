import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tryFileLock, waitForFileLock } from './file-lock.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temoin-lock-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('one of many gets it, the next after release, and nothing is left behind', async () => {
  const path = join(folder, 'lock');
  const tries = await Promise.all(Array.from({ length: 20 }, () => tryFileLock(path)));
  const held = tries.filter((lock) => lock !== undefined);
  expect(held).toHaveLength(1);
  expect(await tryFileLock(path)).toBeUndefined();
  await held[0]?.release();
  await (await waitForFileLock(path, 1_000)).release();
  expect(await readdir(folder)).toEqual([]);
});

test('the lock of a process that is gone is taken over by exactly one', async () => {
  const path = join(folder, 'lock');
  const gone = spawnSync(process.execPath, ['-e', 'console.log(process.pid)'], { encoding: 'utf8' }).stdout.trim();
  // The races are narrow: many rounds find them.
  for (let round = 0; round < 60; round += 1) {
    await writeFile(path, `${gone} 12345 x`);
    const tries = await Promise.all(Array.from({ length: 20 }, () => tryFileLock(path)));
    expect(tries.filter((lock) => lock !== undefined)).toHaveLength(1);
  }
  expect(await readdir(folder)).toEqual(['lock']);
});

test.skipIf(process.platform !== 'linux')('a pid that came round again does not count as the holder', async () => {
  const path = join(folder, 'lock');
  await writeFile(path, `${process.pid} 1 x`);
  expect(await tryFileLock(path)).toBeDefined();
});
