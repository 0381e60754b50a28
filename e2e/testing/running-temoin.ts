import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

// The real thing, started as a person does, on a free port and a data folder of its own.

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface RunningTemoin {
  readonly address: string;
  readonly dataFolder: string;
  readonly output: () => string;
  readonly process: ChildProcess;
  /** Ctrl-C, and wait; resolves with the exit code. */
  stop(): Promise<number | null>;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

export const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'temoin-e2e-'));
export const removeFolder = (folder: string): Promise<void> =>
  rm(folder, { recursive: true, force: true, maxRetries: 5 });

/** Runs `npm start` with these options to its end; what it printed and how it ended. */
export async function runStart(
  args: readonly string[],
  { env = {}, timeoutMs = 110_000 }: { env?: Record<string, string>; timeoutMs?: number } = {},
): Promise<{ code: number | null; output: string }> {
  const child = launch(args, env);
  let output = '';
  child.stdout?.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    output += chunk;
  });
  const timer = setTimeout(() => child.kill('SIGTERM'), timeoutMs);
  const [code] = (await once(child, 'exit')) as [number | null];
  clearTimeout(timer);
  return { code, output };
}

// The build was done by whoever runs these tests: a test of starting must not depend on somebody editing a file meanwhile.
const launch = (args: readonly string[], env: Record<string, string>) =>
  spawn(process.execPath, [join(ROOT, 'scripts/start.mjs'), '--no-open', ...args], {
    cwd: ROOT,
    env: { ...process.env, TEMOIN_NO_BUILD: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });

/** Starts Temoin and resolves when it says that it runs. */
export async function startTemoin(
  args: readonly string[],
  { dataFolder, port, env = {} }: { dataFolder: string; port?: number; env?: Record<string, string> },
): Promise<RunningTemoin> {
  const chosen = port ?? (await freePort());
  const child = launch(['--port', String(chosen), '--data', dataFolder, ...args], env);
  let output = '';
  const address = `http://127.0.0.1:${chosen}`;
  const ready = new Promise<void>((resolve, reject) => {
    const take = (chunk: Buffer) => {
      output += chunk;
      if (output.includes('Ctrl-C stops everything')) resolve();
    };
    child.stdout?.on('data', take);
    child.stderr?.on('data', take);
    child.on('exit', (code) => reject(new Error(`Temoin ended with ${code} before it ran:\n${output}`)));
    setTimeout(() => reject(new Error(`Temoin was not ready in time:\n${output}`)), 120_000).unref();
  });
  try {
    await ready;
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return {
    address,
    dataFolder,
    process: child,
    output: () => output,
    async stop() {
      if (child.exitCode !== null) return child.exitCode;
      const ended = once(child, 'exit');
      child.kill('SIGINT');
      const [code] = (await ended) as [number | null];
      return code;
    },
  };
}

/** Asks an operator's door of a running service. */
export async function operate<T>(
  { address, dataFolder }: Pick<RunningTemoin, 'address' | 'dataFolder'>,
  path: string,
  body?: unknown,
): Promise<T> {
  const reply = await fetch(`${address}/v1/operations${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${await operatorToken(dataFolder)}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(60_000),
  });
  if (!reply.ok) throw new Error(`${path}: ${reply.status} ${await reply.text()}`);
  return (reply.headers.get('content-type')?.includes('application/json') ? reply.json() : reply.text()) as Promise<T>;
}

const operatorToken = async (dataFolder: string) =>
  (await readFile(join(dataFolder, 'keys/operator-token'), 'utf8')).trim();

/** Every reading of a vehicle, as the operator's export gives it. */
export async function exportOf(
  temoin: Pick<RunningTemoin, 'address' | 'dataFolder'>,
  vehicle: string,
): Promise<{ at: number; values: Record<string, number> }[]> {
  const text = await operate<string>(temoin, '/export', { vehicle, format: 'ndjson' });
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

const tokens = new Map<string, string>();

/** Asks a door of the service as the administrator of the demonstration, signed in once per service. */
export async function asPerson<T>({ address }: Pick<RunningTemoin, 'address'>, path: string): Promise<T> {
  const token = tokens.get(address) ?? (await signIn(address));
  tokens.set(address, token);
  const reply = await fetch(`${address}${path}`, { headers: { authorization: `Bearer ${token}` } });
  if (!reply.ok) throw new Error(`${path}: ${reply.status} ${await reply.text()}`);
  return (await reply.json()) as T;
}

/** Address and password of somebody of the demonstration, by role. */
export async function demoAccount(
  address: string,
  role = 'administrator',
): Promise<{ email: string; password: string }> {
  const settings = (await (await fetch(`${address}/v1/settings`)).json()) as {
    demoAccounts: { email: string; password: string; role: string }[];
  };
  const account = settings.demoAccounts.find((candidate) => candidate.role === role);
  if (!account) throw new Error(`the demonstration has no ${role}`);
  return account;
}

async function signIn(address: string): Promise<string> {
  const { email, password } = await demoAccount(address);
  const reply = await fetch(`${address}/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: address, 'x-temoin': '1' },
    body: JSON.stringify({ email, password }),
  });
  if (!reply.ok) throw new Error(`sign-in: ${reply.status} ${await reply.text()}`);
  return ((await reply.json()) as { accessToken: string }).accessToken;
}

/** Processes whose command line or working files are in `folder`: what must be gone after a stop. Linux only. */
export async function processesOf(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)) {
    const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (commandLine.includes(folder) || environment.includes(`TEMOIN_DATA=${folder}`))
      found.push(`${pid} ${commandLine.replaceAll('\0', ' ')}`);
  }
  return found;
}

/** Waits until `check` gives something other than undefined or false. */
export async function eventually<T>(
  what: string,
  check: () => Promise<T | undefined | false>,
  timeoutMs = 60_000,
): Promise<T> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const value = await check().catch((error: Error) => {
      if (Date.now() > until) throw error;
      return undefined;
    });
    if (value !== undefined && value !== false) return value;
    if (Date.now() > until) throw new Error(`${what}: not within ${timeoutMs / 1000} s`);
    await sleep(250);
  }
}
