import type { ErrorCode } from '@temoin/shared/errors';

/** Codes of the API and the two that only a browser knows: nothing answered, or not in time. */
export type ClientErrorCode = ErrorCode | 'network_unreachable' | 'timeout';

/** Why a call did not give what it was asked for; the words for a person are chosen by `code`. */
export class ApiError extends Error {
  readonly code: ClientErrorCode;
  readonly status: number;
  readonly requestId: string | undefined;
  readonly retryAfterS: number | undefined;
  readonly field: string | undefined;

  constructor(
    code: ClientErrorCode,
    more: {
      status?: number;
      requestId?: string | undefined;
      retryAfterS?: number | undefined;
      field?: string | undefined;
      cause?: unknown;
    } = {},
  ) {
    super(code, { cause: more.cause });
    this.name = 'ApiError';
    this.code = code;
    this.status = more.status ?? 0;
    this.requestId = more.requestId;
    this.retryAfterS = more.retryAfterS;
    this.field = more.field;
  }

  /** Nothing answered: what is shown may come from the last copy. */
  get isOffline(): boolean {
    return this.code === 'network_unreachable' || this.code === 'timeout';
  }
}
