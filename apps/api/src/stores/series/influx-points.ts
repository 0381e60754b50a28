import { InfluxDB, escape as lineEscape, setLogger, toFluxValue } from '@influxdata/influxdb-client';
import { AppError } from '../../http/app-error.ts';
import type { InfluxSettings } from './influx-server.ts';
import { columnOf, toStep } from './metric-columns.ts';
import type { StoredReading } from './series-store.ts';

export const READINGS = 'reading';
export const CURSOR = 'cursor';

/** Points in one request: well below the 25 MB that InfluxDB 1.8 takes, whatever a reading holds. */
const POINTS_PER_REQUEST = 10_000;
const WRITE_TIMEOUT_MS = 30_000;
const QUERY_TIMEOUT_MS = 60_000;

export interface InfluxPoints {
  /** Where to read from, as a Flux literal. */
  readonly bucket: string;
  /** Resolves when every line is durable, in requests of bounded size one after the other; else `store_unavailable`. */
  write(lines: readonly string[]): Promise<void>;
  /** Runs Flux and hands over each row as an object by column; `store_unavailable` on any failure. */
  query(flux: string, onRow: (row: Record<string, string>) => void): Promise<void>;
}

// The client would print every failure; here each is thrown, and logged where it is dealt with.
setLogger({ error: () => {}, warn: () => {} });

/** Lines and rows through the official client. */
export function createInfluxPoints({ url, token, org, bucket }: InfluxSettings): InfluxPoints {
  const writing = new InfluxDB({ url, token, timeout: WRITE_TIMEOUT_MS });
  const querying = new InfluxDB({ url, token, timeout: QUERY_TIMEOUT_MS }).getQueryApi(org);

  const writeOnce = async (lines: readonly string[]): Promise<void> => {
    // The client's batching and retries lose points without a word (a flush resolves while earlier requests have failed). So:
    // a new WriteApi for each request, nothing sent by timer, no retry, one flush = one request, and its failure is ours.
    let failure: unknown;
    const api = writing.getWriteApi(org, bucket, 'ns', {
      maxRetries: 0,
      flushInterval: 0,
      batchSize: lines.length + 1,
      maxBatchBytes: Number.MAX_SAFE_INTEGER,
      writeFailed: (error) => {
        failure = error;
      },
    });
    try {
      api.writeRecords([...lines]);
      await api.flush();
    } catch (error) {
      failure ??= error;
    } finally {
      // Nothing is left to send; closing only lets go of its timers.
      await api.close().catch(() => {});
    }
    if (failure) throw away(failure);
  };

  return {
    bucket: toFluxValue(bucket),
    write: async (lines) => {
      for (let i = 0; i < lines.length; i += POINTS_PER_REQUEST)
        await writeOnce(lines.slice(i, i + POINTS_PER_REQUEST));
    },
    query: (flux, onRow) =>
      new Promise((resolve, reject) => {
        let failed = false;
        querying.queryRows(flux, {
          next: (values, meta) => {
            if (failed) return;
            const row: Record<string, string> = {};
            // An empty cell stands for the column's default, by which results are named.
            for (const { label, index, defaultValue } of meta.columns) row[label] = values[index] || defaultValue;
            onRow(row);
          },
          error: (error) => {
            failed = true;
            reject(away(error));
          },
          complete: () => resolve(),
        });
      }),
  };
}

/** A reading as a line: its steps and its name as whole-number fields, its time as milliseconds and slot. */
export function lineOf({ vehicleId, boxId, boot, seq, index, reading }: StoredReading, slot: number): string {
  let fields = `boot=${boot}i,seq=${seq}i,index=${index}i`;
  for (const key in reading.values) {
    const value = reading.values[key as keyof typeof reading.values];
    if (value === undefined) continue;
    const column = columnOf(key as keyof typeof reading.values);
    fields += `,${column.name}=${toStep(column, value)}i`;
  }
  return `${READINGS},box=${lineEscape.tag(boxId)},vehicle=${lineEscape.tag(vehicleId)} ${fields} ${nanoseconds(reading.at, slot)}`;
}

/** The cursor as a line. Always the same point, so that the newest replaces the one before. */
export const cursorLine = (cursor: bigint): string => `${CURSOR} position="${cursor}" ${nanoseconds(1000, 0)}`;

/** Milliseconds and slot as the digits of nanoseconds, without a big integer. */
export const nanoseconds = (ms: number, slot: number): string =>
  ms === 0 ? String(slot) : `${ms}${String(slot).padStart(6, '0')}`;

/** An RFC 3339 time as Flux prints it (fraction of 0 to 9 digits) as milliseconds and slot. */
export function parseTime(text: string): { at: number; slot: number } {
  const fraction = /\.(\d+)/.exec(text)?.[1]?.padEnd(9, '0') ?? '000000000';
  return { at: Date.parse(`${text.slice(0, 19)}Z`) + Number(fraction.slice(0, 3)), slot: Number(fraction.slice(3)) };
}

/** A time for Flux, from ms (clamped to what InfluxDB can hold). */
export function fluxTime(ms: number): string {
  return new Date(Math.min(Math.max(Math.ceil(ms), 0), LAST_MS)).toISOString();
}
const LAST_MS = Date.UTC(2262, 0, 1);

const away = (cause: unknown): AppError =>
  cause instanceof AppError
    ? cause
    : new AppError('store_unavailable', `InfluxDB: ${cause instanceof Error ? cause.message.slice(0, 300) : cause}`, {
        cause,
      });
