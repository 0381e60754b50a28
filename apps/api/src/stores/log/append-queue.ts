import { AppError } from '../../http/app-error.ts';
import type { AppendOutcome, LoggableBatch } from './batch-log.ts';

// Group commit. One commit is under way at a time; what arrives meanwhile waits and goes into the next one together, so that
// one fsync serves all of it. The queue is bounded: over it a box is told to come back, and its outbox keeps what it has.

export interface AppendQueue {
  append(batches: readonly LoggableBatch[]): Promise<AppendOutcome[]>;
  waiting(): { batches: number; bytes: number };
  /** Lets the commit under way end, refuses what still waits. */
  close(): Promise<void>;
}

export interface AppendQueueOptions {
  /** Stores all in one commit and answers in order; rejects when nothing is known to be stored. */
  readonly commit: (batches: readonly LoggableBatch[]) => Promise<AppendOutcome[]>;
  readonly maxWaitingBatches: number;
  readonly maxWaitingBytes: number;
  readonly maxCommitBatches: number;
  readonly maxCommitBytes: number;
}

interface Call {
  readonly batches: readonly LoggableBatch[];
  readonly bytes: number;
  readonly resolve: (outcomes: AppendOutcome[]) => void;
  readonly reject: (error: unknown) => void;
}

const OVERLOADED_RETRY_S = 2;

export function createAppendQueue(options: AppendQueueOptions): AppendQueue {
  const calls: Call[] = [];
  let waitingBatches = 0;
  let waitingBytes = 0;
  let underWay: Promise<void> | undefined;
  let closed = false;

  const takeGroup = (): Call[] => {
    const group: Call[] = [];
    let batches = 0;
    let bytes = 0;
    for (const call of calls) {
      const full =
        batches + call.batches.length > options.maxCommitBatches || bytes + call.bytes > options.maxCommitBytes;
      if (group.length > 0 && full) break;
      group.push(call);
      batches += call.batches.length;
      bytes += call.bytes;
    }
    calls.splice(0, group.length);
    waitingBatches -= batches;
    waitingBytes -= bytes;
    return group;
  };

  const run = async () => {
    // One turn of the event loop lets uploads that arrived in the same poll share the first commit.
    await new Promise((resolve) => setImmediate(resolve));
    while (calls.length > 0) {
      const group = takeGroup();
      try {
        const outcomes = await options.commit(group.flatMap((call) => call.batches));
        let from = 0;
        for (const call of group) {
          call.resolve(outcomes.slice(from, from + call.batches.length));
          from += call.batches.length;
        }
      } catch (error) {
        for (const call of group) call.reject(error);
      }
    }
    underWay = undefined;
  };

  return {
    waiting: () => ({ batches: waitingBatches, bytes: waitingBytes }),
    append(batches) {
      if (batches.length === 0) return Promise.resolve([]);
      if (closed) return Promise.reject(new AppError('store_unavailable', 'the log is closed'));
      const bytes = batches.reduce((sum, batch) => sum + batch.body.byteLength, 0);
      const over =
        waitingBatches + batches.length > options.maxWaitingBatches || waitingBytes + bytes > options.maxWaitingBytes;
      if (over && calls.length > 0)
        return Promise.reject(new AppError('overloaded', 'too much is waiting', { retryAfterS: OVERLOADED_RETRY_S }));
      return new Promise((resolve, reject) => {
        calls.push({ batches, bytes, resolve, reject });
        waitingBatches += batches.length;
        waitingBytes += bytes;
        underWay ??= run();
      });
    },
    async close() {
      closed = true;
      for (const call of calls.splice(0)) call.reject(new AppError('store_unavailable', 'the log is closed'));
      waitingBatches = 0;
      waitingBytes = 0;
      await underWay;
    },
  };
}
