import { AppError } from '../../http/app-error.ts';

// Which errors of PostgreSQL mean "not now" rather than "never so": those are `store_unavailable`, are tried again, and are
// never held against what was being written.

/** SQLSTATE classes and codes: connection, resources (disk full, too many connections), operator, system, read only, timeouts, deadlock. */
const NOT_NOW = /^(08|53|57|58|F0)|^(25006|40001|40P01|55000|55P03)$/;
const SOCKET_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
const CONNECTION_WORDS = /timeout|terminated|connection|Cannot use a pool|not queryable/i;

/** True for an error after which the same statement may well succeed later. */
export function isPostgresAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  if (typeof code === 'string' && code.length > 0)
    return SOCKET_CODES.has(code) || (code.length === 5 && NOT_NOW.test(code));
  return CONNECTION_WORDS.test(error.message);
}

/** Runs `work`; an error that means "not now" becomes `AppError('store_unavailable')`, all others pass. */
export async function orStoreUnavailable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isPostgresAway(error))
      throw new AppError('store_unavailable', 'the database does not answer', { cause: error });
    throw error;
  }
}
