import { BitReader, BitWriter, RiceState, readRice, writeRice } from './bits.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { CodecError } from './codec-error.ts';

// One column of whole numbers: what differs from a prediction, coded in the cheapest of a few ways. Every way is exact, so the
// choice is only one of size, and the column says which it is.

/** How the next number is foreseen from those before it. */
const PREDICTIONS = ['none', 'last', 'line'] as const;
type Prediction = (typeof PREDICTIONS)[number];
/** How the differences are written: all equal; LEB128 bytes deflated; Rice bits; Rice bits with runs of zeros. */
const CODINGS = ['constant', 'deflate', 'rice', 'runs'] as const;
type Coding = (typeof CODINGS)[number];

/** Sums beyond this could leave the whole numbers that a double holds. */
const LARGEST = 2 ** 50;

const zigzag = (value: number): number => (value < 0 ? -value * 2 - 1 : value * 2);
const unzigzag = (value: number): number => (value % 2 === 0 ? value / 2 : -(value + 1) / 2);

function predict(kind: Prediction, last: number, beforeLast: number, index: number): number {
  if (kind === 'none' || index === 0) return 0;
  if (kind === 'last' || index === 1) return last;
  return 2 * last - beforeLast;
}

function residuals(values: readonly number[], kind: Prediction): number[] {
  return values.map((value, i) => zigzag(value - predict(kind, values[i - 1] ?? 0, values[i - 2] ?? 0, i)));
}

/** Raw deflate (RFC 1951), handed in so that this package runs in browsers too. `inflate` must throw beyond `maxBytes`. */
export interface Compressor {
  deflate(bytes: Uint8Array): Uint8Array;
  inflate(bytes: Uint8Array, maxBytes: number): Uint8Array;
}

/** Below this many bytes of Rice bits deflate never pays for its own tables, and trying it costs most of the time. */
const DEFLATE_FROM_BYTES = 150;
/** A LEB128 number of ours has at most eight bytes: what a column may inflate to. */
const LARGEST_VARINT = 8;

/** Writes `values` (whole, |v| ≤ 2^50) in the smallest form. */
export function writeColumn(out: ByteWriter, values: readonly number[], compressor: Compressor): void {
  const first = values[0] ?? 0;
  if (values.every((value) => value === first)) {
    writeHead(out, 'none', 'constant');
    out.varint(zigzag(first));
    return;
  }
  // The prediction whose differences are smallest on the whole; trying all of them in full costs more than it gains.
  const [kind, rest] = PREDICTIONS.map((name) => [name, residuals(values, name)] as const).reduce((best, next) =>
    roughBits(next[1]) < roughBits(best[1]) ? next : best,
  );
  const { coding, body } = smallestBody(rest, compressor);
  writeHead(out, kind, coding);
  out.bytes(body);
}

function smallestBody(rest: readonly number[], compressor: Compressor): { coding: Coding; body: Uint8Array } {
  const bodies: { coding: Coding; body: Uint8Array }[] = [{ coding: 'rice', body: riceBody(rest) }];
  if (mostlyZero(rest)) bodies.push({ coding: 'runs', body: runsBody(rest) });
  if (bodies.every(({ body }) => body.length >= DEFLATE_FROM_BYTES))
    bodies.push({ coding: 'deflate', body: deflateBody(rest, compressor) });
  return bodies.reduce((best, next) => (next.body.length < best.body.length ? next : best));
}

/** About how many bits the differences take; the first is the same for all predictions. */
function roughBits(rest: readonly number[]): number {
  let bits = 0;
  for (let i = 1; i < rest.length; i += 1) bits += Math.log2((rest[i] ?? 0) + 1);
  return bits;
}

/** Runs can only win where at least a third of the differences are nothing. */
const mostlyZero = (rest: readonly number[]): boolean => rest.filter((value) => value === 0).length * 3 >= rest.length;

export function readColumn(from: ByteReader, count: number, compressor: Compressor): number[] {
  const head = from.u8();
  const kind = PREDICTIONS[head >> 4];
  const coding = CODINGS[head & 15];
  if (!kind || !coding) throw new CodecError('batch_malformed', 'unknown column form');
  if (coding === 'constant') {
    const value = unzigzag(from.varint());
    return new Array<number>(count).fill(value);
  }
  const rest = coding === 'deflate' ? readDeflated(from, count, compressor) : readPacked(from, count, coding);
  const values: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const value = predict(kind, values[i - 1] ?? 0, values[i - 2] ?? 0, i) + unzigzag(rest[i] ?? 0);
    if (Math.abs(value) > LARGEST) throw new CodecError('batch_malformed', 'a column runs away');
    values.push(value);
  }
  return values;
}

