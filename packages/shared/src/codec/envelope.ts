import { BATCH_LIMITS, type Batch, type BatchHeader, ClockTrust, Origin } from '../telemetry/batch.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { CodecError } from './codec-error.ts';
import type { Compressor } from './columns.ts';
import { crc32 } from './crc32.ts';
import { type Contents, readContents, writeContents } from './payload.ts';

// The batch as it travels and as it is kept for ever:
//   'TM' · version 1 · flags · box id 16 · boot varint · seq varint · boot time varint (ms) · previous hash 32 ·
//   readings varint · contents length varint · contents · CRC-32 of all before · Ed25519 signature 64 of all before
// Flags: bits 0–1 clock trust, bits 2–3 origin, the others 0.

const MAGIC = [0x54, 0x4d] as const;
const VERSION = 1;
export const SIGNATURE_BYTES = 64;
const HASH_BYTES = 32;

export interface OpenedBatch {
  readonly header: BatchHeader;
  readonly readingCount: number;
  readonly contents: Uint8Array;
  /** What the signature covers. */
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
}

/** The part of a batch that is signed. */
export function encodeBatch(batch: Batch, compressor: Compressor): Uint8Array {
  const contents = writeContents(batch.readings, batch.facts, batch.bootAt, compressor);
  const out = new ByteWriter();
  for (const byte of MAGIC) out.u8(byte);
  out.u8(VERSION);
  out.u8(ClockTrust.options.indexOf(batch.clockTrust) | (Origin.options.indexOf(batch.origin) << 2));
  out.bytes(fromHex(batch.boxId.replaceAll('-', ''), 16));
  out.varint(batch.boot);
  out.varint(batch.seq);
  out.varint(batch.bootAt);
  out.bytes(fromHex(batch.previousHash, HASH_BYTES));
  out.varint(batch.readings.length);
  out.varint(contents.length);
  out.bytes(contents);
  const body = out.finish();
  out.u32(crc32(body));
  return out.finish();
}

export function withSignature(signed: Uint8Array, signature: Uint8Array): Uint8Array {
  if (signature.length !== SIGNATURE_BYTES) throw new RangeError('an Ed25519 signature has 64 bytes');
  const whole = new Uint8Array(signed.length + SIGNATURE_BYTES);
  whole.set(signed);
  whole.set(signature, signed.length);
  return whole;
}

/** Reads the envelope, cheaply; says nothing about the signature. Throws `CodecError`. */
export function openBatch(bytes: Uint8Array): OpenedBatch {
  if (bytes.length > BATCH_LIMITS.bytes) throw new CodecError('batch_too_large', `${bytes.length} bytes`);
  const from = new ByteReader(bytes);
  if (from.u8() !== MAGIC[0] || from.u8() !== MAGIC[1]) throw new CodecError('batch_malformed', 'this is no batch');
  const version = from.u8();
  if (version !== VERSION) throw new CodecError('batch_version_unknown', `version ${version}`);
  const flags = from.u8();
  const clockTrust = ClockTrust.options[flags & 3];
  const origin = Origin.options[(flags >> 2) & 3];
  const boxId = toUuid(from.bytes(16));
  const boot = from.varint();
  const seq = from.varint();
  const bootAt = from.varint();
  const previousHash = toHex(from.bytes(HASH_BYTES));
  const readingCount = from.varint();
  const contents = from.bytes(from.varint());
  const body = bytes.subarray(0, from.position);
  const crc = from.u32();
  const signed = bytes.subarray(0, from.position);
  const signature = from.bytes(SIGNATURE_BYTES);
  if (from.left > 0) throw new CodecError('batch_malformed', 'bytes left over');
  if (crc !== crc32(body)) throw new CodecError('batch_corrupt');
  if (!clockTrust || !origin || flags >> 4) throw new CodecError('batch_malformed', 'unknown flags');
  if (boot > 0xffff_ffff) throw new CodecError('batch_malformed', 'boot number');
  if (readingCount > BATCH_LIMITS.readings) throw new CodecError('batch_too_large', `${readingCount} readings`);
  const header = { boxId, boot, seq, bootAt, clockTrust, origin, previousHash };
  return { header, readingCount, contents, signed, signature };
}

/** The readings and facts of an opened batch. Throws `CodecError`; work and memory are bounded by `BATCH_LIMITS`. */
export function decodeBatch(opened: OpenedBatch, compressor: Compressor): Contents {
  const contents = readContents(opened.contents, opened.header.bootAt, compressor);
  if (contents.readings.length !== opened.readingCount) throw new CodecError('batch_malformed', 'reading count');
  return contents;
}

const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

function fromHex(hex: string, length: number): Uint8Array {
  if (!new RegExp(`^[0-9a-f]{${length * 2}}$`).test(hex)) throw new RangeError(`not ${length} bytes in hex: ${hex}`);
  return Uint8Array.from({ length }, (_, i) => Number.parseInt(hex.slice(i * 2, i * 2 + 2), 16));
}

function toUuid(bytes: Uint8Array): string {
  const hex = toHex(bytes);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
