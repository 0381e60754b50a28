/** First and longest wait between rounds, ms. */
export const BACK_OFF = { baseMs: 500, capMs: 30_000 } as const;

/**
 * Exponential back-off with full jitter: any wait from 0 to base × 2^failures, at most `capMs`. Full jitter, because a
 * thousand boxes that lost the same site must not come back to it together.
 */
export function backOffMs(
  failures: number,
  random: () => number = Math.random,
  { baseMs, capMs } = BACK_OFF as { baseMs: number; capMs: number },
): number {
  return Math.floor(random() * Math.min(capMs, baseMs * 2 ** Math.min(failures, 20)));
}

/** Longest wait that a service may ask for, ms. */
const MAX_RETRY_AFTER_MS = 5 * 60_000;

/** ms of a `Retry-After` header (seconds or an HTTP date), stretched by up to a quarter so that boxes do not return as one. */
export function retryAfterMs(
  header: string | undefined,
  now: number,
  random: () => number = Math.random,
): number | undefined {
  if (header === undefined || header.trim() === '') return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  if (!Number.isFinite(ms)) return undefined;
  return Math.min(MAX_RETRY_AFTER_MS, Math.max(0, ms)) * (1 + random() / 4);
}
