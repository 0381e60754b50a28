import { type JsMsg, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { AppError } from '../../http/app-error.ts';
import { createAppendQueue } from './append-queue.ts';
import type { AppendOutcome, BatchLog, LogEntry, LoggableBatch } from './batch-log.ts';
import { createLogTail } from './log-tail.ts';
import { batchHeaders, conflictHeaders, hashOf, sequenceIn, subjectOf, toConflict, toEntry } from './nats-messages.ts';
import { ensureStreams, isTaken, natsNames, orNatsAway } from './nats-streams.ts';
import { createWakeUp } from './wake-up.ts';

// The log in NATS JetStream. Each batch has a subject of its own and is published on the condition that the subject is empty:
// the stream itself is the memory of what was taken, so that a batch is the same batch for ever and not for the two minutes
// of the broker's message ids. The position is the stream's sequence, given out by one leader, without holes.
// Durable to a power cut only with `sync_interval: always` (one server) or three replicas; see docs of the deployment.

export interface NatsBatchLogOptions {
  readonly url: string;
  /** Names streams and subjects; letters, digits and dashes. */
  readonly name?: string;
  readonly replicas?: number;
  readonly now?: () => number;
  readonly tailBytes?: number;
}

const ANSWER_WITHIN_MS = 5_000;
const TAIL_BYTES = 32 * 1024 * 1024;
const PAGE_BYTES = 16 * 1024 * 1024;
const LONGEST_WAIT_MS = 3_000;
/** What headers and subject add to a message, with slack. */
const ENVELOPE_BYTES = 1_024;

/** Connects and makes the streams where they are missing. Throws `store_unavailable`. */
export async function createNatsBatchLog(options: NatsBatchLogOptions): Promise<BatchLog> {
  const { url, name = 'TEMOIN', replicas = 1, now = Date.now, tailBytes = TAIL_BYTES } = options;
  const names = natsNames(name);
  const connection = await orNatsAway(() =>
    connect({
      servers: url,
      timeout: ANSWER_WITHIN_MS,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 500,
      reconnectJitter: 500,
    }),
  );
  const js = jetstream(connection, { timeout: ANSWER_WITHIN_MS });
  const jsm = await orNatsAway(async () => {
    const manager = await jetstreamManager(connection, { timeout: ANSWER_WITHIN_MS });
    await ensureStreams(manager, names, replicas);
    return manager;
  });
  const tail = createLogTail(tailBytes);
  const wakeUp = createWakeUp();

  connection.subscribe(names.notes, {
    callback: (error, note) => {
      if (!error && /^\d{1,18}$/.test(note.string())) wakeUp.reached(BigInt(note.string()));
    },
  });
  void (async () => {
    // Notes may have been missed while away.
    for await (const { type } of connection.status()) if (type === 'reconnect') wakeUp.everybody();
  })();

  const keptHash = async (subject: string): Promise<string> => {
    const kept = await jsm.streams.getMessage(names.stream, { last_by_subj: subject });
    if (!kept) throw new AppError('store_unavailable', 'the log contradicts itself');
    return hashOf({ headers: kept.header });
  };
  const recordConflict = async (batch: LoggableBatch, kept: string, at: number) => {
    const refused = Buffer.from(batch.hash).toString('hex');
    await js
      .publish(`${subjectOf(names.conflictPrefix, batch)}.${refused}`, '', {
        headers: conflictHeaders(batch.hash, kept, at),
        expect: { lastSubjectSequence: 0 },
      })
      .catch((error: unknown) => {
        // The same conflict is recorded once.
        if (!isTaken(error)) throw error;
      });
  };
  const publish = async (batch: LoggableBatch, receivedAt: number): Promise<AppendOutcome> => {
    const subject = subjectOf(names.prefix, batch);
    try {
      const { seq } = await js.publish(subject, batch.body, {
        headers: batchHeaders(batch, receivedAt),
        expect: { lastSubjectSequence: 0 },
      });
      return { outcome: 'stored', position: BigInt(seq), receivedAt };
    } catch (error) {
      if (!isTaken(error)) throw error;
      const kept = await keptHash(subject);
      if (kept === Buffer.from(batch.hash).toString('hex')) return { outcome: 'duplicate' };
      await recordConflict(batch, kept, receivedAt);
      return { outcome: 'conflict' };
    }
  };

  /** Publishes all at once, in order, and waits for every answer. */
  const commit = async (batches: readonly LoggableBatch[]): Promise<AppendOutcome[]> => {
    const receivedAt = now();
    const answers = await Promise.allSettled(batches.map((batch) => publish(batch, receivedAt)));
    const stored: LogEntry[] = [];
    for (const [i, answer] of answers.entries()) {
      const batch = batches[i];
      if (batch && answer.status === 'fulfilled' && answer.value.outcome === 'stored')
        stored.push({ ...batch, position: answer.value.position, receivedAt });
    }
    stored.sort((a, b) => (a.position < b.position ? -1 : 1));
    // One by one: another writer's entries may stand between ours, and the tail must see that hole.
    for (const entry of stored) tail.push([entry], entry.position - 1n);
    const last = stored.at(-1);
    if (last) {
      wakeUp.reached(last.position);
      connection.publish(names.notes, last.position.toString());
    }
    const failed = answers.find((answer) => answer.status === 'rejected');
    if (failed) throw failed.reason;
    return answers.map((answer) => (answer as PromiseFulfilledResult<AppendOutcome>).value);
  };
  const queue = createAppendQueue({
    commit: (batches) => orNatsAway(() => commit(batches)),
    ...{ maxWaitingBatches: 20_000, maxWaitingBytes: 64 * 1024 * 1024 },
    ...{ maxCommitBatches: 500, maxCommitBytes: 8 * 1024 * 1024 },
  });

  const lastSequence = async (stream: string): Promise<number> => (await jsm.streams.info(stream)).state.last_seq;
  /** `count` messages from sequence `from` on; all of them exist. */
  const messages = async (stream: string, from: number, count: number): Promise<JsMsg[]> => {
    if (count <= 0) return [];
    const consumer = await js.consumers.get(stream, { opt_start_seq: from });
    const fetched = await consumer.fetch({ max_messages: count, expires: ANSWER_WITHIN_MS });
    const found: JsMsg[] = [];
    let bytes = 0;
    for await (const message of fetched) {
      found.push(message);
      bytes += message.data.length;
      if (found.length === count || bytes >= PAGE_BYTES) break;
    }
    await fetched.close();
    await consumer.delete().catch(() => false);
    return found;
  };

  return {
    async append(batches) {
      const largest = connection.info?.max_payload ?? Number.POSITIVE_INFINITY;
      if (batches.some((batch) => batch.body.length + ENVELOPE_BYTES > largest))
        throw new AppError('batch_too_large', `the broker takes ${largest} bytes a message (max_payload)`);
      return queue.append(batches);
    },
    async read(after, limit) {
      const recent = tail.after(after, limit);
      if (recent) return recent;
      return orNatsAway(async () => {
        const from = Number(after) + 1;
        const available = (await lastSequence(names.stream)) - from + 1;
        const found = await messages(names.stream, from, Math.min(limit, available));
        const entries = found.map((message) => toEntry({ ...partsOf(message), seq: message.seq }, names.prefix));
        const last = entries.at(-1);
        if (last) wakeUp.reached(last.position);
        return entries;
      });
    },
    head: () => orNatsAway(async () => BigInt(await lastSequence(names.stream))),
    waitBeyond: (after, signal) => wakeUp.wait(after, signal, LONGEST_WAIT_MS),
    highestSeq: (boxId) =>
      orNatsAway(async () => {
        const subject = `${names.prefix}.${boxId}.>`;
        const newest = await jsm.streams.getMessage(names.stream, { last_by_subj: subject });
        return newest ? sequenceIn(newest.subject, names.prefix) : undefined;
      }),
    conflicts: (limit) =>
      orNatsAway(async () => {
        const last = await lastSequence(names.conflictStream);
        const from = Math.max(1, last - limit + 1);
        const found = await messages(names.conflictStream, from, last - from + 1);
        return found
          .map((message) => toConflict({ ...partsOf(message), seq: message.seq }, names.conflictPrefix))
          .reverse();
      }),
    async close() {
      await queue.close();
      wakeUp.everybody();
      await connection.close();
    },
  };
}

const partsOf = (message: JsMsg) => ({ subject: message.subject, data: message.data, headers: message.headers });
