import * as z from 'zod';
import { METRIC_KEY_BY_ID, METRIC_KEYS, METRICS, type MetricKey } from '../metrics/index.ts';
import { BATCH_LIMITS } from '../telemetry/batch.ts';
import { Fact, type Reading } from '../telemetry/reading.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { CodecError } from './codec-error.ts';
import { type Compressor, readColumn, writeColumn } from './columns.ts';

// The contents of a batch as columns: one of instants, then one per metric with which readings have it. Columns of values that
// change slowly cost little; a metric that no reading has costs nothing. Layout, in order:
//   readings varint · [unit varint · instants column] · facts length varint · facts as JSON · metrics varint ·
//   per metric: id varint · presence (0 = every reading, else 1 and a column of gaps) · column of values

/** With 4,096 readings this bounds what a few hostile bytes can make us allocate to a million numbers. */
const MAX_METRICS = 256;
const MAX_FACTS_BYTES = 64 * 1024;
const EVERY_READING = 0;
const SOME_READINGS = 1;

export interface Contents {
  readonly readings: Reading[];
  readonly facts: Fact[];
  /** Values of metrics that this build does not know (a box newer than the service). */
  readonly unknownMetrics: number;
}

/**
 * Encodes readings relative to `base` (ms). Values are rounded to their metric's resolution; one that is no finite number is
 * a programming error here (`RangeError`): the box refuses those before.
 */
export function writeContents(
  readings: readonly Reading[],
  facts: readonly Fact[],
  base: number,
  compressor: Compressor,
): Uint8Array {
  const out = new ByteWriter();
  out.varint(readings.length);
  if (readings.length > 0) writeInstants(out, readings, base, compressor);
  const factsJson = facts.length > 0 ? new TextEncoder().encode(JSON.stringify(facts)) : new Uint8Array();
  out.varint(factsJson.length);
  out.bytes(factsJson);
  const present = METRIC_KEYS.filter((key) => readings.some((reading) => reading.values[key] !== undefined));
  present.sort((a, b) => METRICS[a].id - METRICS[b].id);
  out.varint(present.length);
  for (const key of present) writeMetric(out, key, readings, compressor);
  return out.finish();
}

function writeInstants(out: ByteWriter, readings: readonly Reading[], base: number, compressor: Compressor): void {
  const instants = readings.map((reading) => reading.at - base);
  // Most boxes sample on whole seconds: one common unit makes a regular column cost nothing.
  const unit = instants.reduce((common, at, i) => greatestCommonDivisor(common, at - (instants[i - 1] ?? 0)), 0) || 1;
  out.varint(unit);
  writeColumn(
    out,
    instants.map((at) => at / unit),
    compressor,
  );
}

function writeMetric(out: ByteWriter, key: MetricKey, readings: readonly Reading[], compressor: Compressor): void {
  const { id, scale } = METRICS[key];
  const steps: number[] = [];
  const gaps: number[] = [];
  let before = -1;
  readings.forEach((reading, i) => {
    const value = reading.values[key];
    if (value === undefined) return;
    const step = Math.round(value * scale);
    if (!Number.isSafeInteger(step)) throw new RangeError(`${key} is no number that can be sent: ${value}`);
    steps.push(step);
    gaps.push(i - before - 1);
    before = i;
  });
  out.varint(id);
  if (steps.length === readings.length) out.u8(EVERY_READING);
  else {
    out.u8(SOME_READINGS);
    out.varint(steps.length);
    writeColumn(out, gaps, compressor);
  }
  writeColumn(out, steps, compressor);
}

/** Decodes what `writeContents` wrote; any other bytes end in a `CodecError` after bounded work. */
export function readContents(bytes: Uint8Array, base: number, compressor: Compressor): Contents {
  const from = new ByteReader(bytes);
  const count = from.varint();
  if (count > BATCH_LIMITS.readings) throw new CodecError('batch_too_large', `${count} readings`);
  const instants = count > 0 ? readInstants(from, count, base, compressor) : [];
  const facts = readFacts(from);
  const metrics = from.varint();
  if (metrics > MAX_METRICS) throw new CodecError('batch_malformed', 'too many metrics');
  const values = instants.map((): { [key in MetricKey]?: number } => ({}));
  let unknownMetrics = 0;
  let lastId = 0;
  for (let i = 0; i < metrics; i += 1) {
    const id = from.varint();
    if (id <= lastId) throw new CodecError('batch_malformed', 'metrics out of order');
    lastId = id;
    const key = METRIC_KEY_BY_ID.get(id);
    const { indexes, steps } = readMetric(from, count, compressor);
    if (!key) {
      unknownMetrics += steps.length;
      continue;
    }
    const { scale } = METRICS[key];
    indexes.forEach((index, n) => {
      const target = values[index];
      if (target) target[key] = (steps[n] ?? 0) / scale;
    });
  }
  if (from.left > 0) throw new CodecError('batch_malformed', 'bytes left over');
  return { readings: instants.map((at, i) => ({ at, values: values[i] ?? {} })), facts, unknownMetrics };
}

function readInstants(from: ByteReader, count: number, base: number, compressor: Compressor): number[] {
  const unit = from.varint();
  return readColumn(from, count, compressor).map((steps) => {
    const at = base + steps * unit;
    if (!Number.isSafeInteger(at)) throw new CodecError('batch_malformed', 'an instant is out of bounds');
    return at;
  });
}

function readFacts(from: ByteReader): Fact[] {
  const length = from.varint();
  if (length === 0) return [];
  if (length > MAX_FACTS_BYTES) throw new CodecError('batch_too_large', 'facts');
  const text = from.bytes(length);
  try {
    return z
      .array(Fact)
      .max(BATCH_LIMITS.facts)
      .parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text)));
  } catch {
    throw new CodecError('batch_malformed', 'facts');
  }
}

function readMetric(
  from: ByteReader,
  count: number,
  compressor: Compressor,
): { indexes: readonly number[]; steps: number[] } {
  const presence = from.u8();
  if (presence === EVERY_READING) return { indexes: everyIndex(count), steps: readColumn(from, count, compressor) };
  if (presence !== SOME_READINGS) throw new CodecError('batch_malformed', 'unknown presence');
  const some = from.varint();
  if (some > count) throw new CodecError('batch_malformed', 'more values than readings');
  let before = -1;
  const indexes = readColumn(from, some, compressor).map((gap) => {
    before += gap + 1;
    if (gap < 0 || before >= count) throw new CodecError('batch_malformed', 'presence out of bounds');
    return before;
  });
  return { indexes, steps: readColumn(from, some, compressor) };
}

const everyIndex = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

function greatestCommonDivisor(a: number, b: number): number {
  let [big, small] = [Math.abs(a), Math.abs(b)];
  while (small > 0) [big, small] = [small, big % small];
  return big;
}
