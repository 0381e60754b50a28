import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

// A lock between processes of one machine: a file with the holder's pid. A holder that was killed is told by its pid being
// gone (on Linux also by another start time, as pids come round again), and its lock is taken over.

export interface FileLock {
  release(): Promise<void>;
}

/** Takes the lock at once, or answers undefined with nothing changed when another living process holds it. */
export async function tryFileLock(path: string): Promise<FileLock | undefined> {
  await mkdir(dirname(path), { recursive: true });
  const mine = `${process.pid} ${await startTimeOf(process.pid)} ${randomUUID()}`;
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, mine);
  try {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      // link() either makes the name with its whole content, or fails: there is no moment with an empty file.
      const taken = await link(draft, path).then(
        () => true,
        (error: NodeJS.ErrnoException) => {
          if (error.code === 'EEXIST') return false;
          throw error;
        },
      );
      if (taken) return { release: () => releaseLock(path, mine) };
      const held = await readFile(path, 'utf8').catch(() => '');
      if (held !== '' && (await isHolderAlive(held))) return undefined;
      if (held !== '' && (await takeOver(path, draft, held))) return { release: () => releaseLock(path, mine) };
    }
    return undefined;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Waits for the lock, looking every 50 ms. Throws after `timeoutMs`. */
export async function waitForFileLock(path: string, timeoutMs: number): Promise<FileLock> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const lock = await tryFileLock(path);
    if (lock) return lock;
    if (Date.now() > deadline) throw new Error(`Another process has held ${path} for more than ${timeoutMs / 1000} s`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** Whether the process that wrote `text` ("pid start-time …") still lives. */
export async function isHolderAlive(text: string): Promise<boolean> {
  const [pidText = '', startTime = ''] = text.split(' ');
  const pid = Number.parseInt(pidText, 10);
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return (await startTimeOf(pid)) === startTime;
}

/** When a process started, in the kernel's ticks; '-' where that cannot be known. */
export async function startTimeOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The second field is the program's name in brackets and may hold blanks.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '-';
}

async function releaseLock(path: string, mine: string): Promise<void> {
  if ((await readFile(path, 'utf8').catch(() => '')) === mine) await rm(path, { force: true });
}

/**
 * Replaces a dead holder's lock by ours in one rename. Waiters that see it dead at the same time are kept in line by a
 * second lock, so that none replaces the winner's; it is held for the length of two file operations.
 */
async function takeOver(path: string, draft: string, dead: string): Promise<boolean> {
  const gate = `${path}.takeover`;
  const entered = await link(draft, gate).then(
    () => true,
    () => false,
  );
  if (!entered) {
    const inside = await readFile(gate, 'utf8').catch(() => '');
    if (inside !== '' && !(await isHolderAlive(inside))) await rm(gate, { force: true });
    return false;
  }
  try {
    if ((await readFile(path, 'utf8').catch(() => '')) !== dead) return false;
    await rename(draft, path);
    return true;
  } finally {
    await rm(gate, { force: true });
  }
}
