import { createHash } from 'node:crypto';
import { CodecError } from '@temoin/shared/codec';
import type { ErrorCode } from '@temoin/shared/errors';
import { contentsOf } from '../../projections/understand.ts';
import type { BatchForm, LoggableBatch } from '../../stores/log/batch-log.ts';

/** One batch of an upload on its way through the door: either it may be appended, or a code says why not. */
export type Candidate =
  | { readonly boot: number; readonly seq: number; readonly batch: LoggableBatch; readonly code?: undefined }
  | { readonly boot: number; readonly seq: number; readonly code: ErrorCode; readonly batch?: undefined };

/** Names a batch whose own name cannot be read: no box uses a negative start. Its place among the answers says which it was. */
const NAMELESS = { boot: -1, seq: 0 };

export const refused = (code: ErrorCode, name: { boot: number; seq: number } = NAMELESS): Candidate => ({
  boot: name.boot,
  seq: name.seq,
  code,
});

/**
 * Reads the contents (remembered for the projections) and makes the batch ready for the log. `bytes` is copied, so that a
 * batch kept in memory does not keep the whole upload. Throws `CodecError`.
 */
export function toCandidate(
  form: BatchForm,
  name: { boxId: string; boot: number; seq: number },
  bytes: Uint8Array,
  hash: Uint8Array = sha256(bytes),
): Candidate {
  const body = Buffer.from(bytes);
  const { readings, facts, unreadableReadings, refusals } = contentsOf(form, body);
  const sent = readings.length + facts.length + unreadableReadings + (refusals.row_unreadable ?? 0);
  if (sent === 0) return refused('batch_empty', name);
  const { boxId, boot, seq } = name;
  return { boot, seq, batch: { boxId, boot, seq, hash, form, body } };
}

export const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/** The code of what a codec threw; everything else is an error of ours and passes. */
export function codeOf(error: unknown): ErrorCode {
  if (error instanceof CodecError) return error.code;
  throw error;
}
