import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Whether process `pid` lives and, where the system tells (Linux), is what we take it for: process ids are used again, and a
 * stranger with the number of a dead one must neither block a start nor be stopped.
 */
export function isAlive(pid, commandLine) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code !== 'EPERM') return false;
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    if (stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z')) return false;
    return commandLine.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '));
  } catch {
    return process.platform !== 'linux';
  }
}

/**
 * Stops the embedded PostgreSQL of `folder` if one is left running there without its service: SIGINT is PostgreSQL's "fast"
 * shutdown, which loses nothing; SIGQUIT after ten seconds, after which it recovers at its next start. Returns whether one ran.
 */
export async function stopOrphanedPostgres(folder) {
  const lines = await readFile(join(folder, 'postmaster.pid'), 'utf8')
    .then((text) => text.split('\n'))
    .catch(() => []);
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 1 || resolve(lines[1] ?? '') !== resolve(folder)) return false;
  if (!isAlive(pid, /postgres/)) return false;
  for (const [signal, waitMs] of [
    ['SIGINT', 10_000],
    ['SIGQUIT', 5_000],
  ]) {
    try {
      process.kill(pid, signal);
    } catch {
      return true;
    }
    const until = Date.now() + waitMs;
    while (Date.now() < until) {
      if (!isAlive(pid, /postgres/)) return true;
      await sleep(50);
    }
  }
  return true;
}
