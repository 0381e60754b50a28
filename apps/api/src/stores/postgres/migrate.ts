import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { connect, type Pool } from './pool.ts';

// Forward only. A migration that has run is never edited: its hash is kept and compared, so that two databases with the
// same list of names have the same tables.

/** Any constant will do; it must only be ours. */
const LOCK_KEY = 7_463_111;

export interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly hash: string;
}

/** The migrations that came with the program, in order of their numbers. */
export function readMigrations(): Migration[] {
  const folder = migrationsFolder();
  return readdirSync(folder)
    .filter((name) => /^\d{4}-[a-z0-9-]+\.sql$/.test(name))
    .sort()
    .map((name) => {
      const sql = readFileSync(`${folder}/${name}`, 'utf8');
      return { name, sql, hash: createHash('sha256').update(sql).digest('hex') };
    });
}

/** Brings the database up to date, each migration in its own transaction; processes that start together wait for one. */
export async function migrate(pool: Pool): Promise<{ applied: string[] }> {
  const client = await connect(pool);
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK_KEY]);
    await client.query(
      `CREATE TABLE IF NOT EXISTS schema_migrations
         (name text PRIMARY KEY, hash text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`,
    );
    const done = await client.query<{ name: string; hash: string }>('SELECT name, hash FROM schema_migrations');
    const hashes = new Map(done.rows.map((row) => [row.name, row.hash]));
    const applied: string[] = [];
    for (const { name, sql, hash } of readMigrations()) {
      const known = hashes.get(name);
      if (known === hash) continue;
      if (known) throw new Error(`Migration ${name} was changed after it had run; add a new one instead`);
      await client.query('BEGIN');
      try {
        await client.query(sql);
        await client.query('INSERT INTO schema_migrations (name, hash) VALUES ($1, $2)', [name, hash]);
        await client.query('COMMIT');
      } catch (error) {
        await client.query('ROLLBACK');
        throw new Error(`Migration ${name} failed: ${(error as Error).message}`, { cause: error });
      }
      applied.push(name);
    }
    return { applied };
  } finally {
    // Ending the connection frees the lock even when the query above broke.
    client.release(true);
  }
}

/** Beside this file in development; the production bundle lies in apps/api/dist, with or without a copy of the folder. */
function migrationsFolder(): string {
  const places = ['./migrations', '../src/stores/postgres/migrations'];
  const found = places.map((place) => fileURLToPath(new URL(place, import.meta.url))).find((path) => existsSync(path));
  if (!found) throw new Error('The folder with the database migrations is missing beside the program');
  return found;
}
