import { NO_PREVIOUS_HASH } from '@temoin/shared/telemetry';
import * as z from 'zod';
import type { Bookmarks } from '../sensors/sensor.ts';

// What a record of the outbox holds: kind (1 byte) · length of the note (uint16 LE) · note as JSON · body. The note is what the
// box has to remember about a batch and the service need not know.

const KINDS = ['checkpoint', 'batch', 'photo'] as const;
export type EntryKind = (typeof KINDS)[number];

const BookmarksNote = z.record(z.string(), z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])));

/** Where the chain stands: of a checkpoint, before the next batch; derived after each batch. */
export const ChainHead = z.object({
  boot: z.number().int().default(0),
  nextSeq: z.number().int().default(0),
  previousHash: z.string().default(NO_PREVIOUS_HASH),
  /** Readings sealed in all batches so far. */
  totalReadings: z.number().int().default(0),
  /** Up to where each source is safe. */
  bookmarks: BookmarksNote.default({}),
});
export type ChainHead = z.infer<typeof ChainHead>;

export const BatchNote = z.object({ readings: z.number().int().default(0), bookmarks: BookmarksNote.default({}) });
export interface BatchNote {
  readonly readings: number;
  readonly bookmarks?: Bookmarks;
}

export interface Entry {
  readonly kind: EntryKind;
  readonly note: unknown;
  readonly body: Uint8Array;
}

const HEADER_BYTES = 3;

export function encodeEntry(kind: EntryKind, note: object, body: Uint8Array = new Uint8Array()): Uint8Array {
  const json = Buffer.from(JSON.stringify(note));
  if (json.length > 0xffff) throw new RangeError('a note of more than 64 KB');
  const head = Buffer.alloc(HEADER_BYTES);
  head.writeUInt8(KINDS.indexOf(kind), 0);
  head.writeUInt16LE(json.length, 1);
  return Buffer.concat([head, json, body]);
}

/** Undefined for a kind that this build does not know, or a note that is no JSON. */
export function decodeEntry(payload: Uint8Array): Entry | undefined {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  const kind = KINDS[bytes[0] ?? 255];
  if (!kind || bytes.length < HEADER_BYTES) return undefined;
  const bodyFrom = HEADER_BYTES + bytes.readUInt16LE(1);
  try {
    return { kind, note: JSON.parse(bytes.toString('utf8', HEADER_BYTES, bodyFrom)), body: bytes.subarray(bodyFrom) };
  } catch {
    return undefined;
  }
}
