import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BatchLog, LogEntry } from '../../stores/log/batch-log.ts';
import { createPostgresBatchLog } from '../../stores/log/postgres-batch-log.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.ts';
import { findKnownBox } from './known-boxes.ts';
import { createTestBox, drive, type TestBox } from './testing/box-in-a-test.ts';
import { verifyLog } from './verify-log.ts';

let database: TestDatabase;
let log: BatchLog;
let box: TestBox;

beforeAll(async () => {
  database = await createTestDatabase();
  log = createPostgresBatchLog({ pool: database.pool });
  box = await createTestBox(database.pool, 1);
  const other = await createTestBox(database.pool, 2);
  const batches = [0, 1, 2, 3, 4, 5].map((i) => box.next(drive(i * 10, 10)));
  await log.append([batches[1], batches[0], batches[2], batches[5]].filter((batch) => batch !== undefined));
  await log.append([other.next(drive(0, 5))]);
});
afterAll(async () => {
  await log?.close();
  await database?.drop();
});

const verifyWith = (changed: (entry: LogEntry) => LogEntry) =>
  verifyLog({
    log: { ...log, read: async (after, limit) => (await log.read(after, limit)).map(changed) },
    findBox: (id) => findKnownBox(database.pool, id),
  });

test('a sound log has no problem, and what is missing is a hole of its box', async () => {
  const result = await verifyWith((entry) => entry);
  expect(result).toMatchObject({ entries: 5, sealed: 5, unsealed: 0, problemCount: 0, conflicts: 0 });
  expect(result.boxes).toMatchObject([
    { vehicle: 'TE-101-ST', batches: 4, lastSeq: 5, holes: [{ fromSeq: 3, toSeq: 4 }], missingBatches: 2, broken: [] },
    { vehicle: 'TE-102-ST', batches: 1, holes: [], broken: [] },
  ]);
});

const replaceBody = (entry: LogEntry, body: Uint8Array): LogEntry =>
  entry.seq === 2 && entry.boxId === box.boxId ? { ...entry, body } : entry;

test('one flipped bit of the stored bytes is found', async () => {
  const result = await verifyWith((entry) => {
    const body = Uint8Array.from(entry.body);
    body[60] = (body[60] ?? 0) ^ 4;
    return replaceBody(entry, body);
  });
  expect(result.problems).toMatchObject([{ boxId: box.boxId, seq: 2, code: 'batch_corrupt' }]);
});

test('a batch that another box signed is found, even under a hash that fits', async () => {
  const { createHash } = await import('node:crypto');
  const forger = await createTestBox(database.pool, 3);
  const forged = forger.next(drive(0, 3));
  const result = await verifyWith((entry) =>
    entry.seq === 2 && entry.boxId === box.boxId
      ? { ...entry, body: forged.body, hash: createHash('sha256').update(forged.body).digest() }
      : entry,
  );
  expect(result.problems).toMatchObject([{ seq: 2, code: 'batch_foreign_box' }]);
});

test('a batch whose key is not that of its box is found', async () => {
  const stranger = await createTestBox(database.pool, 4);
  const result = await verifyLog({
    log,
    findBox: (id) => findKnownBox(database.pool, id === box.boxId ? stranger.boxId : id),
  });
  expect(result.problems.map((problem) => problem.code)).toEqual(Array(4).fill('signature_invalid'));
});
