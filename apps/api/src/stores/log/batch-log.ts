import type { RefusalCounts } from '@temoin/shared/errors';
import type { ClockTrust, Fact, Origin, Reading } from '@temoin/shared/telemetry';

/** The form in which a batch came; the log keeps its bytes as they were. */
export type BatchForm = 'binary' | 'json' | 'legacy';

/** A batch that passed the door: identity known, signature checked where the form has one, contents readable. */
export interface LoggableBatch {
  readonly boxId: string;
  readonly boot: number;
  readonly seq: number;
  /** SHA-256 of `body`, 32 bytes. */
  readonly hash: Uint8Array;
  readonly form: BatchForm;
  readonly body: Uint8Array;
}

export interface LogEntry extends LoggableBatch {
  /** Where the entry stands; rises along the log, without order of size or gaps meaning anything. Opaque to boxes. */
  readonly position: bigint;
  /** ms UTC, by this site's clock. */
  readonly receivedAt: number;
}

/** `receivedAt` is that of the entry: by it the door screens the readings, as every projection does later. */
export type AppendOutcome =
  | { readonly outcome: 'stored'; readonly position: bigint; readonly receivedAt: number }
  | { readonly outcome: 'duplicate' }
  | { readonly outcome: 'conflict' };

/**
 * The durable log of what boxes wrote: the truth, of which everything else is a projection.
 *
 * Promises: `append` resolves only when the batch is durable (fsync); it answers in the order given; the same
 * (box, boot, seq) is stored once for ever: again with the same hash it is a `duplicate`, with another hash a `conflict`,
 * which is recorded and the first kept. `read` gives entries in one order, the same for every reader and at every time, and
 * never skips an entry that becomes visible later. All methods throw `AppError('store_unavailable')` while the store is away.
 */
export interface BatchLog {
  append(batches: readonly LoggableBatch[]): Promise<AppendOutcome[]>;
  /** Entries after `after` (0n = from the start), at most `limit`; empty at the end of the log. */
  read(after: bigint, limit: number): Promise<LogEntry[]>;
  /** Position of the newest entry, 0n when empty. */
  head(): Promise<bigint>;
  /** Resolves when there may be entries after `after`, or when `signal` aborts, or after some seconds at the latest. */
  waitBeyond(after: bigint, signal: AbortSignal): Promise<void>;
  /** The highest number known of a box (its newest start counts), undefined when nothing came from it yet. */
  highestSeq(boxId: string): Promise<number | undefined>;
  /** Conflicts kept, newest first. */
  conflicts(
    limit: number,
  ): Promise<{ boxId: string; boot: number; seq: number; keptHash: string; refusedHash: string; at: number }[]>;
  close(): Promise<void>;
}

/** What a log entry says, understood and screened (see `screenReadings`). */
export interface UnderstoodEntry {
  readonly entry: LogEntry;
  readonly bootAt: number;
  readonly clockTrust: ClockTrust;
  readonly origin: Origin;
  readonly previousHash: string;
  readonly readings: readonly Reading[];
  /** Index of each reading of `readings` within the batch as it was sent: with (box, boot, seq) its identity for ever. */
  readonly indexes: readonly number[];
  readonly facts: readonly Fact[];
  readonly refusals: RefusalCounts;
  readonly refusedReadings: number;
}
