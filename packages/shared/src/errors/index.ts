import * as z from 'zod';

/**
 * Every code by which Temoin says what went wrong, to browsers, boxes and operators alike. Text and status are chosen from
 * the code (the API maps code to HTTP status, the web app to a sentence), so a code is never reused for another meaning.
 */
export const ErrorCode = z.enum([
  // requests in general
  'bad_request',
  'not_found',
  'method_not_allowed',
  'payload_too_large',
  'unsupported_media_type',
  'too_many_requests',
  'overloaded',
  'internal_error',
  'store_unavailable',
  'conflict',
  // people
  'not_signed_in',
  'credentials_wrong',
  'session_ended',
  'forbidden',
  'origin_refused',
  // boxes
  'box_unknown',
  'box_revoked',
  'box_token_invalid',
  'enrolment_code_invalid',
  'legacy_key_invalid',
  // a whole batch
  'batch_truncated',
  'batch_corrupt',
  'batch_version_unknown',
  'batch_too_large',
  'batch_empty',
  'batch_foreign_box',
  'batch_malformed',
  'signature_invalid',
  'chain_broken',
  'sequence_invalid',
  'sequence_conflict',
  // one reading or value of an otherwise good batch
  'time_out_of_range',
  'time_in_future',
  'clock_unknown',
  'metric_unknown',
  'value_not_a_number',
  'value_out_of_range',
  'position_implausible',
  'reading_empty',
  'row_unreadable',
  'photo_invalid',
]);
export type ErrorCode = z.infer<typeof ErrorCode>;

/** The body of every error answer. `field` is the path of the offending input where there is one. */
export const ErrorBody = z
  .object({
    code: ErrorCode,
    message: z.string(),
    field: z.string().optional(),
    requestId: z.string().optional(),
    retryAfterS: z.number().optional(),
  })
  .meta({ id: 'Error' });
export type ErrorBody = z.infer<typeof ErrorBody>;

/** How often each code was the reason to refuse something, for example `{ value_out_of_range: 3 }`. */
export const RefusalCounts = z.partialRecord(ErrorCode, z.number().int().positive());
export type RefusalCounts = z.infer<typeof RefusalCounts>;

export const addRefusals = (into: RefusalCounts, code: ErrorCode, count = 1): void => {
  into[code] = (into[code] ?? 0) + count;
};