function writeHead(out: ByteWriter, kind: Prediction, coding: Coding): void {
  out.u8((PREDICTIONS.indexOf(kind) << 4) | CODINGS.indexOf(coding));
}

function deflateBody(rest: readonly number[], compressor: Compressor): Uint8Array {
  const numbers = new ByteWriter();
  for (const value of rest) numbers.varint(value);
  const deflated = compressor.deflate(numbers.finish());
  const out = new ByteWriter();
  out.varint(deflated.length);
  out.bytes(deflated);
  return out.finish();
}

function readDeflated(from: ByteReader, count: number, compressor: Compressor): number[] {
  const numbers = new ByteReader(inflate(from.bytes(from.varint()), count * LARGEST_VARINT, compressor));
  const rest = Array.from({ length: count }, () => numbers.varint());
  if (numbers.left > 0) throw new CodecError('batch_malformed', 'bytes left over in a column');
  return rest;
}

function inflate(bytes: Uint8Array, maxBytes: number, compressor: Compressor): Uint8Array {
  try {
    return compressor.inflate(bytes, maxBytes);
  } catch (error) {
    // Node names a result above the limit ERR_BUFFER_TOO_LARGE; everything else is no deflate stream.
    const tooLarge = (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE';
    throw new CodecError(tooLarge ? 'batch_too_large' : 'batch_corrupt', 'a column does not inflate');
  }
}

/** First Rice parameter: that of the mean of all but the first value, which is as large as the quantity itself. */
function firstParameter(values: readonly number[]): number {
  const mean = values.slice(1).reduce((sum, value) => sum + value, 0) / Math.max(1, values.length - 1);
  return Math.min(40, Math.max(0, Math.ceil(Math.log2(mean + 1e-9))));
}

function riceBody(rest: readonly number[]): Uint8Array {
  const k = firstParameter(rest);
  const bits = new BitWriter();
  const state = new RiceState(k);
  for (const value of rest.slice(1)) writeRice(bits, state, value);
  return packedBody(rest[0] ?? 0, [k], bits);
}

/** Values that mostly repeat: lengths of runs of zeros, and the values between them. */
function runsBody(rest: readonly number[]): Uint8Array {
  const runs: number[] = [];
  const values: number[] = [];
  let run = 0;
  for (const value of rest.slice(1)) {
    if (value === 0) run += 1;
    else {
      runs.push(run);
      values.push(value - 1);
      run = 0;
    }
  }
  const kRun = firstParameter([0, ...runs]);
  const kValue = firstParameter([0, ...values]);
  const bits = new BitWriter();
  const runState = new RiceState(kRun);
  const valueState = new RiceState(kValue);
  values.forEach((value, i) => {
    writeRice(bits, runState, runs[i] ?? 0);
    writeRice(bits, valueState, value);
  });
  // A last run that reaches the end needs no value behind it.
  if (run > 0) writeRice(bits, runState, run);
  return packedBody(rest[0] ?? 0, [kRun, kValue], bits);
}

function packedBody(first: number, parameters: readonly number[], bits: BitWriter): Uint8Array {
  const out = new ByteWriter();
  out.varint(first);
  for (const k of parameters) out.u8(k);
  out.bytes(bits.finish());
  return out.finish();
}

function readPacked(from: ByteReader, count: number, coding: 'rice' | 'runs'): number[] {
  const values = [from.varint()];
  const first = new RiceState(readParameter(from));
  const second = coding === 'runs' ? new RiceState(readParameter(from)) : undefined;
  const bits = new BitReader(from.rest());
  while (values.length < count) {
    if (!second) {
      values.push(readRice(bits, first));
      continue;
    }
    const run = readRice(bits, first);
    if (run > count - values.length) throw new CodecError('batch_malformed', 'a run is too long');
    for (let i = 0; i < run; i += 1) values.push(0);
    if (values.length < count) values.push(readRice(bits, second) + 1);
  }
  from.bytes(bits.bytesRead);
  return values;
}

function readParameter(from: ByteReader): number {
  const k = from.u8();
  if (k > 40) throw new CodecError('batch_malformed', 'unknown Rice parameter');
  return k;
}
