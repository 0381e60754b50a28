import * as z from 'zod';
import { FaultCode, Origin } from '../telemetry/index.ts';

export * from './state.ts';

/** Newest value of each metric with the instant it was measured: `[value, at]`. */
export const LatestValues = z.record(z.string(), z.tuple([z.number(), z.number().int()])).meta({ id: 'LatestValues' });
export type LatestValues = z.infer<typeof LatestValues>;

export const Position = z
  .object({
    lat: z.number(),
    lon: z.number(),
    at: z.number().int(),
    courseDeg: z.number().optional(),
    accuracyM: z.number().optional(),
    /** Street and quarter from our own map data, where known. */
    street: z.string().optional(),
    quarter: z.string().optional(),
  })
  .meta({ id: 'Position' });
export type Position = z.infer<typeof Position>;

export const Alarm = z
  .object({
    kind: z.enum(['crash', 'unplugged', 'faults']),
    at: z.number().int(),
    codes: z.array(FaultCode).default([]),
  })
  .meta({ id: 'Alarm' });
export type Alarm = z.infer<typeof Alarm>;

/**
 * What is known of a vehicle now. The moving parts (`position`, `latest`) are absent for a person who may only list.
 * Freshness is judged by `lastContactAt` for replayed recordings (their own times are old by nature), else by `lastReadingAt`.
 */
export const VehicleNow = z
  .object({
    id: z.string(),
    vin: z.string(),
    label: z.string().meta({ description: 'Plate, or the name of the recording' }),
    model: z.string(),
    driver: z.string().optional(),
    origin: Origin.optional(),
    lastReadingAt: z.number().int().optional(),
    lastContactAt: z.number().int().optional(),
    speedKmh: z.number().optional(),
    /** In place of the speed, for a person who may only list: enough to tell the state. */
    moving: z.boolean().optional(),
    engineOn: z.boolean().optional(),
    /** Since when it has stood (engine off) or idled, ms. */
    standingSince: z.number().int().optional(),
    position: Position.optional(),
    latest: LatestValues.optional(),
    faults: z.object({ at: z.number().int(), milOn: z.boolean(), codes: z.array(FaultCode) }).optional(),
    alarm: Alarm.optional(),
    locationOff: z.boolean().optional(),
  })
  .meta({ id: 'VehicleNow' });
export type VehicleNow = z.infer<typeof VehicleNow>;

export const VehicleList = z
  .object({ vehicles: z.array(VehicleNow), serverTime: z.number().int(), cursor: z.string() })
  .meta({ id: 'VehicleList' });
export type VehicleList = z.infer<typeof VehicleList>;

/** One vehicle with what does not change by the second. */
export const VehicleDetail = VehicleNow.extend({
  plate: z.string(),
  make: z.string(),
  year: z.number().int().optional(),
  fuel: z.string().optional(),
  client: z.object({ id: z.string(), name: z.string() }).optional(),
  contract: z.object({ number: z.string(), product: z.string() }).optional(),
  box: z
    .object({ id: z.string(), serial: z.string(), agentVersion: z.string(), enrolledAt: z.number().int() })
    .optional(),
  serverTime: z.number().int(),
}).meta({ id: 'VehicleDetail' });
export type VehicleDetail = z.infer<typeof VehicleDetail>;
