import { type OpenedBatch, openBatch } from '@temoin/shared/codec';
import { BATCH_LIMITS } from '@temoin/shared/telemetry';
import type { BoxIdentity } from '../../access/actor.ts';
import { AppError } from '../../http/app-error.ts';
import { type Candidate, codeOf, refused, toCandidate } from './candidate.ts';
import type { SignatureCheck } from './signature.ts';

// The usual door: framed binary batches. Cheap checks first; nothing is inflated before the signature is known to be the
// box's own, so that only a box that we know can make us work.

/** Judges every batch of an upload on its own. Throws `batch_empty` when there is none, `batch_too_large` for too many. */
export function readBinaryUpload(body: Uint8Array, box: BoxIdentity, check: SignatureCheck): Promise<Candidate[]> {
  return Promise.all(splitFrames(body).map((frame) => (frame ? admit(frame, box, check) : refused('batch_truncated'))));
}

/** Frames as views; a last one that is cut short is undefined, those before it are good. */
function splitFrames(body: Uint8Array): (Uint8Array | undefined)[] {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const frames: (Uint8Array | undefined)[] = [];
  let from = 0;
  while (from < body.length) {
    if (frames.length === BATCH_LIMITS.perUpload)
      throw new AppError('batch_too_large', 'too many batches in one upload');
    const start = from + 4;
    const end = start <= body.length ? start + view.getUint32(from, true) : Number.POSITIVE_INFINITY;
    frames.push(end <= body.length ? body.subarray(start, end) : undefined);
    from = end;
  }
  if (frames.length === 0) throw new AppError('batch_empty', 'an upload holds at least one batch');
  return frames;
}

async function admit(frame: Uint8Array, box: BoxIdentity, check: SignatureCheck): Promise<Candidate> {
  let opened: OpenedBatch;
  try {
    opened = openBatch(frame);
  } catch (error) {
    return refused(codeOf(error));
  }
  const { header, signed, signature } = opened;
  if (header.boxId !== box.boxId) return refused('batch_foreign_box', header);
  if (!box.publicKeyX || !(await check(box.publicKeyX, signed, signature))) return refused('signature_invalid', header);
  try {
    return toCandidate('binary', header, frame);
  } catch (error) {
    return refused(codeOf(error), header);
  }
}
