export { CodecError } from './codec-error.ts';
export type { Compressor } from './columns.ts';
export {
  decodeBatch,
  encodeBatch,
  type OpenedBatch,
  openBatch,
  SIGNATURE_BYTES,
  withSignature,
} from './envelope.ts';
export { frameBatches, unframeBatches } from './framing.ts';
export { type Contents, readContents, writeContents } from './payload.ts';
