import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkDisk, checkPort } from './checks.mjs';
import { openDataFolder } from './data-folder.mjs';

let folder;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temoin-folder-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const complaintOf = (work) =>
  work.then(
    () => 'no complaint',
    (error) => (error.name === 'Complaint' ? error.message : `no complaint: ${error.stack}`),
  );

test('a new folder is made, marked, and free again after its release', async () => {
  const data = join(folder, 'new/data');
  const { release } = await openDataFolder(data);
  expect((await readdir(data)).sort()).toEqual(['logs', 'start.lock', 'temoin.json']);
  release();
  (await openDataFolder(data)).release();
});

test("somebody else's folder is left alone", async () => {
  await writeFile(join(folder, 'thesis.doc'), 'years of work');
  expect(await complaintOf(openDataFolder(folder))).toMatch(/holds files that are not Temoin's \(thesis\.doc\)/);
  expect(await complaintOf(openDataFolder(folder, { fresh: true }))).toMatch(/not Temoin's/);
  expect(await readdir(folder)).toEqual(['thesis.doc']);
});

test('a file in the place of the folder gets a sentence', async () => {
  const file = join(folder, 'file');
  await writeFile(file, '');
  expect(await complaintOf(openDataFolder(file))).toMatch(/is not a folder/);
});

test('damage is named with the way out, and nothing is touched', async () => {
  const { release } = await openDataFolder(folder);
  release();
  await mkdir(join(folder, 'postgres/base'), { recursive: true });
  expect(await complaintOf(openDataFolder(folder))).toMatch(/database in .*postgres is damaged.*--fresh/s);
  await mkdir(join(folder, 'postgres/global'));
  await writeFile(join(folder, 'postgres/global/pg_control'), 'x');
  await writeFile(join(folder, 'postgres/PG_VERSION'), '15\n');
  expect(await complaintOf(openDataFolder(folder))).toMatch(/written by PostgreSQL 15, and this is 18/);
  await writeFile(join(folder, 'postgres/PG_VERSION'), '18\n');
  await writeFile(join(folder, 'series.duckdb'), 'this is no database at all');
  expect(await complaintOf(openDataFolder(folder))).toMatch(/series\.duckdb is damaged.*delete that file/s);
  await rm(join(folder, 'series.duckdb'));
  await writeFile(join(folder, 'temoin.json'), '{"form');
  expect(await complaintOf(openDataFolder(folder))).toMatch(/temoin\.json is damaged/);
  await writeFile(join(folder, 'temoin.json'), '{"format": 99}');
  expect(await complaintOf(openDataFolder(folder))).toMatch(/newer Temoin/);
  expect(existsSync(join(folder, 'start.lock'))).toBe(false);
  expect(existsSync(join(folder, 'postgres/base'))).toBe(true);
});

test('fresh forgets what is ours and nothing else', async () => {
  (await openDataFolder(folder)).release();
  await mkdir(join(folder, 'postgres'));
  await writeFile(join(folder, 'postgres/half'), 'made');
  await writeFile(join(folder, 'notes.txt'), 'mine');
  const { release } = await openDataFolder(folder, { fresh: true });
  release();
  expect((await readdir(folder)).sort()).toEqual(['logs', 'notes.txt', 'temoin.json']);
});

test('a lock of a process that is gone does not lock', async () => {
  (await openDataFolder(folder)).release();
  await writeFile(join(folder, 'start.lock'), '{"pid": 4194303}');
  await writeFile(join(folder, 'run.json'), JSON.stringify({ pid: 4194303, address: 'http://127.0.0.1:1' }));
  (await openDataFolder(folder)).release();
  // A pid that came round again belongs to another program.
  await writeFile(join(folder, 'start.lock'), `{"pid": ${process.ppid}}`);
  (await openDataFolder(folder)).release();
});

test('a busy port and a foreign address each get a sentence that says what to do', async () => {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  expect(await complaintOf(checkPort(port, '127.0.0.1'))).toContain(`npm start -- --port ${port + 1}`);
  server.close();
  expect(await complaintOf(checkPort(port, '192.0.2.1'))).toMatch(/no address of this machine/);
});

test('a disk with less room than is needed is refused before anything is written', async () => {
  expect(await complaintOf(checkDisk(join(folder, 'not/there/yet'), 2 ** 40))).toMatch(
    /MB free, and Temoin needs at least/,
  );
  await checkDisk(folder, 1);
});
