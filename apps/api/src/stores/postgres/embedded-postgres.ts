import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import pg from 'pg';
import { waitForFileLock } from './file-lock.ts';
import { decideRunAs, findPostgresBinaries, type PostgresBinaries, type RunAs } from './postgres-binaries.ts';

// A real PostgreSQL from node_modules, for those who have none. The server is a daemon of its own: when we are killed it
// lives on, and the next start finds it by its pid file and uses it; when it was killed too, it recovers from its log.
// It listens on loopback only, on a port of the moment, with a random password.

export interface EmbeddedPostgresOptions {
  /** The cluster's folder; made when absent. */
  readonly folder: string;
  /** Where the password is kept (mode 0600). */
  readonly passwordFile: string;
  /** Made when absent. */
  readonly database: string;
  /** Server settings, for example `{ fsync: 'off' }` in tests. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly log?: (message: string) => void;
}

export interface EmbeddedPostgres {
  readonly url: string;
  /** True when a server that was already running is used. */
  readonly reused: boolean;
  stop(): Promise<void>;
}

const MAJOR_VERSION = '18';
const USER = 'temoin';

/** Starts the server of `folder`, or finds the one that runs there. Errors say what to do about them. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const folder = resolve(options.folder);
  const lock = await waitForFileLock(`${folder}.lock`, 120_000);
  try {
    return await findOrStart(folder, options);
  } finally {
    await lock.release();
  }
}

async function findOrStart(folder: string, options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const binaries = findPostgresBinaries();
  const runAs = decideRunAs(folder, binaries.pgCtl);
  await mkdir(dirname(folder), { recursive: true });
  if (!existsSync(join(folder, 'PG_VERSION'))) await initialise(folder, options, binaries, runAs);
  await checkVersion(folder);
  const password = await readPassword(options.passwordFile, folder);

  const urlOf = (port: number, database: string) => `postgres://${USER}:${password}@127.0.0.1:${port}/${database}`;
  let port = await portOfRunning(folder);
  // One that we find may be on its way down: then it is gone in a moment, and we start our own.
  const reused = port !== undefined && (await becomesReady(urlOf(port, 'postgres'), folder));
  if (port === undefined || !reused) {
    port = await freePort();
    await startServer(folder, port, options, binaries, runAs);
  }
  try {
    await ensureDatabase(urlOf(port, 'postgres'), options.database);
  } catch (cause) {
    throw new Error(`The database in ${folder} runs but refuses us: ${(cause as Error).message}`, { cause });
  }
  options.log?.(reused ? `PostgreSQL was running in ${folder}` : `PostgreSQL started in ${folder}`);
  return { url: urlOf(port, options.database), reused, stop: () => stopEmbeddedPostgres(folder) };
}

/** Stops the server of `folder` if it runs; open transactions are rolled back. */
export async function stopEmbeddedPostgres(folderGiven: string): Promise<void> {
  const folder = resolve(folderGiven);
  const binaries = findPostgresBinaries();
  const runAs = decideRunAs(folder, binaries.pgCtl);
  // Under the lock: pg_ctl waits for the pid file to go, and would wait for a server that another process starts meanwhile.
  const lock = await waitForFileLock(`${folder}.lock`, 120_000);
  try {
    if ((await portOfRunning(folder)) === undefined) return;
    await runAs.run(binaries.pgCtl, ['stop', '-D', folder, '-m', 'fast', '-w', '-t', '60']);
  } finally {
    await lock.release();
  }
}

