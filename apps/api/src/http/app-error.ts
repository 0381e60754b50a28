import type { ErrorCode } from '@temoin/shared/errors';

/** What went wrong, as a code. `message` is for people who read an answer by hand; pages choose their own words by the code. */
export class AppError extends Error {
  readonly code: ErrorCode;
  /** Path of the offending input, for example `readings.3.at`. */
  readonly field: string | undefined;
  readonly retryAfterS: number | undefined;

  constructor(
    code: ErrorCode,
    message?: string,
    options: { field?: string; retryAfterS?: number; cause?: unknown } = {},
  ) {
    super(message ?? code, { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.field = options.field;
    this.retryAfterS = options.retryAfterS;
  }
}
