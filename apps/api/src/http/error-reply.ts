import type { ErrorBody, ErrorCode } from '@temoin/shared/errors';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { isDatabaseAway } from '../stores/postgres/pool.ts';
import { AppError } from './app-error.ts';

// From a code to a status, in one table: a code without a status does not compile. What we did not expect is told to the log
// in full and to the asker not at all.

export const STATUS = {
  bad_request: 400,
  not_found: 404,
  method_not_allowed: 405,
  payload_too_large: 413,
  unsupported_media_type: 415,
  too_many_requests: 429,
  overloaded: 503,
  internal_error: 500,
  store_unavailable: 503,
  conflict: 409,
  not_signed_in: 401,
  credentials_wrong: 401,
  session_ended: 401,
  forbidden: 403,
  origin_refused: 403,
  box_unknown: 401,
  box_revoked: 403,
  box_token_invalid: 401,
  enrolment_code_invalid: 403,
  legacy_key_invalid: 401,
  batch_truncated: 400,
  batch_corrupt: 400,
  batch_version_unknown: 400,
  batch_too_large: 413,
  batch_empty: 400,
  batch_foreign_box: 403,
  batch_malformed: 400,
  signature_invalid: 400,
  chain_broken: 409,
  sequence_invalid: 400,
  sequence_conflict: 409,
  time_out_of_range: 400,
  time_in_future: 400,
  clock_unknown: 400,
  metric_unknown: 400,
  value_not_a_number: 400,
  value_out_of_range: 400,
  position_implausible: 400,
  reading_empty: 400,
  row_unreadable: 400,
  photo_invalid: 400,
} as const satisfies Record<ErrorCode, number>;

/** The framework's own refusals in our words. */
const FASTIFY_CODES: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'payload_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_INVALID_JSON_BODY: 'bad_request',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'bad_request',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'bad_request',
  FST_ERR_NOT_FOUND: 'not_found',
  FST_UNDER_PRESSURE: 'overloaded',
};

/** Any thrown thing as a code with what may be said about it. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const first = error.validation[0];
    const field = (first?.instancePath ?? '').replace(/^\//, '').replaceAll('/', '.');
    return new AppError('bad_request', first?.message ?? 'The request does not have the expected shape', {
      ...(field !== '' && { field }),
      cause: error,
    });
  }
  if (isDatabaseAway(error)) {
    return new AppError('store_unavailable', 'The database does not answer', { cause: error, retryAfterS: 5 });
  }
  const { code, statusCode } = error as Partial<FastifyError>;
  const known = FASTIFY_CODES[code ?? ''];
  if (known)
    return new AppError(known, messageOf(known), { cause: error, ...(known === 'overloaded' && { retryAfterS: 5 }) });
  // A plugin's refusal of an address (a path out of the folder): no more is said than that there is nothing.
  if (statusCode === 403 || statusCode === 404)
    return new AppError('not_found', 'There is no such thing here', { cause: error });
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return new AppError('bad_request', 'The request cannot be read', { cause: error });
  return new AppError('internal_error', 'Something went wrong here; it has been noted', { cause: error });
}

function messageOf(code: ErrorCode): string {
  if (code === 'payload_too_large') return 'The request is larger than this address takes';
  if (code === 'unsupported_media_type') return 'This address does not take that content type';
  if (code === 'overloaded') return 'Too much to do at this moment; try again';
  return 'The request cannot be read';
}

export function installErrorReply(app: FastifyInstance): void {
  app.setErrorHandler((thrown, request, reply) => {
    const error = toAppError(thrown);
    const status = STATUS[error.code];
    if (status >= 500) request.log.error({ err: error.cause ?? thrown, code: error.code }, 'request failed');
    else request.log.debug({ code: error.code }, 'request refused');
    return replyWithError(request, reply, error);
  });
}

export function replyWithError(request: FastifyRequest, reply: FastifyReply, error: AppError): FastifyReply {
  const body: ErrorBody = {
    code: error.code,
    message: error.message,
    ...(error.field !== undefined && { field: error.field }),
    ...(error.retryAfterS !== undefined && { retryAfterS: error.retryAfterS }),
    requestId: request.id,
  };
  if (error.retryAfterS !== undefined) reply.header('retry-after', String(error.retryAfterS));
  // Serialised here: the route's own response schema knows nothing of errors.
  return reply
    .status(STATUS[error.code])
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .serializer((value: unknown) => JSON.stringify(value))
    .send(body);
}
