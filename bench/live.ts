import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { frameBatches } from '@temoin/shared/codec';
import { LIVE_PATH } from '@temoin/shared/live';
import { BATCHES_CONTENT_TYPE, type Reading } from '@temoin/shared/telemetry';
import { io, type Socket } from 'socket.io-client';
import { Pool } from 'undici';
import { type Bench, compared, percentile } from './bench.ts';
import { enrolBoxes, post } from './box.ts';
import { freePort, startService } from './service.ts';

const VEHICLES = 1000;
const MAPS = 20;
const SECONDS = 20;
/** The first seconds fill caches and are not counted. */
const WARM_UP_S = 5;

interface Heard {
  readonly latencyMs: number[];
  /** Characters of what one map was sent, as JSON. */
  bytes: number;
}

/** Sends one reading of vehicle `v`; the reading's own instant is when it was made. */
type Send = (vehicle: number, reading: Reading) => Promise<void>;

/**
 * From the instant a reading is made in the box until 20 open maps have it: 1,000 vehicles at 1 Hz, each reading its own signed
 * batch, durable before it is shown; against a handler that emits every reading to every map at once and keeps nothing.
 */
export const live: Bench = async ({ signal, progress }) => {
  const naive = await runNaive(signal, progress);
  const service = await startService(progress);
  try {
    progress(`enrolling ${VEHICLES} boxes`);
    const boxes = await enrolBoxes(service, VEHICLES);
    const { demoAccounts } = (await (await fetch(`${service.origin}/v1/settings`)).json()) as {
      demoAccounts: { email: string; password: string; role: string }[];
    };
    const account = demoAccounts.find(({ role }) => role === 'fleet_desk');
    if (!account) throw new Error('no demo account');
    const { accessToken } = await post<{ accessToken: string }>(`${service.origin}/v1/session`, account);
    const heard: Heard = { latencyMs: [], bytes: 0 };
    const sockets = await openMaps(service.origin, LIVE_PATH, { token: accessToken }, async (socket, first) => {
      socket.on('portfolio.changes', ({ changes }: { changes: { lastReadingAt?: number }[] }) => {
        const now = Date.now();
        if (first) heard.bytes += JSON.stringify(changes).length;
        for (const { lastReadingAt } of changes)
          if (lastReadingAt !== undefined) heard.latencyMs.push(now - lastReadingAt);
      });
      await socket.emitWithAck('portfolio.join', {});
    });
    const pool = new Pool(service.origin, { connections: 48, pipelining: 1 });
    const send: Send = async (vehicle, reading) => {
      const box = boxes[vehicle];
      if (!box) return;
      const answer = await pool.request({
        path: '/v1/batches',
        method: 'POST',
        headers: { authorization: `Bearer ${box.token}`, 'content-type': BATCHES_CONTENT_TYPE },
        body: frameBatches([box.seal([reading])]),
      });
      const text = await answer.body.text();
      if (answer.statusCode >= 300) throw new Error(`${answer.statusCode}: ${text.slice(0, 200)}`);
    };
    progress('Temoin: 1,000 vehicles at 1 Hz');
    await drive(send, heard, signal);
    for (const socket of sockets) socket.close();
    await pool.close();
    const expected = VEHICLES * MAPS * SECONDS;
    return [
      compared(
        { key: 'box to map p99', value: percentile(heard.latencyMs, 0.99), unit: 'ms', better: 'lower', goal: 300 },
        { key: 'emit each', value: percentile(naive.latencyMs, 0.99) },
      ),
      compared(
        { key: 'box to map p50', value: percentile(heard.latencyMs, 0.5), unit: 'ms', better: 'lower' },
        { key: 'emit each', value: percentile(naive.latencyMs, 0.5) },
      ),
      compared(
        { key: 'sent to one map', value: heard.bytes / SECONDS / 1000, unit: 'kB/s', better: 'lower' },
        { key: 'emit each', value: naive.bytes / SECONDS / 1000 },
      ),
      {
        key: 'readings that reached a map (newest wins)',
        value: (heard.latencyMs.length / expected) * 100,
        unit: '%',
        better: 'higher',
      },
    ];
  } finally {
    await service.stop();
  }
};

/** Each vehicle once a second, spread evenly over it; the warm-up is forgotten. */
async function drive(send: Send, heard: Heard, signal: AbortSignal): Promise<void> {
  const startAt = performance.now();
  const under = new Set<Promise<void>>();
  const total = VEHICLES * (SECONDS + WARM_UP_S);
  for (let n = 0; n < total; n += 1) {
    signal.throwIfAborted();
    const dueMs = startAt + (n / VEHICLES) * 1000 - performance.now();
    if (dueMs > 1) await delay(dueMs);
    if (n === VEHICLES * WARM_UP_S) {
      heard.latencyMs.length = 0;
      heard.bytes = 0;
    }
    const vehicle = n % VEHICLES;
    const turn = n / VEHICLES / 60;
    const values = {
      lat: 48.5 + vehicle / 1e4 + turn / 1e3,
      lon: 7.7 + vehicle / 1e4,
      gpsSpeedKmh: 40 + (n % 30),
      courseDeg: n % 360,
      rpm: 1800,
    };
    const sent = send(vehicle, { at: Date.now(), values }).finally(() => under.delete(sent));
    under.add(sent);
  }
  await Promise.all(under);
  await delay(1000);
}

async function openMaps(
  origin: string,
  path: string,
  auth: Record<string, string>,
  join: (socket: Socket, first: boolean) => Promise<void>,
): Promise<Socket[]> {
  return Promise.all(
    Array.from({ length: MAPS }, async (_, i) => {
      const socket = io(origin, { path, transports: ['websocket'], auth, forceNew: true, extraHeaders: { origin } });
      await new Promise<void>((resolve, reject) => {
        socket.once('connect', resolve);
        socket.once('connect_error', reject);
      });
      await join(socket, i === 0);
      return socket;
    }),
  );
}

async function runNaive(signal: AbortSignal, progress: (text: string) => void): Promise<Heard> {
  progress('the rival: every reading to every map at once, nothing kept');
  const port = await freePort();
  const script = fileURLToPath(new URL('./emit-each-handler.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, String(port)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const origin = `http://127.0.0.1:${port}`;
  try {
    while (
      !(await fetch(origin).then(
        () => true,
        () => false,
      ))
    )
      await delay(100, undefined, { signal });
    const heard: Heard = { latencyMs: [], bytes: 0 };
    const sockets = await openMaps(origin, '/socket.io', {}, async (socket, first) => {
      socket.on('reading', (message: { reading: Reading }) => {
        if (first) heard.bytes += JSON.stringify(message).length;
        heard.latencyMs.push(Date.now() - message.reading.at);
      });
    });
    const pool = new Pool(origin, { connections: 48, pipelining: 1 });
    await drive(
      async (vehicle, reading) => {
        const answer = await pool.request({
          path: '/readings',
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ vehicle, reading }),
        });
        await answer.body.dump();
      },
      heard,
      signal,
    );
    for (const socket of sockets) socket.close();
    await pool.close();
    return heard;
  } finally {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
}
