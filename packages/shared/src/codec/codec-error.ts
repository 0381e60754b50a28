import type { ErrorCode } from '../errors/index.ts';

/** Why bytes are no batch. The codec throws nothing else, whatever the bytes are. */
export class CodecError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, detail?: string) {
    super(detail ? `${code}: ${detail}` : code);
    this.name = 'CodecError';
    this.code = code;
  }
}
