import * as z from 'zod';
import { Fact, JsonReading, type Reading } from './reading.ts';

/** How far the box trusts its wall clock: not at all, from its last saved time, from NTP, or from satellites. */
export const ClockTrust = z.enum(['none', 'file', 'ntp', 'gps']);
export type ClockTrust = z.infer<typeof ClockTrust>;

/** Measured in a car now, played from a recording, or computed by the simulator: a page never passes one for another. */
export const Origin = z.enum(['measured', 'replayed', 'simulated']);
export type Origin = z.infer<typeof Origin>;

/** Limits of one batch. A box stays far below; beyond them the service refuses with `batch_too_large`. */
export const BATCH_LIMITS = {
  readings: 4096,
  facts: 256,
  /** Bytes of one encoded batch, envelope included. */
  bytes: 512 * 1024,
  /** Batches in one upload. */
  perUpload: 256,
  /** Bytes of one upload. */
  uploadBytes: 4 * 1024 * 1024,
} as const;

/** Sequence numbers are whole numbers from 0 to 2^53−1; a box counts up by one and never starts again. */
export const Sequence = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** What names a batch for ever: the box, which start of the box, and the box's own count. Never the time of arrival. */
export interface BatchHeader {
  /** UUID of the box, lower case with dashes. */
  readonly boxId: string;
  /** How often the box had started when it closed the batch; rises by one per start. */
  readonly boot: number;
  readonly seq: number;
  /** Wall clock at the moment of the start (monotonic zero), ms; a reading's monotonic time is `at − bootAt`. */
  readonly bootAt: number;
  readonly clockTrust: ClockTrust;
  readonly origin: Origin;
  /** SHA-256 of the batch before this one (signature included), hex; 64 zeros for the first. */
  readonly previousHash: string;
}

/** A batch with its contents understood, whatever form it came in. */
export interface Batch extends BatchHeader {
  readonly readings: readonly Reading[];
  readonly facts: readonly Fact[];
}

export const NO_PREVIOUS_HASH = '0'.repeat(64);

/** A batch in JSON, for boxes that cannot do better. Authenticated by the box's token, not sealed by a signature. */
export const JsonBatch = z
  .object({
    boot: z.number().int().min(0).max(0xffff_ffff),
    seq: Sequence,
    bootAt: z.number().int().default(0),
    clockTrust: ClockTrust,
    origin: Origin.default('measured'),
    previousHash: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .default(NO_PREVIOUS_HASH),
    readings: z.array(JsonReading).max(BATCH_LIMITS.readings),
    facts: z.array(Fact).max(BATCH_LIMITS.facts).default([]),
  })
  .meta({ id: 'Batch' });
export type JsonBatch = z.infer<typeof JsonBatch>;

export const JsonUpload = z
  .object({ batches: z.array(JsonBatch).min(1).max(BATCH_LIMITS.perUpload) })
  .meta({ id: 'BatchUpload' });
export type JsonUpload = z.infer<typeof JsonUpload>;

/** Content type of a binary upload: encoded batches one after the other, each behind its length as uint32 little-endian. */
export const BATCHES_CONTENT_TYPE = 'application/vnd.temoin.batches';
