import * as z from 'zod';
import { ErrorCode, RefusalCounts } from '../errors/index.ts';
import { Sequence } from './batch.ts';

/**
 * What became of one batch. `stored`: durable here, the box may forget it. `duplicate`: it was here already, the same to the
 * byte. `refused`: it will never be taken (code says why); the box sets it aside and goes on, so that one bad batch never
 * blocks those behind it.
 */
export const BatchAck = z
  .object({
    boot: z.number().int(),
    seq: Sequence,
    outcome: z.enum(['stored', 'duplicate', 'refused']),
    /** SHA-256 of the stored bytes, hex: the box compares before it forgets. Absent when refused. */
    hash: z.string().optional(),
    code: ErrorCode.optional(),
    /** Readings and values inside a stored batch that were not taken, by reason. */
    refusals: RefusalCounts.optional(),
  })
  .meta({ id: 'BatchAck' });
export type BatchAck = z.infer<typeof BatchAck>;

/** An order to a box. It lives in the service until it is acknowledged or expires; carrying it out twice changes nothing. */
export const BoxCommand = z
  .object({
    id: z.string(),
    kind: z.enum(['send_photo', 'start_stream', 'stop_stream', 'send_clip', 'set_rates', 'ping']),
    expiresAt: z.number().int(),
    detail: z.record(z.string(), z.unknown()).default({}),
  })
  .meta({ id: 'BoxCommand' });
export type BoxCommand = z.infer<typeof BoxCommand>;

/** The answer to an upload: one acknowledgement per batch in the order sent, waiting commands, and the service's clock. */
export const UploadReply = z
  .object({
    acks: z.array(BatchAck),
    commands: z.array(BoxCommand).default([]),
    serverTime: z.number().int(),
  })
  .meta({ id: 'UploadReply' });
export type UploadReply = z.infer<typeof UploadReply>;
