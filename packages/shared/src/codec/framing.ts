import { BATCH_LIMITS } from '../telemetry/batch.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { CodecError } from './codec-error.ts';

/** The body of an upload: batches one after the other, each behind its length as uint32 little-endian. */
export function frameBatches(batches: readonly Uint8Array[]): Uint8Array {
  const out = new ByteWriter();
  for (const batch of batches) {
    out.u32(batch.length);
    out.bytes(batch);
  }
  return out.finish();
}

/** Views into `body`. Throws `batch_truncated`, `batch_too_large`, or `batch_empty` when there is none. */
export function unframeBatches(body: Uint8Array): Uint8Array[] {
  const from = new ByteReader(body);
  const batches: Uint8Array[] = [];
  while (from.left > 0) {
    if (batches.length === BATCH_LIMITS.perUpload)
      throw new CodecError('batch_too_large', 'too many batches in one upload');
    batches.push(from.bytes(from.u32()));
  }
  if (batches.length === 0) throw new CodecError('batch_empty');
  return batches;
}
