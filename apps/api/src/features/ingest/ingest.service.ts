import type { BatchAck, BoxCommand, UploadReply } from '@temoin/shared/telemetry';
import type { BoxIdentity } from '../../access/actor.ts';
import { understand } from '../../projections/understand.ts';
import type { BlobStore } from '../../stores/blobs/blob-store.ts';
import type { AppendOutcome, BatchForm, BatchLog, LoggableBatch } from '../../stores/log/batch-log.ts';
import { readBinaryUpload } from './binary-upload.ts';
import { type Candidate, refused } from './candidate.ts';
import type { IngestMetrics } from './ingest-metrics.ts';
import { readJsonUpload } from './json-upload.ts';
import { readLegacyUpload } from './legacy-upload.ts';
import { createSequenceGuard } from './sequence-guard.ts';
import { createSignatureCheck } from './signature.ts';

export interface IngestDeps {
  readonly log: BatchLog;
  readonly blobs: BlobStore;
  readonly metrics: IngestMetrics;
  /** Orders that wait for a box. */
  readonly pendingCommands: (boxId: string) => Promise<BoxCommand[]>;
  readonly now?: () => number;
}

export interface Ingest {
  /** Checks, appends, and answers once all that is `stored` is durable. Throws only when nothing was stored. */
  take(form: BatchForm, body: Uint8Array, box: BoxIdentity): Promise<UploadReply>;
}

export function createIngest({ log, blobs, metrics, pendingCommands, now = Date.now }: IngestDeps): Ingest {
  const check = createSignatureCheck();
  const sequences = createSequenceGuard(log);

  const commandsOf = rememberNone(pendingCommands, now);

  const read = async (form: BatchForm, body: Uint8Array, box: BoxIdentity): Promise<Candidate[]> => {
    if (form === 'binary') return readBinaryUpload(body, box, check);
    if (form === 'json') return readJsonUpload(body, box);
    return [await readLegacyUpload(body, box, blobs)];
  };

  const withinSequence = async (form: BatchForm, boxId: string, candidates: Candidate[]): Promise<Candidate[]> => {
    if (form === 'legacy') return candidates;
    let limit = await sequences.limitFor(boxId);
    return candidates.map((candidate) => {
      if (!candidate.batch) return candidate;
      if (candidate.seq > limit) return refused('sequence_invalid', candidate);
      limit = Math.max(limit, candidate.seq);
      return candidate;
    });
  };

  const answer = (form: BatchForm, batch: LoggableBatch, outcome: AppendOutcome): BatchAck => {
    const { boot, seq } = batch;
    if (outcome.outcome === 'conflict') return { boot, seq, outcome: 'refused', code: 'sequence_conflict' };
    const hash = Buffer.from(batch.hash).toString('hex');
    if (outcome.outcome === 'duplicate') return { boot, seq, outcome: 'duplicate', hash };
    if (form !== 'legacy') sequences.stored(batch.boxId, seq);
    const { refusals } = understand({ ...batch, position: outcome.position, receivedAt: outcome.receivedAt });
    return { boot, seq, outcome: 'stored', hash, ...(Object.keys(refusals).length > 0 && { refusals }) };
  };

  return {
    async take(form, body, box) {
      const candidates = await withinSequence(form, box.boxId, await read(form, body, box));
      const batches = candidates.flatMap((candidate) => candidate.batch ?? []);
      const started = performance.now();
      const outcomes = await log.append(batches);
      if (batches.length > 0) metrics.appended((performance.now() - started) / 1000);
      let next = 0;
      const acks = candidates.map((candidate): BatchAck => {
        if (!candidate.batch) {
          const { boot, seq, code } = candidate;
          return { boot, seq, outcome: 'refused', code };
        }
        return answer(form, candidate.batch, outcomes[next++] as AppendOutcome);
      });
      next = 0;
      for (const [i, ack] of acks.entries()) {
        const batch = candidates[i]?.batch;
        const outcome = batch && outcomes[next++];
        const stored = batch && outcome?.outcome === 'stored';
        metrics.acknowledged(form, ack, stored ? understand({ ...batch, ...outcome }).readings.length : 0);
      }
      return { acks, commands: await commandsOf(box.boxId), serverTime: now() };
    },
  };
}

/** A box that sends several times a second need not be looked up each time: that nothing waits is remembered for a while. */
const NONE_FOR_MS = 1_000;
const MOST_REMEMBERED = 20_000;

function rememberNone(
  pendingCommands: IngestDeps['pendingCommands'],
  now: () => number,
): (boxId: string) => Promise<BoxCommand[]> {
  const noneUntil = new Map<string, number>();
  return async (boxId) => {
    if ((noneUntil.get(boxId) ?? 0) > now()) return [];
    // The batches are stored: an answer without commands is better than none.
    const commands = await pendingCommands(boxId).catch(() => []);
    if (noneUntil.size >= MOST_REMEMBERED) noneUntil.clear();
    if (commands.length === 0) noneUntil.set(boxId, now() + NONE_FOR_MS);
    return commands;
  };
}
