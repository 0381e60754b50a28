import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.ts';
import { migrate, readMigrations } from './migrate.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

test('migrations are numbered without a gap or a double', () => {
  const numbers = readMigrations().map((m) => Number(m.name.slice(0, 4)));
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
});

test('a second run does nothing, also when several processes start together', async () => {
  const runs = await Promise.all([migrate(db.pool), migrate(db.pool), migrate(db.pool)]);
  expect(runs.flatMap((run) => run.applied)).toEqual([]);
});

test('concurrent first runs apply each migration once', async () => {
  await db.pool.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  const runs = await Promise.all([migrate(db.pool), migrate(db.pool), migrate(db.pool)]);
  expect(runs.flatMap((run) => run.applied)).toEqual(readMigrations().map((m) => m.name));
});

test('a migration that was edited after it ran is refused', async () => {
  await db.pool.query(`UPDATE schema_migrations SET hash = 'other' WHERE name LIKE '0001%'`);
  await expect(migrate(db.pool)).rejects.toThrow(/was changed after it had run/);
  await db.pool.query('UPDATE schema_migrations SET hash = $1 WHERE name LIKE $2', [
    readMigrations()[0]?.hash,
    '0001%',
  ]);
});

test('the audit log takes rows and gives none back', async () => {
  await db.pool.query(`INSERT INTO audit_log (actor_kind, action) VALUES ('operator', 'test')`);
  for (const sql of ['DELETE FROM audit_log', `UPDATE audit_log SET action = 'x'`, 'TRUNCATE audit_log']) {
    await expect(db.pool.query(sql)).rejects.toThrow(/append only/);
  }
});
