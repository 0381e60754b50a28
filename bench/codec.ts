import { deflateRawSync, gzipSync, inflateRawSync } from 'node:zlib';
import {
  type Compressor,
  decodeBatch,
  encodeBatch,
  openBatch,
  withSignature,
  writeContents,
} from '@temoin/shared/codec';
import { type Batch, NO_PREVIOUS_HASH, type Reading } from '@temoin/shared/telemetry';
import { type Bench, compared, type Measure } from './bench.ts';
import { encodeBitmap } from './bitmap-codec.ts';
import { loadDrives } from './drives.ts';

const compressor: Compressor = {
  deflate: (bytes) => deflateRawSync(bytes, { level: 9 }),
  inflate: (bytes, maxBytes) => inflateRawSync(bytes, { maxOutputLength: maxBytes }),
};

/** Records a batch → goal in bytes a record (columns alone, as the rivals are given). */
const SIZES = [{ records: 5 }, { records: 12 }, { records: 60, goal: 16.5 }, { records: 600, goal: 14.5 }];

/** Bytes a record by batch size, for every set of drives on its own. Only whole batches count. */
export const codec: Bench = async ({ input, progress, signal }) => {
  const measures: Measure[] = [];
  for await (const { name, drives } of loadDrives(input)) {
    for (const { records, goal } of SIZES) {
      signal.throwIfAborted();
      const batches = drives.flatMap((readings) => wholeBatches(readings, records));
      if (batches.length === 0) continue;
      progress(`${name}: ${batches.length} batches of ${records}`);
      measures.push(...measureSize(`${name} @${records}`, batches, goal));
    }
    const batches = drives.flatMap((readings) => wholeBatches(readings, 60));
    if (batches.length > 0) measures.push(...measureSpeed(name, batches));
  }
  return measures;
};

function wholeBatches(readings: readonly Reading[], records: number): Batch[] {
  const batches: Batch[] = [];
  for (let i = 0; i + records <= readings.length; i += records) {
    batches.push({
      boxId: '0b8e7a52-6c1d-4f3e-9a70-1d2c3b4a5f60',
      boot: 1,
      seq: batches.length,
      bootAt: readings[0]?.at ?? 0,
      clockTrust: 'gps',
      origin: 'replayed',
      previousHash: NO_PREVIOUS_HASH,
      readings: readings.slice(i, i + records),
      facts: [],
    });
  }
  return batches;
}

function measureSize(key: string, batches: readonly Batch[], goal: number | undefined): Measure[] {
  const records = batches.reduce((sum, batch) => sum + batch.readings.length, 0);
  const mean = (bytesOf: (batch: Batch) => number) => batches.reduce((sum, batch) => sum + bytesOf(batch), 0) / records;
  const json = (batch: Batch) => Buffer.from(JSON.stringify(batch.readings));
  const ours = {
    key: `${key} records`,
    value: mean((batch) => writeContents(batch.readings, batch.facts, batch.bootAt, compressor).length),
    unit: 'B/record',
    better: 'lower' as const,
    ...(goal === undefined ? {} : { goal }),
  };
  return [
    compared(ours, { key: 'bitmap', value: mean((batch) => encodeBitmap(batch.readings).length) }),
    compared(
      { ...ours, key: `${key} · beside JSON+gzip` },
      { key: 'JSON+gzip', value: mean((batch) => gzipSync(json(batch), { level: 9 }).length) },
    ),
    compared({ ...ours, key: `${key} · beside JSON` }, { key: 'JSON', value: mean((batch) => json(batch).length) }),
    {
      key: `${key} with envelope and signature`,
      value: mean((batch) => encodeBatch(batch, compressor).length + 64),
      unit: 'B/record',
      better: 'lower',
    },
  ];
}

function measureSpeed(name: string, batches: readonly Batch[]): Measure[] {
  const records = batches.reduce((sum, batch) => sum + batch.readings.length, 0);
  const microseconds = (work: () => void) => {
    const start = performance.now();
    work();
    return ((performance.now() - start) * 1000) / records;
  };
  const signature = new Uint8Array(64);
  let encoded = batches.map((batch) => withSignature(encodeBatch(batch, compressor), signature));
  const encodeUs = microseconds(() => {
    encoded = batches.map((batch) => withSignature(encodeBatch(batch, compressor), signature));
  });
  const decodeUs = microseconds(() => {
    for (const bytes of encoded) decodeBatch(openBatch(bytes), compressor);
  });
  const texts = batches.map((batch) => gzipSync(JSON.stringify(batch.readings)));
  const gzipUs = microseconds(() => {
    for (const batch of batches) gzipSync(JSON.stringify(batch.readings), { level: 9 });
  });
  const gunzipUs = microseconds(() => {
    for (const text of texts) JSON.parse(inflateRawSync(text.subarray(10, -8)).toString());
  });
  return [
    compared(
      { key: `${name} encode @60`, value: encodeUs, unit: 'µs/record', better: 'lower' },
      { key: 'JSON+gzip', value: gzipUs },
    ),
    compared(
      { key: `${name} decode @60`, value: decodeUs, unit: 'µs/record', better: 'lower' },
      { key: 'JSON+gzip', value: gunzipUs },
    ),
  ];
}
