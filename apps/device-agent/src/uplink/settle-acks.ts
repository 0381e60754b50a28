import type { ErrorCode } from '@temoin/shared/errors';
import type { BatchAck } from '@temoin/shared/telemetry';
import type { WaitingBatch } from '../outbox/outbox.ts';

export interface Settlement {
  /** The first batches sent, all of which are done with: stored, stored before, or never to be taken. */
  readonly done: readonly WaitingBatch[];
  readonly refused: readonly { readonly batch: WaitingBatch; readonly code: ErrorCode }[];
  /** True when the answer cannot be believed: it confirms other bytes than ours. */
  readonly lie: boolean;
}

/** Codes that tell of the service's trouble and not of the batch: the batch is sent again. */
const PASSING: ReadonlySet<ErrorCode> = new Set([
  'overloaded',
  'too_many_requests',
  'internal_error',
  'store_unavailable',
  'box_unknown',
  'box_revoked',
  'box_token_invalid',
]);

/**
 * What an answer allows the box to forget. A batch is matched by its number and believed only with the hash of exactly our
 * bytes; the first batch without a good answer ends the row, and the rest is sent again (the service knows them by number).
 */
export function settleAcks(sent: readonly WaitingBatch[], acks: readonly BatchAck[]): Settlement {
  const byNumber = new Map(acks.map((ack) => [`${ack.boot}/${ack.seq}`, ack]));
  const done: WaitingBatch[] = [];
  const refused: { batch: WaitingBatch; code: ErrorCode }[] = [];
  for (const batch of sent) {
    const ack = byNumber.get(`${batch.header.boot}/${batch.header.seq}`);
    if (!ack) return { done, refused, lie: false };
    if (ack.outcome === 'refused') {
      const code = ack.code ?? 'bad_request';
      if (PASSING.has(code)) return { done, refused, lie: false };
      refused.push({ batch, code });
    } else if (ack.hash?.toLowerCase() !== batch.hash) return { done, refused, lie: true };
    done.push(batch);
  }
  return { done, refused, lie: false };
}
