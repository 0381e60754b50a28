import * as z from 'zod';
import { RefusalCounts } from '../errors/index.ts';

/** A run of batch numbers that never came. While a box lives it still holds them and sends them when it can. */
export const LedgerHole = z
  .object({
    fromSeq: z.number().int(),
    toSeq: z.number().int(),
    batches: z.number().int(),
    /** End of the batch before and beginning of the batch after the hole, where known. */
    fromAt: z.number().int().optional(),
    toAt: z.number().int().optional(),
  })
  .meta({ id: 'LedgerHole' });
export type LedgerHole = z.infer<typeof LedgerHole>;

/** One stretch of the day: what came in time, what came late (more than 2 min after it was measured), what is missing. */
export const LedgerSpan = z
  .object({
    from: z.number().int(),
    to: z.number().int(),
    kind: z.enum(['received', 'late', 'missing']),
    readings: z.number().int(),
  })
  .meta({ id: 'LedgerSpan' });
export type LedgerSpan = z.infer<typeof LedgerSpan>;

/** `GET /v1/vehicles/:id/ledger?from&to`: is it complete, and if not, what is missing and why. */
export const LedgerReply = z
  .object({
    from: z.number().int(),
    to: z.number().int(),
    batches: z.number().int(),
    readings: z.number().int(),
    refusedReadings: z.number().int(),
    refusals: RefusalCounts,
    conflicts: z.number().int(),
    lastSeq: z.number().int().optional(),
    lastContactAt: z.number().int().optional(),
    spans: z.array(LedgerSpan),
    holes: z.array(LedgerHole),
  })
  .meta({ id: 'LedgerReply' });
export type LedgerReply = z.infer<typeof LedgerReply>;
