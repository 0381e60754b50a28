import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

// What all launchers share: a folder and free loopback ports of their own (so that many run at once), readiness by asking
// the server itself, and an end that is certain (see keeper.mjs).

export interface LaunchPlan {
  readonly command: string;
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface RunningServer {
  /** The server's temporary folder; it is removed by `stop`. */
  readonly folder: string;
  readonly pid: number;
  /** Ends the server and starts it again on the same folder and ports; what it had acknowledged must still be there. */
  restart(): Promise<void>;
  /** Kills the server with SIGKILL and leaves it down until `restart`. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

const KEEPER = fileURLToPath(new URL('./keeper.mjs', import.meta.url));
const READY_WITHIN_MS = 60_000;

/** Starts a server; rejects with the end of its log when it is not ready in time. `isReady` may throw meaning no. */
export async function launch(
  name: string,
  plan: (folder: string, attempt: number) => Promise<LaunchPlan>,
  isReady: () => Promise<boolean>,
): Promise<RunningServer> {
  // A free port can be taken by another test between finding and using it: then the server exits, and new ports are tried.
  let problem: unknown;
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const folder = mkdtempSync(join(tmpdir(), `temoin-test-${name}-`));
    try {
      return await start(name, folder, await plan(folder, attempt), isReady);
    } catch (error) {
      problem = error;
      rmSync(folder, { recursive: true, force: true });
    }
  }
  throw problem;
}

async function start(
  name: string,
  folder: string,
  plan: LaunchPlan,
  isReady: () => Promise<boolean>,
): Promise<RunningServer> {
  // The log is beside the folder, because it is read after the folder has gone.
  const logPath = `${folder}.log`;
  let current = await keep(folder, plan, logPath);
  const waitReady = async () => {
    const until = Date.now() + READY_WITHIN_MS;
    while (Date.now() < until) {
      if (current.ended) break;
      if (await isReady().catch(() => false)) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const log = readLog(logPath);
    const why = current.ended ? `ended (${current.ended})` : `was not ready within ${READY_WITHIN_MS / 1000} s`;
    await current.end();
    rmSync(logPath, { force: true });
    throw new Error(`${name} ${why}:\n${log}`);
  };
  await waitReady();
  const kill = async () => {
    if (current.ended) return;
    process.kill(-current.pid, 'SIGKILL');
    await current.whenEnded;
  };
  return {
    folder,
    get pid() {
      return current.pid;
    },
    kill,
    restart: async () => {
      await kill();
      // The old keeper stays until `stop`, because it removes the folder when it ends.
      const before = current;
      current = await keep(folder, plan, logPath);
      const end = current.end;
      current.end = async () => {
        await end();
        await before.end();
      };
      await waitReady();
    },
    stop: async () => {
      await current.end();
      rmSync(logPath, { force: true });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Kept {
  readonly pid: number;
  ended: string;
  readonly whenEnded: Promise<void>;
  end(): Promise<void>;
}

function keep(folder: string, plan: LaunchPlan, logPath: string): Promise<Kept> {
  return new Promise((resolve, reject) => {
    const what = JSON.stringify({ ...plan, folder, logPath });
    const keeper = spawn(process.execPath, [KEEPER, what], { stdio: ['pipe', 'pipe', 'inherit'] });
    keeper.unref();
    let markEnded = () => {};
    const whenEnded = new Promise<void>((done) => {
      markEnded = done;
    });
    const whenKeeperGone = new Promise<void>((done) => keeper.once('close', () => done()));
    let kept: Kept | undefined;
    keeper.stdin.on('error', () => {});
    keeper.once('error', reject);
    createInterface({ input: keeper.stdout }).on('line', (line) => {
      const said = JSON.parse(line) as { pid?: number; failed?: string; exited?: string | number };
      if (said.failed !== undefined) reject(new Error(`${plan.command}: ${said.failed}`));
      if (said.exited !== undefined && kept) {
        kept.ended = `exit ${said.exited}`;
        markEnded();
      }
      if (said.pid !== undefined) {
        kept = {
          pid: said.pid,
          ended: '',
          whenEnded,
          end: async () => {
            // From here on its end is waited for: without this the process could run out of work in the middle of it.
            keeper.ref();
            keeper.stdin.end();
            await whenKeeperGone;
          },
        };
        resolve(kept);
      }
    });
  });
}

/** A loopback port that was free a moment ago. */
export function freePort(below = 65_536): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      probe.close(() => (port > 0 && port < below ? resolve(port) : freePort(below).then(resolve, reject)));
    });
  });
}

/** GET with a short timeout; true on any answer below 500. */
export async function answers(url: string): Promise<boolean> {
  const reply = await fetch(url, { signal: AbortSignal.timeout(2000) });
  await reply.arrayBuffer();
  return reply.status < 500;
}

function readLog(path: string): string {
  try {
    return readFileSync(path, 'utf8').slice(-3000);
  } catch {
    return '(no log)';
  }
}
