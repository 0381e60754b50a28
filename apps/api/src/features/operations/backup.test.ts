import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPostgresBatchLog } from '../../stores/log/postgres-batch-log.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.ts';
import { writeBackup } from './backup.ts';
import { restoreTables } from './restore.ts';
import { createTestBox, drive } from './testing/box-in-a-test.ts';

let source: TestDatabase;
let folder: string;
let file: string;

beforeAll(async () => {
  source = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'temoin-backup-'));
  file = join(folder, 'backup');
  const box = await createTestBox(source.pool, 1);
  const log = createPostgresBatchLog({ pool: source.pool });
  for (let i = 0; i < 20; i++) await log.append([box.next(drive(i * 60, 60))]);
  await source.pool.query(
    `INSERT INTO audit_log (actor_kind, action, detail) VALUES ('operator', 'backup', '{"é": "ü"}')`,
  );
  await log.close();
  await pipeline(
    writeBackup({ pool: source.pool, log: { head: async () => 20n }, projections: [], version: '0.0.0' }),
    createGzip(),
    createWriteStream(file),
  );
});
afterAll(async () => {
  await source?.drop();
  await rm(folder, { recursive: true, force: true });
});

async function contents(database: TestDatabase) {
  const of = async (sql: string) => (await database.pool.query(sql)).rows;
  return {
    log: await of(
      `SELECT position, box_id, boot, seq, encode(hash, 'hex'), form, received_at_ms, encode(body, 'hex') FROM batch_log ORDER BY position`,
    ),
    boxes: await of('SELECT * FROM boxes ORDER BY id'),
    vehicles: await of('SELECT * FROM vehicles ORDER BY id'),
    installations: await of('SELECT * FROM installations ORDER BY id'),
    audit: await of('SELECT * FROM audit_log ORDER BY id'),
  };
}

test('a restored database holds what was backed up, and goes on counting behind it', async () => {
  const target = await createTestDatabase();
  try {
    const manifest = await restoreTables(target.pool, file);
    expect(manifest.sections.find((section) => section.name === 'batch_log')?.rows).toBe(20);
    expect(await contents(target)).toEqual(await contents(source));
    const log = createPostgresBatchLog({ pool: target.pool });
    const head = await log.head();
    const [outcome] = await log.append([(await createTestBox(target.pool, 2)).next(drive(0, 3))]);
    expect(outcome).toMatchObject({ outcome: 'stored' });
    expect(await log.head()).toBeGreaterThan(head);
    await log.close();
  } finally {
    await target.drop();
  }
});

test('nothing is restored over something', async () => {
  const target = await createTestDatabase();
  try {
    await createTestBox(target.pool, 9);
    await expect(restoreTables(target.pool, file)).rejects.toMatchObject({ code: 'conflict' });
    expect((await contents(target)).log).toEqual([]);
  } finally {
    await target.drop();
  }
});

test('a backup that was cut off or changed is refused, and leaves the database empty', async () => {
  const target = await createTestDatabase();
  const damaged = join(folder, randomUUID());
  try {
    const whole = await readFile(file);
    for (const length of [0, 10, Math.floor(whole.length / 2), whole.length - 9]) {
      await writeFile(damaged, whole);
      await truncate(damaged, length);
      await expect(restoreTables(target.pool, damaged)).rejects.toMatchObject({ code: 'bad_request' });
    }
    const plain = gunzipSync(whole);
    plain[Math.floor(plain.length / 2)] = (plain[Math.floor(plain.length / 2)] ?? 0) ^ 1;
    await writeFile(damaged, gzipSync(plain));
    await expect(restoreTables(target.pool, damaged)).rejects.toMatchObject({ code: 'bad_request' });
    expect((await contents(target)).boxes).toEqual([]);
  } finally {
    await target.drop();
  }
});
