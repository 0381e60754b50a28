import { decodeLegacyUpload } from '@temoin/shared/legacy';
import type { BoxIdentity } from '../../access/actor.ts';
import { AppError } from '../../http/app-error.ts';
import { decodePicture } from '../../projections/contents.ts';
import type { BlobStore } from '../../stores/blobs/blob-store.ts';
import { type Candidate, codeOf, refused, sha256, toCandidate } from './candidate.ts';
import { guardJson, parseGuarded, UPLOAD_JSON_LIMITS } from './json-guard.ts';

// The upload format of the first system. It carries no number, so its contents name it: start 0, and as number the first
// 52 bits of the SHA-256 of the body. The same upload sent again, to whichever site, is the same batch; another one never
// is (2^26 uploads of one box for an even chance of one false conflict).

export const LEGACY_BOOT = 0;

/** Number of an upload of the old format, from the SHA-256 of its body. */
export const legacySequence = (hash: Uint8Array): number =>
  Number.parseInt(Buffer.from(hash).toString('hex').slice(0, 13), 16);

/** Stores the pictures, then hands over the upload as one batch. Throws `bad_request`, or `store_unavailable` (blobs). */
export async function readLegacyUpload(body: Uint8Array, box: BoxIdentity, blobs: BlobStore): Promise<Candidate> {
  guardJson(body, UPLOAD_JSON_LIMITS, '');
  const json = parseGuarded(body);
  const hash = sha256(body);
  const name = { boxId: box.boxId, boot: LEGACY_BOOT, seq: legacySequence(hash) };
  let candidate: Candidate;
  try {
    candidate = toCandidate('legacy', name, body, hash);
  } catch (error) {
    return refused(codeOf(error), name);
  }
  if (candidate.batch) {
    // Before the append: an acknowledged upload's pictures are durable. A picture without its upload harms nobody.
    for (const { jpegBase64 } of decodeLegacyUpload(json).pictures) await storePicture(jpegBase64, blobs);
  }
  return candidate;
}

async function storePicture(base64: string, blobs: BlobStore): Promise<void> {
  const picture = decodePicture(base64);
  if (!picture) return;
  try {
    await blobs.put(picture.sha256, picture.bytes, 'image/jpeg');
  } catch (error) {
    // A picture that is none is counted by whoever reads the batch; only an absent store stops the upload.
    if (!(error instanceof AppError && error.code === 'photo_invalid')) throw error;
  }
}
