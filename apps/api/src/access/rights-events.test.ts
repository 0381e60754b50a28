import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPool } from '../stores/postgres/pool.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';
import { type RightsEvent, startRightsEvents } from './rights-events.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

test('hears what another process changed, and what it must not believe', async () => {
  const rights = await startRightsEvents(db.pool);
  const heard: RightsEvent[] = [];
  rights.on((event) => heard.push(event));
  const other = createPool(db.url, { maxConnections: 1 });
  for (const payload of [
    'nonsense',
    '{"kind":"person"}',
    '{"kind":"everything","id":"x"}',
    '{"kind":"box","id":"b"}',
  ]) {
    await other.query(`SELECT pg_notify('temoin_rights', $1)`, [payload]);
  }
  await expect.poll(() => heard).toEqual([{ kind: 'box', id: 'b' }]);
  await other.end();
  await rights.close();
});

test('a lost connection is said, restored, and followed by "everything"', async () => {
  const rights = await startRightsEvents(db.pool);
  const heard: RightsEvent[] = [];
  rights.on((event) => heard.push(event));
  await db.pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN temoin_rights%' AND datname = current_database()`,
  );
  await expect.poll(() => rights.isListening()).toBe(false);
  await expect.poll(() => heard, { timeout: 10_000 }).toEqual([{ kind: 'everything' }]);
  expect(rights.isListening()).toBe(true);
  await rights.close();
});
