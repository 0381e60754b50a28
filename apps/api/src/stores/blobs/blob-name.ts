import { createHash } from 'node:crypto';
import { AppError } from '../../http/app-error.ts';

/** Throws `bad_request` unless the name is 64 hex digits: so a name can never lead out of its folder or bucket. */
export function checkName(sha256: string): void {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new AppError('bad_request', 'A blob is named by 64 hex digits');
}

/** Throws `photo_invalid` unless the bytes have this hash. */
export function checkBytes(sha256: string, bytes: Uint8Array): void {
  checkName(sha256);
  const hash = createHash('sha256').update(bytes).digest('hex');
  if (hash !== sha256) throw new AppError('photo_invalid', `The bytes have another hash: ${hash}`);
}
