import { Role } from '@temoin/shared/accounts';
import { RefusalCounts } from '@temoin/shared/errors';
import * as z from 'zod';

// What an operator can have done, once: the service carries it out, its routes and the command line speak it. Both the
// service itself and a client that talks to a running one implement `Operations`, so a command need not know which it has.

export const ProjectionName = z.enum(['series', 'state', 'ledger', 'facts']);
export type ProjectionName = z.infer<typeof ProjectionName>;

export const ProjectionStatus = z.object({
  name: z.string(),
  cursor: z.string().meta({ description: 'Position in the log up to which it has read' }),
  behind: z
    .number()
    .int()
    .meta({ description: 'Entries of the log that it has not read yet; counted up to 1,000,000' }),
});

export const OperationsStatus = z
  .object({
    version: z.string(),
    serverTime: z.number().int(),
    head: z.string().meta({ description: 'Position of the newest log entry' }),
    batches: z.number().int(),
    boxes: z.number().int(),
    vehicles: z.number().int(),
    people: z.number().int(),
    projections: z.array(ProjectionStatus),
    /** True when every projection has read the whole log. */
    caughtUp: z.boolean(),
  })
  .meta({ id: 'OperationsStatus' });
export type OperationsStatus = z.infer<typeof OperationsStatus>;

const Hole = z.object({ fromSeq: z.number().int(), toSeq: z.number().int() });

export const VerifyReport = z
  .object({
    ok: z.boolean(),
    log: z.object({
      entries: z.number().int(),
      sealed: z.number().int(),
      unsealed: z.number().int(),
      head: z.string(),
      problems: z.array(
        z.object({
          position: z.string(),
          boxId: z.string(),
          boot: z.number(),
          seq: z.number(),
          code: z.string(),
          detail: z.string(),
        }),
      ),
      problemCount: z.number().int(),
      conflicts: z.number().int(),
      boxes: z.array(
        z.object({
          boxId: z.string(),
          vehicle: z.string().optional(),
          batches: z.number().int(),
          firstSeq: z.number().int().optional(),
          lastSeq: z.number().int().optional(),
          holes: z.array(Hole),
          missingBatches: z.number().int(),
          broken: z.array(z.number().int()),
          repeated: z.array(z.number().int()),
        }),
      ),
    }),
    projections: z.array(
      ProjectionStatus.extend({
        digest: z.string(),
        /** Digest of a fresh replay of the log, with `deep`; equal to `digest` when all is well. */
        replayed: z.string().optional(),
        skipped: z.number().int(),
        ok: z.boolean(),
      }),
    ),
  })
  .meta({ id: 'VerifyReport' });
export type VerifyReport = z.infer<typeof VerifyReport>;

export const RebuildReport = z
  .object({
    projection: ProjectionName,
    entries: z.number().int(),
    before: z.string(),
    after: z.string(),
    /** Undefined when batches arrived meanwhile: then the two digests are of different contents. */
    equal: z.boolean().optional(),
    durationMs: z.number().int(),
  })
  .meta({ id: 'RebuildReport' });
export type RebuildReport = z.infer<typeof RebuildReport>;

export const ExportRequest = z
  .object({
    vehicle: z.string().min(1).max(128).meta({ description: 'VIN, label or id' }),
    from: z.number().int().optional(),
    to: z.number().int().optional(),
    format: z.enum(['csv', 'ndjson']).default('csv'),
  })
  .meta({ id: 'ExportRequest' });
export type ExportRequest = z.input<typeof ExportRequest>;

export const OperatorUser = z
  .object({
    email: z.string(),
    name: z.string(),
    role: Role,
    organisation: z.string(),
    client: z.string().optional(),
    disabled: z.boolean(),
  })
  .meta({ id: 'OperatorUser' });
export type OperatorUser = z.infer<typeof OperatorUser>;

export const AddUser = z
  .object({
    email: z.string().trim().toLowerCase().pipe(z.email()),
    name: z.string().trim().min(1).max(100),
    role: Role,
    /** Name of the insurer; may be left out while there is one only. */
    organisation: z.string().optional(),
    /** Name of the client record, for the role `client`. */
    client: z.string().optional(),
    /** Left out: a password is made and returned. */
    password: z.string().min(10).max(200).optional(),
  })
  .meta({ id: 'AddUser' });
export type AddUser = z.input<typeof AddUser>;

export const ChangeUser = z
  .object({
    email: z.string().trim().toLowerCase(),
    role: Role.optional(),
    client: z.string().optional(),
    disabled: z.boolean().optional(),
    /** `true` makes a new one and returns it. */
    password: z.union([z.string().min(10).max(200), z.literal(true)]).optional(),
  })
  .meta({ id: 'ChangeUser' });
export type ChangeUser = z.infer<typeof ChangeUser>;

export const ChangedUser = z
  .object({ user: OperatorUser, password: z.string().optional() })
  .meta({ id: 'ChangedUser' });
export type ChangedUser = z.infer<typeof ChangedUser>;

export const OperatorBox = z
  .object({
    id: z.string(),
    vehicle: z.string().optional(),
    kind: z.enum(['signing', 'legacy']),
    serial: z.string(),
    agentVersion: z.string(),
    enrolledAt: z.number().int(),
    revokedAt: z.number().int().optional(),
  })
  .meta({ id: 'OperatorBox' });
export type OperatorBox = z.infer<typeof OperatorBox>;

export const BoxCode = z
  .object({ vehicle: z.string(), code: z.string(), expiresAt: z.number().int() })
  .meta({ id: 'BoxCode' });
export type BoxCode = z.infer<typeof BoxCode>;

export const LegacyKey = z
  .object({ vehicle: z.string(), hashedVin: z.string(), key: z.string() })
  .meta({ id: 'LegacyKey' });
export type LegacyKey = z.infer<typeof LegacyKey>;

/** What the service knows of one replayed or driven vehicle: the other side of what the player read. */
export const DriveReport = z
  .object({
    label: z.string(),
    batches: z.number().int(),
    stored: z.number().int(),
    refusedReadings: z.number().int(),
    refusals: RefusalCounts,
    /** Readings in the time series, which may hold those of earlier replays of the same drive. */
    inSeries: z.number().int(),
    holes: z.number().int(),
    km: z.number(),
  })
  .meta({ id: 'DriveReport' });
export type DriveReport = z.infer<typeof DriveReport>;

export interface Operations {
  status(): Promise<OperationsStatus>;
  verify(options: { deep: boolean }): Promise<VerifyReport>;
  rebuild(projection: ProjectionName): Promise<RebuildReport>;
  /** Text in the asked form, every reading at full resolution in order of time. */
  exportReadings(request: ExportRequest): AsyncIterable<string>;
  listUsers(): Promise<OperatorUser[]>;
  addUser(user: AddUser): Promise<ChangedUser>;
  changeUser(change: ChangeUser): Promise<ChangedUser>;
  listBoxes(): Promise<OperatorBox[]>;
  /** Vehicles that are not there are not made; `vehicle` is a VIN, label or id. */
  createBoxCode(vehicle: string): Promise<BoxCode>;
  createLegacyKey(vehicle: string): Promise<LegacyKey>;
  revokeBox(boxOrVehicle: string): Promise<OperatorBox>;
  /** One vehicle per label, made where it is missing, with a fresh enrolment code each. */
  prepareVehicles(labels: readonly string[]): Promise<BoxCode[]>;
  reportDrives(labels: readonly string[]): Promise<DriveReport[]>;
  /** A backup as gzipped bytes. */
  backup(): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}
