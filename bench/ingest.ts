import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { frameBatches } from '@temoin/shared/codec';
import { BATCHES_CONTENT_TYPE, type Reading } from '@temoin/shared/telemetry';
import { startEmbeddedPostgres } from '../apps/api/src/stores/postgres/embedded-postgres.ts';
import { type Bench, compared, type Measure } from './bench.ts';
import { type BenchBox, enrolBoxes } from './box.ts';
import { loadDrives } from './drives.ts';
import { type Sent, sendAll, type Upload } from './send.ts';
import { freePort, type Service, startService } from './service.ts';

const BATCH = 60;
const BOXES = 64;
/** Enough for several seconds at the goal. */
const RECORDS = 360_000;
const PLAIN_RECORDS = 12_000;
const QUERYABLE_WITHIN_MS = 120_000;

/**
 * Records a second through HTTP: binary batches of 60, signed, deduplicated, in the log with fsync before the answer, while the
 * projections run beside; against a handler that parses JSON and inserts each record, on its own PostgreSQL with fsync.
 */
export const ingest: Bench = async ({ input, signal, progress }) => {
  const readings = await cycleOfReadings(input);
  const plain = await runPlain(readings, signal, progress);
  const service = await startService(progress);
  try {
    progress(`enrolling ${BOXES} boxes`);
    const boxes = await enrolBoxes(service, BOXES);
    progress(`sealing ${RECORDS} records`);
    const full = uploadsOf(boxes, readings, RECORDS);
    const half = uploadsOf(boxes, readings, RECORDS / 2);
    const startAt = performance.now();
    const closed = await sendAll(service.origin, full, signal);
    progress(`acknowledged at ${Math.round(closed.recordsPerS)} records/s; waiting for the projections`);
    await untilQueryable(service, signal);
    const queryablePerS = RECORDS / ((performance.now() - startAt) / 1000);
    const calm = await sendAll(service.origin, half, signal, closed.recordsPerS / 2);
    return measuresOf(closed, queryablePerS, calm, plain);
  } finally {
    await service.stop();
  }
};

function measuresOf(closed: Sent, queryablePerS: number, calm: Sent, plain: Sent): Measure[] {
  const against = { key: 'parse JSON, insert each', value: plain.recordsPerS };
  return [
    compared(
      {
        key: 'acknowledged, batches of 60',
        value: closed.recordsPerS,
        unit: 'records/s',
        better: 'higher',
        goal: 50_000,
      },
      against,
    ),
    compared(
      { key: 'until every projection has them', value: queryablePerS, unit: 'records/s', better: 'higher' },
      against,
    ),
    compared(
      { key: 'acknowledgement p99 at half load', value: calm.p99Ms, unit: 'ms', better: 'lower', goal: 100 },
      { key: 'plain handler, full load', value: plain.p99Ms },
    ),
    { key: 'acknowledgement p50 at half load', value: calm.p50Ms, unit: 'ms', better: 'lower' },
    { key: 'acknowledgement p99 at full load', value: closed.p99Ms, unit: 'ms', better: 'lower' },
  ];
}

/** Real values in their real order; when the drives are at an end they begin again, later. */
async function cycleOfReadings(input: string | undefined): Promise<Reading[]> {
  for await (const { drives } of loadDrives(input)) return drives.flat();
  throw new Error('no drives');
}

/** Every box its own stretch of batches, sent round and round the boxes as a fleet would. */
function uploadsOf(boxes: readonly BenchBox[], cycle: readonly Reading[], records: number): Upload[] {
  const rounds = Math.ceil(records / BATCH / boxes.length);
  const startAt = Date.now() - 24 * 3600_000 - Math.floor(Math.random() * 3600_000) * 100;
  return Array.from({ length: rounds }, (_, round) =>
    boxes.map((box, b): Upload => {
      const readings = Array.from({ length: BATCH }, (_, i) => {
        const n = round * BATCH + i;
        return { at: startAt + n * 1000, values: cycle[(n + b * 997) % cycle.length]?.values ?? {} };
      });
      return {
        path: '/v1/batches',
        headers: { authorization: `Bearer ${box.token}`, 'content-type': BATCHES_CONTENT_TYPE },
        body: frameBatches([box.seal(readings)]),
        records: BATCH,
      };
    }),
  ).flat();
}

async function untilQueryable(service: Service, signal: AbortSignal): Promise<void> {
  for (const until = Date.now() + QUERYABLE_WITHIN_MS; Date.now() < until; await delay(100)) {
    signal.throwIfAborted();
    const answer = await fetch(`${service.origin}/v1/operations/status`, {
      headers: { authorization: `Bearer ${service.operatorToken}` },
    });
    const { caughtUp } = (await answer.json()) as { caughtUp: boolean };
    if (caughtUp) return;
  }
  throw new Error('The projections did not catch up in time.');
}

async function runPlain(
  cycle: readonly Reading[],
  signal: AbortSignal,
  progress: (text: string) => void,
): Promise<Sent> {
  progress('the plain handler, on a PostgreSQL of its own');
  const folder = await mkdtemp(join(tmpdir(), 'temoin-plain-'));
  const postgres = await startEmbeddedPostgres({
    folder: join(folder, 'postgres'),
    passwordFile: join(folder, 'password'),
    database: 'plain',
  });
  const port = await freePort();
  const handler = fileURLToPath(new URL('./plain-handler.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', handler, postgres.url, String(port)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    const origin = `http://127.0.0.1:${port}`;
    while (
      !(await fetch(origin).then(
        () => true,
        () => false,
      ))
    )
      await delay(100, undefined, { signal });
    const uploads = Array.from({ length: PLAIN_RECORDS / BATCH }, (_, n): Upload => {
      const readings = Array.from({ length: BATCH }, (_, i) => ({
        at: n * BATCH + i,
        values: cycle[(n * BATCH + i) % cycle.length]?.values ?? {},
      }));
      const body = JSON.stringify({ vehicle: `v${n % BOXES}`, readings });
      return { path: '/records', headers: { 'content-type': 'application/json' }, body, records: BATCH };
    });
    return await sendAll(origin, uploads, signal);
  } finally {
    child.kill('SIGTERM');
    await once(child, 'exit');
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
