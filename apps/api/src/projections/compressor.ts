import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Compressor } from '@temoin/shared/codec';

/** Raw deflate by Node. `inflate` stops at `maxBytes`: what a bomb would become is never held. */
export const nodeCompressor: Compressor = {
  deflate: (bytes) => deflateRawSync(bytes, { level: 9 }),
  inflate: (bytes, maxBytes) => inflateRawSync(bytes, { maxOutputLength: maxBytes }),
};
