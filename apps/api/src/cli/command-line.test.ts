import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { METRIC_KEYS } from '@temoin/shared/metrics';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildConfig } from '../config/config.ts';
import { readEnv } from '../config/env.ts';
import { createTestBox, drive } from '../features/operations/testing/box-in-a-test.ts';
import { runCommandLine } from './command-line.ts';
import { openStores } from './open-stores.ts';

// The command line on the stores themselves, with no service: a data folder with its own embedded PostgreSQL and DuckDB.

let folder: string;
let data: string;
const readings = drive(0, 300);

async function temoin(line: string, dataFolder = data) {
  let out = '';
  let err = '';
  const args = line.split(' ').map((word) => word.replaceAll('~', folder));
  const code = await runCommandLine([...args, '--data', dataFolder], {
    out: (text) => {
      out += `${text}\n`;
    },
    err: (text) => {
      err += `${text}\n`;
    },
    watched: false,
  });
  return { code, out, err, json: () => JSON.parse(out) };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temoin-cli-'));
  data = join(folder, 'data');
  const stores = await openStores(buildConfig(readEnv({ TEMOIN_DATA: data })));
  const box = await createTestBox(stores.pool, 1);
  const other = await createTestBox(stores.pool, 2);
  for (let i = 0; i < 300; i += 60)
    await stores.log.append([
      box.next(readings.slice(i, i + 60), [{ kind: 'harsh_brake', at: 1_750_000_000_000 + i, peakG: 0.5 }]),
    ]);
  other.next(drive(0, 10)); // never arrives: a hole
  await stores.log.append([other.next(drive(10, 10))]);
  await stores.close();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('every command explains itself', async () => {
  const { out, code } = await temoin('--help');
  expect(code).toBe(0);
  for (const name of ['status', 'verify', 'rebuild', 'export', 'user', 'box', 'backup', 'restore']) {
    expect(out).toContain(`  ${name}`);
    const help = await temoin(`${name} --help`);
    expect(help.code).toBe(0);
    expect(help.out).toContain(`npm run temoin -- ${name}`);
    expect(help.out).toContain('--json');
  }
});

test.each([
  ['verfy', 2],
  ['verify --dep', 2],
  ['rebuild everything', 2],
  ['export', 2],
  ['export --vehicle TE-101-ST --from yesterday', 2],
  ['user add', 2],
  ['user role a@example.org king', 2],
  ['box code', 2],
  ['restore', 2],
  ['export --vehicle NOBODY', 1],
  ['box revoke NOBODY', 1],
])('"%s" ends with exit code %i and says why', async (line, expected) => {
  const { code, err } = await temoin(line);
  expect(code).toBe(expected);
  expect(err.length).toBeGreaterThan(10);
});

test('where there is no Temoin, the store is unavailable, and nothing is made', async () => {
  expect(await temoin('status', join(folder, 'nothing'))).toMatchObject({ code: 69 });
  expect((await temoin('status --json', join(folder, 'nothing'))).json()).toMatchObject({
    error: { code: 'store_unavailable' },
  });
});

test('verify finds a sound log, its hole, and projections equal to a fresh replay', async () => {
  const { code, json } = await temoin('verify --deep --json');
  expect(json()).toMatchObject({ ok: true, log: { entries: 6, sealed: 6, problemCount: 0 } });
  expect(json().log.boxes).toMatchObject([
    { vehicle: 'TE-101-ST', batches: 5, holes: [], missingBatches: 0 },
    { vehicle: 'TE-102-ST', batches: 1, holes: [{ fromSeq: 0, toSeq: 0 }], missingBatches: 1 },
  ]);
  expect(json().projections).toHaveLength(4);
  for (const projection of json().projections)
    expect(projection).toMatchObject({ behind: 0, skipped: 0, replayed: projection.digest });
  expect(code).toBe(0);
});

test('verify notices a projection that was tampered with, and rebuild mends it', async () => {
  const stores = await openStores(buildConfig(readEnv({ TEMOIN_DATA: data })));
  await stores.pool.query('UPDATE ledger_batches SET readings = readings + 1 WHERE seq = 3');
  await stores.close();
  const found = await temoin('verify --deep');
  expect(found.code).toBe(1);
  expect(found.out).toContain('DIFFERS from a fresh replay');
  const rebuilt = await temoin('rebuild ledger --json');
  expect(rebuilt.json()).toMatchObject({ projection: 'ledger', entries: 6, equal: false });
  expect(rebuilt.code).toBe(1);
  expect((await temoin('verify --deep')).code).toBe(0);
});

test.each(['series', 'state', 'ledger', 'facts'])('a rebuilt %s comes out equal', async (name) => {
  const { code, json } = await temoin(`rebuild ${name} --json`);
  expect(json()).toMatchObject({ equal: true, after: json().before });
  expect(code).toBe(0);
});

test('an export has every reading once, in both forms, and spans cut it', async () => {
  expect((await temoin('export --vehicle TE-101-ST --format ndjson --out ~/all.ndjson')).code).toBe(0);
  const lines = (await readFile(join(folder, 'all.ndjson'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toEqual(readings);
  expect(
    (await temoin('export --vehicle TE-101-ST --from 2025-06-15T15:06:50Z --to 1750000020000 --out ~/some.csv')).code,
  ).toBe(0);
  const [head, ...rows] = (await readFile(join(folder, 'some.csv'), 'utf8')).trim().split('\n');
  expect(head).toBe(`at,time,${METRIC_KEYS.join(',')}`);
  expect(rows.map((row) => Number(row.split(',')[0]))).toEqual(readings.slice(10, 20).map((reading) => reading.at));
});

test('people and boxes are looked after', async () => {
  const added = await temoin('user add eve@example.org --name Eve --role auditor --json');
  expect(added.json()).toMatchObject({
    user: { email: 'eve@example.org', role: 'auditor' },
    password: expect.any(String),
  });
  expect((await temoin('user role eve@example.org fleet_desk --json')).json()).toMatchObject({
    user: { role: 'fleet_desk' },
  });
  expect((await temoin('user list')).out).toMatch(/eve@example\.org +Eve +fleet_desk/);
  expect((await temoin('box code TE-102-ST --json')).json().code).toMatch(/^[A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4}$/);
  expect((await temoin('box revoke TE-102-ST --json')).json()).toMatchObject({
    kind: 'signing',
    revokedAt: expect.any(Number),
  });
  expect((await temoin('box list')).out).toMatch(/revoked/);
});

test('a backup restored elsewhere makes equal projections, and is never put over something', async () => {
  expect((await temoin('backup ~/backup.gz')).out).toContain('6 batches');
  const restored = await temoin('restore ~/backup.gz --json', join(folder, 'second'));
  expect(restored.json()).toMatchObject({ batches: 6 });
  expect(restored.json().projections.map((p: { equal: boolean }) => p.equal)).toEqual([true, true, true, true]);
  expect(restored.code).toBe(0);
  expect((await temoin('verify --deep', join(folder, 'second'))).code).toBe(0);
  expect(await temoin('restore ~/backup.gz', join(folder, 'second'))).toMatchObject({
    code: 1,
    err: expect.stringContaining('not empty'),
  });
});
