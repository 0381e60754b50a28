import type { Action } from '@temoin/shared/accounts';
import * as z from 'zod';
import {
  AddUser,
  BoxCode,
  ChangedUser,
  ChangeUser,
  DriveReport,
  ExportRequest,
  LegacyKey,
  type Operations,
  OperationsStatus,
  OperatorBox,
  OperatorUser,
  ProjectionName,
  RebuildReport,
  VerifyReport,
} from './operations.ts';

// The doors of the operations, said once for the service (which registers them) and for the client (which knocks).

interface Door {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly action: Action;
  readonly summary: string;
  readonly body?: z.ZodType;
  readonly reply: z.ZodType;
}

const Vehicle = z.object({ vehicle: z.string().min(1).max(128) });
const Labels = z.object({ labels: z.array(z.string().trim().min(1).max(128)).min(1).max(2000) });

export const DOORS = {
  status: {
    method: 'GET',
    url: '/status',
    action: 'operations.read',
    summary: 'What there is and how far projections are',
    reply: OperationsStatus,
  },
  verify: {
    method: 'POST',
    url: '/verify',
    action: 'operations.read',
    summary: 'Check log, signatures, chains and projections',
    body: z.object({ deep: z.boolean().default(false) }),
    reply: VerifyReport,
  },
  rebuild: {
    method: 'POST',
    url: '/rebuild',
    action: 'operations.run',
    summary: 'Drop a projection and make it again from the log',
    body: z.object({ projection: ProjectionName }),
    reply: RebuildReport,
  },
  listUsers: {
    method: 'GET',
    url: '/users',
    action: 'user.list',
    summary: 'People of all insurers',
    reply: z.array(OperatorUser),
  },
  addUser: {
    method: 'POST',
    url: '/users',
    action: 'user.manage',
    summary: 'Add a person',
    body: AddUser,
    reply: ChangedUser,
  },
  changeUser: {
    method: 'POST',
    url: '/users/change',
    action: 'user.manage',
    summary: 'Change a person',
    body: ChangeUser,
    reply: ChangedUser,
  },
  listBoxes: {
    method: 'GET',
    url: '/boxes',
    action: 'box.list',
    summary: 'Boxes of all insurers',
    reply: z.array(OperatorBox),
  },
  createBoxCode: {
    method: 'POST',
    url: '/boxes/code',
    action: 'box.enrol',
    summary: 'Make a one-time enrolment code',
    body: Vehicle,
    reply: BoxCode,
  },
  createLegacyKey: {
    method: 'POST',
    url: '/boxes/legacy-key',
    action: 'box.enrol',
    summary: 'Make a key for a box of the old upload format',
    body: Vehicle,
    reply: LegacyKey,
  },
  revokeBox: {
    method: 'POST',
    url: '/boxes/revoke',
    action: 'box.revoke',
    summary: 'Revoke a box, by its id or by its vehicle',
    body: z.object({ box: z.string().min(1).max(128) }),
    reply: OperatorBox,
  },
  prepareVehicles: {
    method: 'POST',
    url: '/replay-vehicles',
    action: 'box.enrol',
    summary: 'Vehicles for recorded drives, each with an enrolment code',
    body: Labels,
    reply: z.array(BoxCode),
  },
  reportDrives: {
    method: 'POST',
    url: '/drives',
    action: 'operations.read',
    summary: 'What is stored of each of these vehicles',
    body: Labels,
    reply: z.array(DriveReport),
  },
} as const satisfies Partial<Record<keyof Operations, Door>>;

export type DoorName = keyof typeof DOORS;

/** Doors that answer with a stream. */
export const STREAMS = {
  exportReadings: {
    url: '/export',
    action: 'vehicle.export',
    summary: 'Every reading of a vehicle',
    body: ExportRequest,
  },
  backup: { url: '/backup', action: 'operations.run', summary: 'A backup, gzipped', body: z.object({}) },
} as const;

export const OPERATIONS_PREFIX = '/v1/operations';

/** What each door hands to the operation, and back. */
export const HANDLERS: { [K in DoorName]: (operations: Operations, body: unknown) => Promise<unknown> } = {
  status: (operations) => operations.status(),
  verify: (operations, body) => operations.verify(DOORS.verify.body.parse(body)),
  rebuild: (operations, body) => operations.rebuild(DOORS.rebuild.body.parse(body).projection),
  listUsers: (operations) => operations.listUsers(),
  addUser: (operations, body) => operations.addUser(AddUser.parse(body)),
  changeUser: (operations, body) => operations.changeUser(ChangeUser.parse(body)),
  listBoxes: (operations) => operations.listBoxes(),
  createBoxCode: (operations, body) => operations.createBoxCode(Vehicle.parse(body).vehicle),
  createLegacyKey: (operations, body) => operations.createLegacyKey(Vehicle.parse(body).vehicle),
  revokeBox: (operations, body) => operations.revokeBox(DOORS.revokeBox.body.parse(body).box),
  prepareVehicles: (operations, body) => operations.prepareVehicles(Labels.parse(body).labels),
  reportDrives: (operations, body) => operations.reportDrives(Labels.parse(body).labels),
};