/** Fills a folder beside the final one and renames it, so that a kill in the middle leaves nothing half made. */
async function initialise(
  folder: string,
  options: EmbeddedPostgresOptions,
  binaries: PostgresBinaries,
  runAs: RunAs,
): Promise<void> {
  const workshop = `${folder}.new-${process.pid}`;
  const own = async (path: string) => {
    if (runAs.owner) await chown(path, runAs.owner.uid, runAs.owner.gid);
  };
  const password = randomBytes(24).toString('base64url');
  await rm(workshop, { recursive: true, force: true });
  await mkdir(workshop, { mode: 0o700 });
  await own(workshop);
  try {
    await writeFile(join(workshop, 'password'), `${password}\n`, { mode: 0o600 });
    await own(join(workshop, 'password'));
    const { exitCode, output } = await runAs.run(binaries.initdb, [
      `--pgdata=${join(workshop, 'data')}`,
      `--username=${USER}`,
      `--pwfile=${join(workshop, 'password')}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // Sorting that is part of PostgreSQL: an update of the machine's C library cannot break an index.
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      ...(options.settings?.fsync === 'off' ? ['--no-sync'] : []),
    ]);
    if (exitCode !== 0) throw new Error(`The database could not be made in ${folder}: ${lastLines(output)}`);
    await mkdir(dirname(options.passwordFile), { recursive: true });
    await writeFile(options.passwordFile, password, { mode: 0o600 });
    await chmod(options.passwordFile, 0o600);
    await rm(folder, { recursive: true, force: true });
    await rename(join(workshop, 'data'), folder);
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}

async function checkVersion(folder: string): Promise<void> {
  const version = (await readFile(join(folder, 'PG_VERSION'), 'utf8')).trim();
  if (version === MAJOR_VERSION) return;
  throw new Error(
    `The database in ${folder} is of PostgreSQL ${version}, this program brings ${MAJOR_VERSION}: ` +
      'move it with pg_upgrade, or restore a backup into a new data folder',
  );
}

async function readPassword(file: string, folder: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (cause) {
    throw new Error(`The password of the database in ${folder} is missing: put ${file} back from a backup`, { cause });
  }
}

async function startServer(
  folder: string,
  port: number,
  options: EmbeddedPostgresOptions,
  binaries: PostgresBinaries,
  runAs: RunAs,
): Promise<void> {
  await removeMisleadingPidFile(folder);
  const startedAt = Date.now();
  const startLog = join(folder, 'start.log');
  await rm(startLog, { force: true });
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    timezone: 'UTC',
    logging_collector: 'on',
    log_filename: 'postgres-%a.log',
    log_truncate_on_rotation: 'on',
    log_rotation_age: '1d',
    ...options.settings,
  };
  const flags = Object.entries(settings).map(([name, value]) => `-c ${name}='${value}'`);
  const { exitCode, output } = await runAs.run(binaries.pgCtl, [
    ...['start', '-D', folder, '-l', startLog, '-w', '-t', '90'],
    ...['-o', `-p ${port} ${flags.join(' ')}`],
  ]);
  if (exitCode === 0) return;
  const details = await lastWordsOf(folder, startLog, startedAt);
  if (/No space left on device/i.test(details)) {
    throw new Error(`The disk that holds ${folder} is full: free some space and start again`);
  }
  throw new Error(
    `The database in ${folder} does not start: ${details || lastLines(output)}. ` +
      'Restore a backup, or start with an empty data folder',
  );
}

/** What the server said before it gave up: in its own log since `startedAt`, or, when it did not get that far, on its error output. */
async function lastWordsOf(folder: string, startLog: string, startedAt: number): Promise<string> {
  const logs = await readdir(join(folder, 'log')).catch(() => []);
  const serious: string[] = [];
  for (const name of logs) {
    const file = join(folder, 'log', name);
    if ((await stat(file)).mtimeMs < startedAt) continue;
    for (const line of (await readFile(file, 'utf8')).split('\n')) {
      const at = Date.parse(`${line.slice(0, 23).replace(' ', 'T')}Z`);
      if (at >= startedAt && /FATAL|PANIC|ERROR/.test(line)) serious.push(line.slice(28));
    }
  }
  return lastLines(serious.join('\n') || (await readFile(startLog, 'utf8').catch(() => '')));
}

const lastLines = (text: string): string => text.trim().split('\n').slice(-3).join(' | ').slice(-600);

/** The port of the server that runs in `folder`; undefined when none does (a stale pid file, or another program's pid). */
/** The port of the server that runs in `folder`; undefined when none does. */
export async function portOfRunning(folder: string): Promise<number | undefined> {
  const { pid, port } = await readPidFile(folder);
  return pid !== undefined && port !== undefined && (await isPostgres(pid)) ? port : undefined;
}

async function readPidFile(folder: string): Promise<{ pid?: number; port?: number }> {
  const lines = (await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const pid = Number.parseInt(lines[0] ?? '', 10);
  const port = Number.parseInt(lines[3] ?? '', 10);
  return { ...(pid > 0 && { pid }), ...(port > 0 && { port }) };
}

/**
 * PostgreSQL clears away the pid file of a server that died, but believes one whose pid now belongs to another program
 * (usual after a restart of a container), and would not start.
 */
async function removeMisleadingPidFile(folder: string): Promise<void> {
  const { pid } = await readPidFile(folder);
  if (pid !== undefined && isAlive(pid) && !(await isPostgres(pid)))
    await rm(join(folder, 'postmaster.pid'), { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function isPostgres(pid: number): Promise<boolean> {
  if (!isAlive(pid)) return false;
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  return commandLine === undefined ? process.platform !== 'linux' : commandLine.includes('postgres');
}

/** Waits for a server that runs to answer; false when it ended meanwhile, throws when it refuses us for good. */
async function becomesReady(url: string, folder: string): Promise<boolean> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return true;
    } catch (error) {
      const code = (error as { code?: string }).code;
      // 57P03: still recovering, or going down. Anything else will not get better by waiting.
      const passing = code === '57P03' || code === 'ECONNREFUSED' || code === 'ECONNRESET';
      if (!passing || Date.now() > deadline) {
        throw new Error(`The database in ${folder} runs but refuses us: ${(error as Error).message}`, { cause: error });
      }
    } finally {
      await client.end().catch(() => undefined);
    }
    if ((await portOfRunning(folder)) === undefined) return false;
    await new Promise((done) => setTimeout(done, 100));
  }
}

async function ensureDatabase(adminUrl: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const known = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (known.rowCount === 0) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address && typeof address === 'object' ? done(address.port) : fail(new Error('no port'))));
    });
  });
}
