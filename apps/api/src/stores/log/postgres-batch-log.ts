import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { createAppendQueue } from './append-queue.ts';
import type { BatchLog } from './batch-log.ts';
import { type LogRow, READ_PAGE, toLogEntry } from './log-rows.ts';
import { createLogTail } from './log-tail.ts';
import { orStoreUnavailable } from './postgres-away.ts';
import { commitBatches, LOG_CHANNEL } from './postgres-commit.ts';
import { listen } from './postgres-listener.ts';
import { createWakeUp } from './wake-up.ts';

// The log as a table of PostgreSQL. A batch is acknowledged after the commit that holds it is on disk; many appends share one
// commit. Readers at the end of the log are served from memory, all others by SELECT.

export interface PostgresBatchLogOptions {
  readonly pool: Pool;
  readonly now?: () => number;
  /** Memory for the newest entries. */
  readonly tailBytes?: number;
  readonly maxWaitingBatches?: number;
}

const TAIL_BYTES = 32 * 1024 * 1024;
const PAGE_BYTES = 16 * 1024 * 1024;
const MAX_WAITING_BATCHES = 20_000;
const MAX_WAITING_BYTES = 64 * 1024 * 1024;
const MAX_COMMIT_BATCHES = 2_000;
const MAX_COMMIT_BYTES = 8 * 1024 * 1024;
const LONGEST_WAIT_MS = 3_000;

export function createPostgresBatchLog({
  pool,
  now = Date.now,
  tailBytes = TAIL_BYTES,
  maxWaitingBatches = MAX_WAITING_BATCHES,
}: PostgresBatchLogOptions): BatchLog {
  const sender = randomUUID();
  const tail = createLogTail(tailBytes);
  const wakeUp = createWakeUp();

  const queue = createAppendQueue({
    commit: (batches) =>
      orStoreUnavailable(async () => {
        const { outcomes, entries, previous } = await commitBatches(pool, batches, now(), sender);
        tail.push(entries, previous);
        wakeUp.reached(tail.end());
        return outcomes;
      }),
    maxWaitingBatches,
    maxWaitingBytes: MAX_WAITING_BYTES,
    maxCommitBatches: MAX_COMMIT_BATCHES,
    maxCommitBytes: MAX_COMMIT_BYTES,
  });

  const stopListening = listen({
    pool,
    channel: LOG_CHANNEL,
    onNote: (payload) => {
      const [from, position] = payload.split(':');
      if (from !== sender && position && /^\d{1,19}$/.test(position)) wakeUp.reached(BigInt(position));
    },
    onReconnect: () => wakeUp.everybody(),
  });

  return {
    append: (batches) => queue.append(batches),
    async read(after, limit) {
      const recent = tail.after(after, limit);
      if (recent) return recent;
      const { rows } = await orStoreUnavailable(() =>
        pool.query<LogRow>({ name: 'log-read', text: READ_PAGE, values: [after.toString(), limit, PAGE_BYTES] }),
      );
      const entries = rows.map(toLogEntry);
      // What a reader at the very end fetched serves the others too; the tail itself refuses what would leave a hole.
      if (after === tail.end()) tail.push(entries, after);
      const last = entries.at(-1);
      if (last) wakeUp.reached(last.position);
      return entries;
    },
    async head() {
      const { rows } = await orStoreUnavailable(() =>
        pool.query<{ head: string }>('SELECT coalesce(max(position), 0) AS head FROM batch_log'),
      );
      return BigInt(rows[0]?.head ?? 0);
    },
    waitBeyond: (after, signal) => wakeUp.wait(after, signal, LONGEST_WAIT_MS),
    async highestSeq(boxId) {
      const { rows } = await orStoreUnavailable(() =>
        pool.query<{ seq: string }>(
          'SELECT seq FROM batch_log WHERE box_id = $1 ORDER BY boot DESC, seq DESC LIMIT 1',
          [boxId],
        ),
      );
      return rows[0] && Number(rows[0].seq);
    },
    async conflicts(limit) {
      const { rows } = await orStoreUnavailable(() =>
        pool.query<{ box_id: string; boot: string; seq: string; kept: string; refused: string; at_ms: string }>(
          `SELECT box_id, boot, seq, encode(kept_hash, 'hex') AS kept, encode(refused_hash, 'hex') AS refused, at_ms
           FROM batch_conflicts ORDER BY at_ms DESC, box_id, boot, seq LIMIT $1`,
          [limit],
        ),
      );
      return rows.map((row) => ({
        boxId: row.box_id,
        boot: Number(row.boot),
        seq: Number(row.seq),
        keptHash: row.kept,
        refusedHash: row.refused,
        at: Number(row.at_ms),
      }));
    },
    async close() {
      await queue.close();
      wakeUp.everybody();
      await stopListening();
    },
  };
}
