import { crc32 } from 'node:zlib';

// A record on disk: length (uint32 LE) · CRC-32 of the payload (uint32 LE) · payload. A power cut leaves any prefix of what
// was being written, or holes of zeros in it; both fail here, since no payload is empty.

export const RECORD_HEADER_BYTES = 8;
/** Twice the largest batch (`BATCH_LIMITS.bytes`); a greater length is damage. */
export const MAX_PAYLOAD_BYTES = 1024 * 1024;

export function encodeRecord(payload: Uint8Array): Uint8Array {
  if (payload.length === 0 || payload.length > MAX_PAYLOAD_BYTES)
    throw new RangeError(`${payload.length} bytes of payload`);
  const bytes = new Uint8Array(RECORD_HEADER_BYTES + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, payload.length, true);
  view.setUint32(4, crc32(payload), true);
  bytes.set(payload, RECORD_HEADER_BYTES);
  return bytes;
}

export interface FoundRecord {
  readonly payload: Uint8Array;
  /** Offset behind the record. */
  readonly end: number;
}

/** The record that begins at `offset`, `undefined` when there is no whole and sound one. */
export function recordAt(bytes: Uint8Array, offset: number): FoundRecord | undefined {
  if (offset + RECORD_HEADER_BYTES > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(offset, true);
  const end = offset + RECORD_HEADER_BYTES + length;
  if (length === 0 || length > MAX_PAYLOAD_BYTES || end > bytes.length) return undefined;
  const payload = bytes.subarray(offset + RECORD_HEADER_BYTES, end);
  return crc32(payload) === view.getUint32(offset + 4, true) ? { payload, end } : undefined;
}

/**
 * Every sound record of a whole segment, in order. `soundEnd` is where the last of them ends; `damagedBytes` are bytes
 * between sound records that belong to none: there the card lost something that it had confirmed.
 */
export function scanRecords(bytes: Uint8Array): { records: FoundRecord[]; soundEnd: number; damagedBytes: number } {
  const records: FoundRecord[] = [];
  let soundEnd = 0;
  let damagedBytes = 0;
  let offset = 0;
  while (offset + RECORD_HEADER_BYTES <= bytes.length) {
    const record = recordAt(bytes, offset);
    if (record) {
      damagedBytes += offset - soundEnd;
      records.push(record);
      offset = record.end;
      soundEnd = offset;
    } else offset += 1;
  }
  return { records, soundEnd, damagedBytes };
}
