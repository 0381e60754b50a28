import type { Readable } from 'node:stream';

/**
 * Photos and clips, named by the SHA-256 of their bytes (hex).
 *
 * Promises: `put` resolves when the bytes are durable and their hash was checked against the name (`photo_invalid` if it
 * differs); putting the same again changes nothing. A name that is no 64-digit hex string is refused. `open` throws
 * `AppError('not_found')`. Throws `AppError('store_unavailable')` while the store is away.
 */
export interface BlobStore {
  readonly kind: 'folder' | 's3';
  put(sha256: string, bytes: Uint8Array, contentType: string): Promise<void>;
  open(sha256: string): Promise<{ stream: Readable; bytes: number; contentType: string }>;
  has(sha256: string): Promise<boolean>;
  remove(sha256s: readonly string[]): Promise<void>;
  close(): Promise<void>;
}
