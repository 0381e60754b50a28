import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';
import { percentile } from './bench.ts';

export interface Upload {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array | string;
  readonly records: number;
}

export interface Sent {
  readonly recordsPerS: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const CONNECTIONS = 32;

/**
 * Sends all uploads. Without `recordsPerS` as fast as they are answered (closed loop); with it at that pace whatever the
 * answers do (open loop), times counted from when an upload was due, so that waiting in line shows.
 */
export async function sendAll(
  origin: string,
  uploads: readonly Upload[],
  signal: AbortSignal,
  recordsPerS?: number,
): Promise<Sent> {
  const pool = new Pool(origin, { connections: CONNECTIONS, pipelining: 1 });
  const timesMs: number[] = [];
  const startAt = performance.now();
  const sendOne = async (upload: Upload, dueAt: number) => {
    const answer = await pool.request({
      path: upload.path,
      method: 'POST',
      headers: upload.headers,
      body: upload.body,
    });
    const text = await answer.body.text();
    if (answer.statusCode >= 300 || text.includes('"refused"'))
      throw new Error(`${answer.statusCode}: ${text.slice(0, 300)}`);
    timesMs.push(performance.now() - dueAt);
  };
  if (recordsPerS === undefined) {
    let next = 0;
    const worker = async () => {
      for (let upload = uploads[next++]; upload; upload = uploads[next++]) {
        signal.throwIfAborted();
        await sendOne(upload, performance.now());
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  } else {
    let records = 0;
    const under: Promise<void>[] = [];
    for (const upload of uploads) {
      signal.throwIfAborted();
      const dueAt = startAt + (records / recordsPerS) * 1000;
      if (dueAt - performance.now() > 1) await delay(dueAt - performance.now());
      under.push(sendOne(upload, dueAt));
      records += upload.records;
    }
    await Promise.all(under);
  }
  const seconds = (performance.now() - startAt) / 1000;
  await pool.close();
  return {
    recordsPerS: uploads.reduce((sum, upload) => sum + upload.records, 0) / seconds,
    p50Ms: percentile(timesMs, 0.5),
    p99Ms: percentile(timesMs, 0.99),
  };
}
