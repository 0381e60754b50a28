import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { frameBatches } from '@temoin/shared/codec';
import { BATCHES_CONTENT_TYPE, type Reading } from '@temoin/shared/telemetry';
import { Pool } from 'undici';
import { type Bench, compared } from './bench.ts';
import { enrolBoxes, post } from './box.ts';
import { freePort, startService } from './service.ts';

const VEHICLES = 1000;
const MAPS = 20;
/** Boxes have a connection each; so many that none waits for another here. */
const CONNECTIONS = 256;
const SECONDS = 20;
/** The first seconds fill caches and are not counted. */
const WARM_UP_S = 5;

/** What the open maps heard while it counted, by `live-maps.ts`. */
interface Heard {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly readings: number;
  /** Characters of what one map was sent, as JSON. */
  readonly bytesOfOne: number;
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
    const maps = await openMaps({ origin: service.origin, kind: 'temoin', token: accessToken });
    const pool = new Pool(service.origin, { connections: CONNECTIONS, pipelining: 1 });
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
    const heard = await drive(send, maps, signal);
    await pool.close();
    const expected = VEHICLES * MAPS * SECONDS;
    return [
      compared(
        { key: 'box to map p99', value: heard.p99Ms, unit: 'ms', better: 'lower', goal: 300 },
        { key: 'emit each', value: naive.p99Ms },
      ),
      compared(
        { key: 'box to map p50', value: heard.p50Ms, unit: 'ms', better: 'lower' },
        { key: 'emit each', value: naive.p50Ms },
      ),
      compared(
        { key: 'sent to one map', value: heard.bytesOfOne / SECONDS / 1000, unit: 'kB/s', better: 'lower' },
        { key: 'emit each', value: naive.bytesOfOne / SECONDS / 1000 },
      ),
      {
        key: 'readings that reached a map (newest wins)',
        value: (heard.readings / expected) * 100,
        unit: '%',
        better: 'higher',
      },
    ];
  } finally {
    await service.stop();
  }
};

/** Each vehicle once a second, spread evenly over it; the warm-up is forgotten. */
async function drive(send: Send, maps: Maps, signal: AbortSignal): Promise<Heard> {
  const startAt = performance.now();
  const under = new Set<Promise<void>>();
  const total = VEHICLES * (SECONDS + WARM_UP_S);
  for (let n = 0; n < total; n += 1) {
    signal.throwIfAborted();
    const dueMs = startAt + (n / VEHICLES) * 1000 - performance.now();
    if (dueMs > 1) await delay(dueMs);
    if (n === VEHICLES * WARM_UP_S) maps.count();
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
  return maps.close();
}

interface Maps {
  count(): void;
  close(): Promise<Heard>;
}

/** The open maps, in a process of their own as browsers are: so the sender's work does not show as their latency. */
async function openMaps(site: { origin: string; kind: 'temoin' | 'emit-each'; token?: string }): Promise<Maps> {
  const child = fork(fileURLToPath(new URL('./live-maps.ts', import.meta.url)), { execArgv: ['--import', 'tsx'] });
  const said = () => once(child, 'message') as Promise<[unknown]>;
  child.send({ ...site, maps: MAPS });
  await Promise.race([said(), once(child, 'exit').then(() => Promise.reject(new Error('The maps did not open.')))]);
  return {
    count: () => child.send('count'),
    async close() {
      child.send('close');
      const [heard] = await said();
      return heard as Heard;
    },
  };
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
    const maps = await openMaps({ origin, kind: 'emit-each' });
    const pool = new Pool(origin, { connections: CONNECTIONS, pipelining: 1 });
    const heard = await drive(
      async (vehicle, reading) => {
        const answer = await pool.request({
          path: '/readings',
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ vehicle, reading }),
        });
        await answer.body.dump();
      },
      maps,
      signal,
    );
    await pool.close();
    return heard;
  } finally {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
}
