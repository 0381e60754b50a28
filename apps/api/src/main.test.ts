import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { stopEmbeddedPostgres } from './stores/postgres/embedded-postgres.ts';

// The service as a process: how it starts, refuses to start, stops, and comes back after it was killed.

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
let data: string;
let port: number;
const children: ChildProcess[] = [];

// Each start loads the whole program; on a busy machine that alone takes seconds.
vi.setConfig({ testTimeout: 120_000 });

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'temoin-main-'));
  port = await freePort();
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const gone = new Promise((done) => child.once('exit', done));
    child.kill('SIGKILL');
    await gone;
  }
});
afterAll(async () => {
  await stopEmbeddedPostgres(join(data, 'postgres'));
  await rm(data, { recursive: true, force: true });
});

function run(env: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN], {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      TEMOIN_DATA: data,
      TEMOIN_PORT: String(port),
      TEMOIN_DEMO: '1',
      TEMOIN_DEMO_VEHICLES: '2',
      ...env,
    },
  });
  children.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk;
    });
  const ended = new Promise<{ code: number | null; signal: string | null; output: string }>((done) => {
    child.on('close', (code, signal) => done({ code, signal, output }));
  });
  const ready = async () => {
    await expect
      .poll(
        () =>
          fetch(`http://127.0.0.1:${port}/readyz`).then(
            (r) => r.status,
            () => child.exitCode ?? output,
          ),
        { timeout: 60_000, interval: 100 },
      )
      .toBe(200);
  };
  return { child, ended, ready };
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = server.address() as { port: number };
      server.close(() => done(free));
    });
  });
}

const vehicles = async () => {
  const signIn = await fetch(`http://127.0.0.1:${port}/v1/session`, {
    method: 'POST',
    headers: { 'x-temoin': '1', 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'camille@demo.example', password: 'temoin-demo-67' }),
  });
  const { accessToken } = (await signIn.json()) as { accessToken: string };
  const list = await fetch(`http://127.0.0.1:${port}/v1/vehicles`, {
    headers: { authorization: `Bearer ${accessToken}` },
  });
  return ((await list.json()) as { vehicles: { label: string }[] }).vehicles.map(({ label }) => label);
};

test('wrong settings are all said, with an exit code that says do not try again', async () => {
  const { code, output } = await run({ TEMOIN_PORT: 'x', TEMOIN_SERIES: 'files', TEMOIN_BLOBS: 's3' }).ended;
  expect(code).toBe(78);
  expect(output).toContain('TEMOIN_PORT');
  expect(output).toContain('TEMOIN_SERIES');
});

test('starts on an empty folder, stops on SIGTERM, and leaves nothing running', async () => {
  const service = run();
  await service.ready();
  expect(await vehicles()).toEqual(['EX-730-MB', 'GB-482-KT']);
  expect(JSON.parse(await readFile(join(data, 'run.json'), 'utf8'))).toMatchObject({ pid: service.child.pid });
  service.child.kill('SIGTERM');
  expect(await service.ended).toMatchObject({ code: 0, signal: null });
  for (const name of ['run.json', 'service.lock', 'postgres/postmaster.pid'])
    expect(existsSync(join(data, name))).toBe(false);
});

test('killed, it comes back on the same data; a second one beside it is refused in words', async () => {
  const first = run();
  await first.ready();
  first.child.kill('SIGKILL');
  await first.ended;
  expect(existsSync(join(data, 'postgres/postmaster.pid'))).toBe(true);
  const again = run();
  await again.ready();
  expect(await vehicles()).toEqual(['EX-730-MB', 'GB-482-KT']);
  const beside = await run({ TEMOIN_PORT: String(await freePort()) }).ended;
  expect(beside.code).toBe(1);
  expect(beside.output).toContain(`Another Temoin runs on ${data}`);
  expect(await vehicles()).toHaveLength(2);
});

test('a busy port is said in words', async () => {
  const taken = createServer().listen(port, '127.0.0.1');
  const { code, output } = await run().ended;
  taken.close();
  expect(code).toBe(1);
  expect(output).toMatch(/port \d+ of 127\.0\.0\.1 is in use/);
});
