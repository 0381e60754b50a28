export { CodecError } from './codec-error.ts';
export {
  type Compressor,
  decodeBatch,
  encodeBatch,
  type OpenedBatch,
  openBatch,
  SIGNATURE_BYTES,
  smallestContents,
  withSignature,
} from './envelope.ts';
export { frameBatches, unframeBatches } from './framing.ts';
export { type Contents, readContents, writeContents } from './payload.ts';
