import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Complaint } from './options.mjs';
import { isAlive, stopOrphanedPostgres } from './postgres-orphan.mjs';

// The data folder holds what cannot be had again, so nothing in it is touched before it is known to be ours, whole, and not
// in use. `temoin.json` marks it; the names below are all that we ever put into it.

const MARKER = 'temoin.json';
const FORMAT = 1;
const OURS =
  /^(temoin\.json|start\.lock|service\.lock|run\.json|demo|postgres|postgres\..*|series\.duckdb.*|blobs|keys|boxes|logs|tmp)$/;
/** Major version of the PostgreSQL that the embedded one is; a folder of another one must be dumped and restored. */
const POSTGRES_MAJOR = '18';

/** Makes sure that `folder` is usable: ours or empty, whole, not in use. `fresh` empties it first. */
export async function openDataFolder(folder, { fresh = false } = {}) {
  // PostgreSQL runs as another user when we are root: it must be able to pass, not to look around.
  await refusing(folder, () => mkdir(folder, { recursive: true, mode: 0o711 }));
  const names = await refusing(folder, () => readdir(folder));
  const foreign = names.filter((name) => !OURS.test(name));
  if (foreign.length > 0 && !names.includes(MARKER)) {
    throw new Complaint(
      `${folder} holds files that are not Temoin's (${foreign.slice(0, 3).join(', ')}). Choose an empty or a new folder with --data DIR.`,
    );
  }
  const release = await lock(folder);
  try {
    if (fresh) {
      await stopOrphanedPostgres(join(folder, 'postgres'));
      for (const name of names) {
        if (OURS.test(name) && name !== 'start.lock') await rm(join(folder, name), { recursive: true, force: true });
      }
    }
    checkMarker(folder);
    await checkPostgres(join(folder, 'postgres'));
    await checkDuckdb(join(folder, 'series.duckdb'));
    await refusing(folder, () => writeFile(join(folder, MARKER), `${JSON.stringify({ format: FORMAT })}\n`));
    await mkdir(join(folder, 'logs'), { recursive: true });
  } catch (error) {
    release();
    throw error;
  }
  return { release };
}

async function refusing(folder, action) {
  try {
    return await action();
  } catch (error) {
    const why = {
      EACCES: 'may not be written by this user. Change its owner',
      EPERM: 'may not be written by this user. Change its owner',
      EROFS: 'is on a read-only disk. Make it writable',
      ENOTDIR: 'is not a folder. Remove that file',
      EEXIST: 'is not a folder. Remove that file',
      ENOSPC: 'is on a full disk. Free some space',
    }[error.code];
    if (!why) throw error;
    throw new Complaint(`${folder} ${why}, or choose another folder with --data DIR.`);
  }
}

/** One running instance a folder: a lock with the starter's process id, and the service's own run.json. */
async function lock(folder) {
  const file = join(folder, 'start.lock');
  const inUse = (pid, address) =>
    new Complaint(
      `${folder} is in use by a Temoin that is running${address ? ` at ${address}` : ''} (process ${pid}). Use that one, stop it with Ctrl-C or "kill ${pid}", or choose another folder with --data DIR.`,
    );
  const running = readJson(join(folder, 'run.json'));
  if (running?.pid && isAlive(running.pid, /main\.(js|ts)/)) throw inUse(running.pid, running.address);
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(file, JSON.stringify({ pid: process.pid }), { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') await refusing(folder, () => Promise.reject(error));
      const holder = readJson(file);
      if (holder?.pid && holder.pid !== process.pid && isAlive(holder.pid, /start\.mjs/)) throw inUse(holder.pid);
      rmSync(file, { force: true });
    }
  }
  throw new Complaint(`${file} cannot be written. Remove it and start again.`);
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

const wayOut =
  'Restore a backup (npm run temoin -- restore FILE --data NEW_DIR), choose another folder with --data DIR, or begin anew with --fresh.';

function checkMarker(folder) {
  const file = join(folder, MARKER);
  if (!existsSync(file)) return;
  const marker = readJson(file);
  if (!Number.isInteger(marker?.format)) throw new Complaint(`${file} is damaged. ${wayOut}`);
  if (marker.format > FORMAT)
    throw new Complaint(
      `${folder} was written by a newer Temoin. Update this one, or choose another folder with --data DIR.`,
    );
}

async function checkPostgres(folder) {
  if (!existsSync(folder)) return;
  const names = await readdir(folder).catch(() => undefined);
  if (names?.length === 0) return;
  const version = await readFile(join(folder, 'PG_VERSION'), 'utf8').catch(() => '');
  if (!names || !version || !existsSync(join(folder, 'global/pg_control'))) {
    throw new Complaint(`The database in ${folder} is damaged: files that every PostgreSQL has are missing. ${wayOut}`);
  }
  if (version.trim() !== POSTGRES_MAJOR) {
    throw new Complaint(
      `The database in ${folder} was written by PostgreSQL ${version.trim()}, and this is ${POSTGRES_MAJOR}. ${wayOut}`,
    );
  }
}

/** A DuckDB file says so itself: "DUCK" at byte 8. */
async function checkDuckdb(file) {
  if (!existsSync(file)) return;
  const handle = await open(file, 'r');
  try {
    const head = Buffer.alloc(12);
    const { bytesRead } = await handle.read(head, 0, 12, 0);
    if (bytesRead < 12 || head.toString('latin1', 8, 12) !== 'DUCK') {
      throw new Complaint(
        `The time series in ${file} is damaged. It can be made again from the log: delete that file and start again.`,
      );
    }
  } finally {
    await handle.close();
  }
}
