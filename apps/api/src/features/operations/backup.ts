import type { PoolClient } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { AppError } from '../../http/app-error.ts';
import type { Projection } from '../../projections/projection.ts';
import type { BatchLog } from '../../stores/log/batch-log.ts';
import { connect, type Pool, type Queryable } from '../../stores/postgres/pool.ts';
import { type BackupManifest, beginFile, endFile, type SectionEnd, writeSection } from './backup-format.ts';
import { copyTarget, tablesToKeep } from './database-tables.ts';

export interface BackupDeps {
  readonly pool: Pool;
  readonly log: Pick<BatchLog, 'head'>;
  readonly projections: readonly Projection[];
  readonly version: string;
}

/**
 * A backup of all that cannot be made again: people, vehicles, boxes and the log, as they were at one moment, while the
 * service goes on. Bytes as they are to be gzipped and written; a consumer that stops early ends the transaction.
 */
export async function* writeBackup({ pool, log, projections, version }: BackupDeps): AsyncGenerator<Buffer> {
  const client = await connect(pool);
  try {
    // One snapshot for all tables; copying may take longer than an ordinary statement is given.
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await client.query('SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0');
    const head = await headOf(client);
    if (head === 0n && (await log.head()) > 0n) {
      throw new AppError('conflict', 'The log is not in this database: back up its NATS stream with the tools of NATS');
    }
    const digests = await digestsAt(projections, head);
    yield beginFile();
    const sections: SectionEnd[] = [];
    for (const table of await tablesToKeep(client)) {
      const stream = client.query(copyTo(`COPY ${copyTarget(table)} TO STDOUT WITH (FORMAT binary)`));
      sections.push(yield* writeSection(table.name, table.columns, stream, () => stream.rowCount));
    }
    const manifest: BackupManifest = {
      createdAt: new Date().toISOString(),
      version,
      migrations: await migrationsOf(client),
      head: head.toString(),
      sections,
      digests,
      blobs: await blobsNamed(client),
    };
    yield endFile(manifest);
    await client.query('COMMIT');
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
}

async function headOf(client: PoolClient): Promise<bigint> {
  const { rows } = await client.query<{ head: string }>('SELECT coalesce(max(position), 0) AS head FROM batch_log');
  return BigInt(rows[0]?.head ?? 0);
}

export async function migrationsOf(db: Queryable): Promise<{ name: string; hash: string }[]> {
  const { rows } = await db.query<{ name: string; hash: string }>(
    'SELECT name, hash FROM schema_migrations ORDER BY name',
  );
  return rows;
}

/** Digests of the projections that stand exactly at `head` before and after; the others are still moving and prove nothing. */
async function digestsAt(projections: readonly Projection[], head: bigint): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const projection of projections) {
    if ((await projection.cursor()) !== head) continue;
    const digest = await projection.digest();
    if ((await projection.cursor()) === head) digests[projection.name] = digest;
  }
  return digests;
}

async function blobsNamed(client: PoolClient): Promise<string[]> {
  const { rows } = await client.query<{ sha256: string }>(
    `SELECT DISTINCT fact->>'sha256' AS sha256 FROM vehicle_facts WHERE kind = 'photo' ORDER BY 1`,
  );
  return rows.map((row) => row.sha256);
}
