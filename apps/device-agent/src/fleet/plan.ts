import * as z from 'zod';
import { BATCHER_DEFAULTS } from '../batching/batcher.ts';
import { USES } from '../sensors/simulator/day-plan.ts';

// What a fleet process is told to do, as JSON from a file or from its standard input.

const Simulated = z.object({
  kind: z.literal('simulator'),
  seed: z.number().int(),
  use: z.enum(USES).default('commuter'),
  car: z
    .object({
      drivetrain: z.enum(['diesel', 'petrol', 'electric']),
      massKg: z.number().positive(),
      powerKw: z.number().positive(),
      /** Litres or kWh. */
      tank: z.number().positive(),
    })
    .default({ drivetrain: 'diesel', massKg: 1450, powerKw: 85, tank: 50 }),
  storedCodes: z.array(z.string()).optional(),
  incident: z.object({ kind: z.enum(['crash', 'unplugged', 'overheating']), at: z.number().int() }).optional(),
  /** Hours by which the vehicle's whole day is later: a night shift. */
  shiftH: z.number().min(0).max(23).default(0),
  /** A box that starts for the first time reports from this instant on, ms UTC; three hours ago when absent. */
  from: z.number().int().optional(),
});

const Replayed = z.object({
  kind: z.literal('replay'),
  /** A file with one recorded drive. */
  path: z.string().min(1),
  speed: z.union([z.literal('max'), z.number().positive()]).default(1),
});

const ObdAdapter = z.object({
  kind: z.literal('obd'),
  /** Where the ELM327 is: `tcp://host:port`, `/dev/ttyUSB0`, `/dev/rfcomm0?baud=38400`. */
  address: z.string().min(1),
});

export const PlannedBox = z.object({
  /** Names the box in events and in the report; the recording's label for a replay. */
  label: z.string().min(1),
  /** The box's own folder. */
  dir: z.string().min(1),
  /** One-time enrolment code; needed until the box has an identity. */
  code: z.string().optional(),
  serial: z.string().max(64).default(''),
  /** Whatever the planner wants to remember about the vehicle; it comes back in the report. */
  vehicle: z.record(z.string(), z.unknown()).default({}),
  sensor: z.discriminatedUnion('kind', [Simulated, Replayed, ObdAdapter]),
});
export type PlannedBox = z.infer<typeof PlannedBox>;

export const FleetPlan = z
  .object({
    /** Base address of the service. */
    site: z.url({ protocol: /^https?$/ }).optional(),
    /** Several of them, first choice first; in place of `site`. */
    sites: z
      .array(z.url({ protocol: /^https?$/ }))
      .min(1)
      .optional(),
    boxes: z.array(PlannedBox).min(1).max(2_000),
    /** End when every recording is read and everything is acknowledged. */
    once: z.boolean().default(false),
    /** Where the report of a `once` run goes, as JSON; also printed as the last event. */
    report: z.string().optional(),
    batch: z
      .object({
        maxAgeMs: z.number().int().min(10).default(BATCHER_DEFAULTS.maxAgeMs),
        maxReadings: z.number().int().min(1).max(4096).default(BATCHER_DEFAULTS.maxReadings),
      })
      .default({ maxAgeMs: BATCHER_DEFAULTS.maxAgeMs, maxReadings: BATCHER_DEFAULTS.maxReadings }),
  })
  .refine((plan) => plan.site ?? plan.sites, 'site or sites is needed')
  .refine((plan) => new Set(plan.boxes.map((box) => box.label)).size === plan.boxes.length, 'labels must differ')
  .refine((plan) => new Set(plan.boxes.map((box) => box.dir)).size === plan.boxes.length, 'folders must differ')
  .refine(
    (plan) => !plan.once || plan.boxes.every((box) => box.sensor.kind === 'replay'),
    'once is for recordings: a simulator has no end',
  );
export type FleetPlan = z.infer<typeof FleetPlan>;

/** The plan in a JSON text. Throws one error that names everything wrong with it. */
export function parsePlan(text: string): FleetPlan {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Error(`The plan is no JSON: ${(error as Error).message}`);
  }
  const parsed = FleetPlan.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new Error(`The plan is wrong:\n${z.prettifyError(parsed.error)}`);
}
