import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createTestDatabase } from './test-database.ts';

const here = fileURLToPath(new URL('./test-database.ts', import.meta.url));
const root = fileURLToPath(new URL('../../../../', import.meta.url));

test('two databases of one file do not see each other', async () => {
  const [a, b] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  await a.pool.query(`INSERT INTO organisations (name) VALUES ('A')`);
  expect((await b.pool.query('SELECT name FROM organisations')).rows).toEqual([]);
  await Promise.all([a.drop(), b.drop()]);
});

test('several processes at once share one server', async () => {
  const script = `const { createTestDatabase } = await import(${JSON.stringify(here)});
    const db = await createTestDatabase();
    console.log((await db.pool.query('SELECT pg_postmaster_start_time()::text AS at')).rows[0].at);
    await db.drop();`;
  const runs = await Promise.all(
    Array.from({ length: 3 }, () =>
      promisify(execFile)(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { cwd: root }),
    ),
  );
  expect(new Set(runs.map((run) => run.stdout)).size).toBe(1);
  expect(runs[0]?.stdout).toMatch(/^\d{4}-/);
});
