import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';

/** What the service leaves in its data folder while it runs. */
const RunFile = z.object({ address: z.url(), pid: z.number().int().positive() });
const PROBE_MS = 5_000;

/**
 * The address of the service that runs on this data folder, or undefined. A run file left by one that was killed is not
 * believed: the process must live and answer.
 */
export async function findRunningService(dataFolder: string): Promise<string | undefined> {
  const text = await readFile(join(dataFolder, 'run.json'), 'utf8').catch(() => '');
  const run = RunFile.safeParse(text && parse(text));
  if (!run.success || !lives(run.data.pid)) return undefined;
  try {
    const reply = await fetch(new URL('/healthz', run.data.address), { signal: AbortSignal.timeout(PROBE_MS) });
    return reply.ok ? run.data.address : undefined;
  } catch {
    return undefined;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
