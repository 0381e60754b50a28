import * as z from 'zod';
import { METRIC_KEYS, type MetricKey } from '../metrics/index.ts';

/**
 * A reading is one instant and what was measured *at that instant*. A metric that was measured at another instant is in
 * another reading: so every value carries its own timestamp, and a polled value is never taken for news.
 */
export interface Reading {
  /** Wall clock, ms since 1970 UTC, whole. */
  readonly at: number;
  readonly values: { readonly [key in MetricKey]?: number };
}

/** A reading in JSON. Unknown keys pass here and are counted as `metric_unknown` by `screenReadings`. */
export const JsonReading = z
  .object({
    at: z.number().int().meta({ description: 'ms since 1970-01-01T00:00:00Z' }),
    values: z
      .record(z.string().max(40), z.number())
      .meta({ description: `Value by metric: ${METRIC_KEYS.join(', ')}` }),
  })
  .meta({ id: 'Reading' });
export type JsonReading = z.infer<typeof JsonReading>;

/** A fault code as a car reports it (SAE J2012), for example P0401. */
export const FaultCode = z.string().regex(/^[PCBU][0-3][0-9A-F]{3}$/);

/** What happened, as opposed to what was measured: facts are never conflated or dropped. */
export const Fact = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('faults'),
      at: z.number().int(),
      milOn: z.boolean(),
      /** The full list of stored codes at this instant; empty = none. */
      codes: z.array(FaultCode).max(64),
      /** Seen once and not confirmed; absent when the car does not say. */
      pending: z.array(FaultCode).max(64).optional(),
      /** Only the car itself takes these back; absent when it does not say (built before 2010). */
      permanent: z.array(FaultCode).max(64).optional(),
      /** What the car kept from the moment of `code`. */
      freezeFrame: z.object({ code: FaultCode, values: z.record(z.string().max(40), z.number()) }).optional(),
    }),
    z.object({ kind: z.literal('harsh_brake'), at: z.number().int(), peakG: z.number().min(0).max(16) }),
    z.object({ kind: z.literal('crash'), at: z.number().int(), peakG: z.number().min(0).max(200) }),
    z.object({ kind: z.literal('unplugged'), at: z.number().int() }),
    z.object({ kind: z.literal('plugged_in'), at: z.number().int() }),
    z.object({ kind: z.literal('location_switch'), at: z.number().int(), off: z.boolean() }),
    z.object({
      kind: z.literal('photo'),
      at: z.number().int(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      bytes: z.number().int().positive(),
    }),
    /** Readings that the box itself had to drop or refuse, by reason: the ledger shows them. */
    z.object({
      kind: z.literal('dropped'),
      at: z.number().int(),
      reason: z.string().max(40),
      readings: z.number().int().positive(),
    }),
  ])
  .meta({ id: 'Fact' });
export type Fact = z.infer<typeof Fact>;
