import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const READY_WITHIN_MS = 90_000;
const STOP_WITHIN_MS = 20_000;

export interface Service {
  readonly origin: string;
  readonly operatorToken: string;
  /** PostgreSQL of the service's own, for a rival that is to have the same server. */
  stop(): Promise<void>;
}

/** The real service, built and in its own process, with embedded parts in a folder that is removed in the end. */
export async function startService(progress: (text: string) => void): Promise<Service> {
  const { buildAll } = (await import('../scripts/build.mjs' as string)) as { buildAll(o: object): Promise<string[]> };
  const { SERVICE_NODE_ARGS } = (await import('../scripts/start/service.mjs' as string)) as {
    SERVICE_NODE_ARGS: string[];
  };
  await buildAll({ only: ['api'], progress });
  const folder = await mkdtemp(join(tmpdir(), 'temoin-bench-'));
  const port = await freePort();
  const child = spawn(process.execPath, [...SERVICE_NODE_ARGS, 'apps/api/dist/main.js'], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      TEMOIN_DATA: folder,
      TEMOIN_PORT: String(port),
      TEMOIN_LOG_LEVEL: 'error',
      TEMOIN_DEMO: '1',
      TEMOIN_DEMO_VEHICLES: '1',
    },
  });
  const origin = `http://127.0.0.1:${port}`;
  const stop = async () => {
    if (child.exitCode === null) {
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
      await once(child, 'exit');
      clearTimeout(late);
    }
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await untilReady(origin, () => child.exitCode);
    return { origin, operatorToken: (await readFile(join(folder, 'keys/operator-token'), 'utf8')).trim(), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function untilReady(origin: string, exitCode: () => number | null): Promise<void> {
  for (const until = Date.now() + READY_WITHIN_MS; Date.now() < until; await delay(100)) {
    if (exitCode() !== null) throw new Error(`The service ended with code ${exitCode()}.`);
    const answer = await fetch(`${origin}/readyz`).catch(() => undefined);
    if (answer?.ok) return;
  }
  throw new Error('The service was not ready in time.');
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
