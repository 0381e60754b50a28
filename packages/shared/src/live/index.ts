import * as z from 'zod';
import type { Fact, Reading } from '../telemetry/index.ts';
import type { VehicleNow } from '../vehicles/index.ts';

// What travels over the socket (socket.io, path /live, websocket only). Two lanes: readings and positions are newest-wins and
// may be dropped for a slow reader; facts are stored first, numbered, and fetched again after a reconnect.

export const LIVE_PATH = '/live';

export const roomOfVehicle = (vin: string): string => `vehicle:${vin}`;
export const roomOfPortfolio = (organisationId: string): string => `portfolio:${organisationId}`;

type MovingParts = Omit<VehicleNow, 'id' | 'vin' | 'label' | 'model' | 'driver' | 'latest'>;

/**
 * What changed of a vehicle since the last tick: the moving parts of `VehicleNow`, without what is constant. `cleared` names
 * those that hold no longer (an alarm that ended): a page removes them, absent parts it leaves as they are.
 */
export type VehicleChange = Pick<VehicleNow, 'id'> &
  Partial<MovingParts> & { readonly cleared?: readonly (keyof MovingParts)[] };

export interface VehicleReadings {
  readonly vehicleId: string;
  readonly readings: readonly Reading[];
}

export interface VehicleFact {
  readonly vehicleId: string;
  /** Position in the log: rises, and is what a page asks from after a reconnect. */
  readonly cursor: string;
  readonly fact: Fact;
}

/** Server → browser. */
export interface ServerToClientEvents {
  /** A few times a second, conflated: the newest change of each vehicle that this person may see (and is in view, if set). */
  'portfolio.changes': (message: { changes: VehicleChange[]; serverTime: number }) => void;
  'vehicle.readings': (message: VehicleReadings) => void;
  'vehicle.fact': (message: VehicleFact) => void;
  /** A room that this socket was in is closed to it. */
  'room.closed': (message: { room: string; code: 'not_found' | 'session_ended' }) => void;
}

/** Where a map looks; positions outside are not sent. West > east means across the antimeridian. */
export const View = z.object({
  south: z.number().min(-90).max(90),
  west: z.number().min(-180).max(180),
  north: z.number().min(-90).max(90),
  east: z.number().min(-180).max(180),
});
export type View = z.infer<typeof View>;

export const JoinVehicle = z.object({ vehicle: z.string().min(1).max(64) });
export const JoinPortfolio = z.object({ view: View.optional() });

export type JoinReply<T> =
  | { ok: true; snapshot: T; cursor: string }
  | { ok: false; code: 'not_found' | 'bad_request' | 'too_many_requests' };

/** Browser → server. `vehicle` is the vehicle's id or VIN. Every event is answered by its callback. */
export interface ClientToServerEvents {
  'vehicle.join': (message: { vehicle: string }, reply: (answer: JoinReply<VehicleNow>) => void) => void;
  'vehicle.leave': (message: { vehicle: string }, reply: (answer: { ok: true }) => void) => void;
  'portfolio.join': (message: { view?: View }, reply: (answer: JoinReply<VehicleNow[]>) => void) => void;
  'portfolio.view': (message: { view: View }, reply: (answer: { ok: boolean }) => void) => void;
  'portfolio.leave': (message: Record<string, never>, reply: (answer: { ok: true }) => void) => void;
}

/** The socket's handshake: `auth: { token }` with the person's access token. */
export const LiveHandshake = z.object({ token: z.string().min(1).max(4096) });
