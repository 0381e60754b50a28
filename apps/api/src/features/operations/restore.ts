import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { from as copyFrom } from 'pg-copy-streams';
import { AppError } from '../../http/app-error.ts';
import { connect, type Pool } from '../../stores/postgres/pool.ts';
import { migrationsOf } from './backup.ts';
import { type BackupManifest, readBackup } from './backup-format.ts';
import { catchUpSequences, copyTarget, quoted, tablesToKeep } from './database-tables.ts';

/** The gunzipped bytes of a backup file. */
async function* unpacked(file: string): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  const through = pipeline(createReadStream(file), gunzip).catch((error: NodeJS.ErrnoException) =>
    gunzip.destroy(error),
  );
  try {
    for await (const chunk of gunzip) yield chunk as Buffer;
    await through;
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new AppError(
      'bad_request',
      missing ? `There is no file ${file}` : `${file} is no whole backup: ${(cause as Error).message}`,
      { cause },
    );
  }
}

/** Reads a backup from end to end without using it: throws `bad_request` unless it is whole. */
export async function checkBackup(file: string): Promise<BackupManifest> {
  for await (const record of readBackup(unpacked(file))) if (record.kind === 'manifest') return record.manifest;
  throw new AppError('bad_request', `${file} has no manifest`);
}

/**
 * Fills a migrated, empty database from a backup, in one transaction: all of it or nothing. Projections are not restored;
 * the caller lets them read the log again and compares their digests with the manifest's.
 */
export async function restoreTables(pool: Pool, file: string): Promise<BackupManifest> {
  const manifest = await checkBackup(file);
  const client = await connect(pool);
  let done = false;
  try {
    await client.query('BEGIN');
    await client.query('SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0');
    sameMigrations(await migrationsOf(client), manifest.migrations);
    const tables = new Map((await tablesToKeep(client)).map((table) => [table.name, table]));
    for (const name of tables.keys()) {
      const { rows } = await client.query<{ full: boolean }>(`SELECT EXISTS (SELECT FROM ${quoted(name)}) AS full`);
      if (rows[0]?.full)
        throw new AppError('conflict', `The database is not empty (${name}): restore into a new data folder`);
    }
    const records = readBackup(unpacked(file));
    for await (const record of records) {
      if (record.kind !== 'begin') continue;
      const table = tables.get(record.name);
      if (!table || record.columns.join() !== table.columns.join()) {
        throw new AppError('bad_request', `The backup's table ${record.name} does not fit this version`);
      }
      const sink = client.query(copyFrom(`COPY ${copyTarget(table)} FROM STDIN WITH (FORMAT binary)`));
      let rows = 0;
      await pipeline(async function* () {
        for (;;) {
          const { value, done } = await records.next();
          if (done) throw new AppError('bad_request', `The backup ends within ${table.name}`);
          if (value.kind === 'data') yield value.bytes;
          else if (value.kind === 'end') {
            rows = value.rows;
            return;
          }
        }
      }, sink);
      if (sink.rowCount !== rows)
        throw new AppError('internal_error', `${table.name}: ${sink.rowCount} of ${rows} rows restored`);
    }
    await catchUpSequences(client, [...tables.values()]);
    await client.query('COMMIT');
    done = true;
    return manifest;
  } finally {
    if (!done) await client.query('ROLLBACK').catch(() => undefined);
    client.release(!done);
  }
}

function sameMigrations(here: BackupManifest['migrations'], there: BackupManifest['migrations']): void {
  if (JSON.stringify(here) === JSON.stringify(there)) return;
  const last = there.at(-1)?.name ?? 'none';
  throw new AppError(
    'conflict',
    `The backup is of another version (its last migration is ${last}, here it is ${here.at(-1)?.name ?? 'none'})`,
  );
}
