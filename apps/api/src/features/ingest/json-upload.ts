import { BATCH_LIMITS, Sequence } from '@temoin/shared/telemetry';
import * as z from 'zod';
import type { BoxIdentity } from '../../access/actor.ts';
import { AppError } from '../../http/app-error.ts';
import { type Candidate, codeOf, refused, toCandidate } from './candidate.ts';
import { guardJson, parseGuarded, UPLOAD_JSON_LIMITS } from './json-guard.ts';

// Batches in JSON, for boxes that cannot do better: authenticated by the box's token, not sealed. What is kept and hashed are
// the bytes of each batch as they were sent, so that the box can compare.

const Name = z.object({ boot: z.number().int().min(0).max(0xffff_ffff), seq: z.number() });

/** Judges every batch on its own. Throws `bad_request` when the upload as a whole is no JSON that we take. */
export function readJsonUpload(body: Uint8Array, box: BoxIdentity): Candidate[] {
  const places = guardJson(body, UPLOAD_JSON_LIMITS, 'batches');
  const upload = parseGuarded(body);
  const batches = typeof upload === 'object' && upload !== null ? (upload as { batches?: unknown }).batches : undefined;
  if (!Array.isArray(batches) || batches.length === 0)
    throw new AppError('bad_request', 'an upload holds at least one batch', { field: 'batches' });
  if (batches.length > BATCH_LIMITS.perUpload) throw new AppError('batch_too_large', 'too many batches in one upload');
  const objects = batches.filter((batch) => typeof batch === 'object' && batch !== null && !Array.isArray(batch));
  if (objects.length !== batches.length || places.length !== batches.length)
    throw new AppError('bad_request', 'a batch is an object', { field: 'batches' });
  return batches.map((batch, i) => {
    const place = places[i];
    const name = Name.safeParse(batch);
    if (!place || !name.success) return refused('batch_malformed');
    const { boot, seq } = name.data;
    if (!Sequence.safeParse(seq).success) return refused('sequence_invalid');
    const bytes = body.subarray(place.start, place.end);
    try {
      return toCandidate('json', { boxId: box.boxId, boot, seq }, bytes);
    } catch (error) {
      return refused(codeOf(error), { boot, seq });
    }
  });
}
