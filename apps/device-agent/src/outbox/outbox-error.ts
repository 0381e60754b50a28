export type DiskProblem = 'disk_full' | 'disk_read_only' | 'disk_error';

/** The card did not take what was to be kept. Nothing of it counts as kept; the same may be tried again. */
export class OutboxError extends Error {
  readonly code: DiskProblem;

  constructor(code: DiskProblem, cause: unknown) {
    super(`${code}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'OutboxError';
    this.code = code;
  }
}

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const READ_ONLY = new Set(['EROFS', 'EACCES', 'EPERM']);

export function toOutboxError(error: unknown): OutboxError {
  if (error instanceof OutboxError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return new OutboxError(FULL.has(code) ? 'disk_full' : READ_ONLY.has(code) ? 'disk_read_only' : 'disk_error', error);
}
