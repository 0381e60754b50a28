import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { type Compressor, encodeBatch, withSignature } from '@temoin/shared/codec';
import type { ClosedBatch } from '../batching/batcher.ts';
import { hashOf } from '../outbox/outbox.ts';
import type { BoxKey } from './box-key.ts';

export const compressor: Compressor = {
  deflate: (bytes) => deflateRawSync(bytes, { level: 9 }),
  inflate: (bytes, maxBytes) => inflateRawSync(bytes, { maxOutputLength: maxBytes }),
};

/** Where a chain stands. */
export interface ChainEnd {
  readonly nextSeq: number;
  readonly previousHash: string;
}

/**
 * Numbers, chains, encodes and signs batches behind `end`. Pure: the same batches at the same end give the same bytes, so a
 * group that the disk did not take may be sealed again.
 */
export function sealBatches(
  batches: readonly ClosedBatch[],
  box: { readonly boxId: string; readonly boot: number; readonly key: BoxKey },
  end: ChainEnd,
): Uint8Array[] {
  let { nextSeq, previousHash } = end;
  return batches.map(({ readings, facts, context }) => {
    const { bootAt, clockTrust, origin } = context;
    const header = { boxId: box.boxId, boot: box.boot, seq: nextSeq, bootAt, clockTrust, origin, previousHash };
    const signed = encodeBatch({ ...header, readings, facts }, compressor);
    const bytes = withSignature(signed, box.key.sign(signed));
    nextSeq += 1;
    previousHash = hashOf(bytes);
    return bytes;
  });
}
