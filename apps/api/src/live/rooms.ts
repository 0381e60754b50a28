import { roomOfVehicle, type VehicleFact } from '@temoin/shared/live';
import type { Reading } from '@temoin/shared/telemetry';
import type { VehicleNow } from '@temoin/shared/vehicles';
import { authorize } from '../access/authorize.ts';
import type { Access } from '../access/identify.ts';
import type { VehicleRef } from '../access/vehicle-access.ts';
import { AppError } from '../http/app-error.ts';
import type { VehicleEntry } from '../projections/projection.ts';
import type { Pool } from '../stores/postgres/pool.ts';
import { bufferedBytes, cutOff, isCongested, MOST_BUFFERED_BYTES } from './back-pressure.ts';
import { readLiveVehicles } from './live.repository.ts';
import type { LiveVehicles } from './live-vehicles.ts';
import type { LiveIo, Viewer } from './viewer.ts';

// One room per vehicle: every reading as it comes, and facts. Whoever joins was allowed to by the one authorization function,
// and is asked about again whenever rights change.

export interface Rooms {
  /** Throws `not_found`, `forbidden`, or `too_many_requests` beyond the number of rooms of one page. */
  join(viewer: Viewer, idOrVin: string): Promise<VehicleNow>;
  leave(viewer: Viewer, idOrVin: string): void;
  leaveAll(viewer: Viewer): void;
  /** Asks again for all rooms of these viewers (or of these vehicles) and closes those that are no longer theirs. */
  recheck(which: (viewer: Viewer, vehicle: VehicleRef) => boolean): Promise<void>;
  add(entry: VehicleEntry): void;
  /** Sends what was added since the last tick. True when somebody could not take all of it yet. */
  tick(): boolean;
  openRooms(): number;
}

interface Room {
  readonly vehicle: VehicleRef;
  readonly viewers: Set<Viewer>;
  readings: Reading[];
  facts: VehicleFact[];
  /** Slow readers, each with the newest reading that they missed and the facts that still wait for them. */
  readonly held: Map<Viewer, { readonly reading: Reading | undefined; readonly facts: readonly VehicleFact[] }>;
}

export const MOST_ROOMS = 50;
/** Readings of one vehicle in one message, about 100 KB; a backlog that arrives at once is history, not live. */
const MOST_READINGS = 500;
/** A fact on the wire, about. */
const FACT_BYTES = 256;
/** Facts (shared between readers) that wait for one slow reader before it is cut off. */
const MOST_WAITING_FACTS = 1_000;

export function createRooms(io: LiveIo, pool: Pool, access: Pick<Access, 'vehicles'>, vehicles: LiveVehicles): Rooms {
  const rooms = new Map<string, Room>();
  const roomsOf = new Map<Viewer, Set<Room>>();

  const remove = (viewer: Viewer, room: Room) => {
    room.viewers.delete(viewer);
    room.held.delete(viewer);
    roomsOf.get(viewer)?.delete(room);
    if (room.viewers.size === 0) rooms.delete(room.vehicle.id);
  };

  const sendFacts = (room: Room) => {
    const facts = room.facts.splice(0);
    for (const viewer of room.viewers) {
      const held = room.held.get(viewer);
      const waiting = [...(held?.facts ?? []), ...facts];
      if (waiting.length === 0) continue;
      const space = MOST_BUFFERED_BYTES / 2 - bufferedBytes(viewer.socket);
      const sendable = Math.max(0, Math.floor(space / FACT_BYTES));
      for (const fact of waiting.slice(0, sendable)) viewer.socket.emit('vehicle.fact', fact);
      const left = waiting.slice(sendable);
      // Dropping a fact in silence would be a lie; a page that is cut off knows to ask again.
      if (left.length > MOST_WAITING_FACTS) cutOff(viewer.socket);
      else if (left.length > 0) room.held.set(viewer, { reading: held?.reading, facts: left });
      else if (held) room.held.set(viewer, { reading: held.reading, facts: [] });
    }
  };
  const sendReadings = (room: Room) => {
    const { vehicle, held } = room;
    const readings = room.readings.splice(0);
    const newest = readings.at(-1);
    const ready: string[] = [];
    for (const viewer of room.viewers) {
      const kept = held.get(viewer);
      if (isCongested(viewer.socket)) {
        if (newest) held.set(viewer, { reading: newest, facts: kept?.facts ?? [] });
        continue;
      }
      if (newest) ready.push(viewer.socket.id);
      else if (kept?.reading)
        viewer.socket.emit('vehicle.readings', { vehicleId: vehicle.id, readings: [kept.reading] });
      if (kept?.facts.length) held.set(viewer, { reading: undefined, facts: kept.facts });
      else held.delete(viewer);
    }
    if (newest && ready.length > 0) io.to(ready).emit('vehicle.readings', { vehicleId: vehicle.id, readings });
  };

  return {
    async join(viewer, idOrVin) {
      const mine = roomsOf.get(viewer) ?? new Set();
      if (mine.size >= MOST_ROOMS) throw new AppError('too_many_requests', `at most ${MOST_ROOMS} vehicles at once`);
      const vehicle = await access.vehicles.get(viewer.actor, 'vehicle.live', idOrVin);
      const [[row]] = await Promise.all([readLiveVehicles(pool, [vehicle.id]), vehicles.load([vehicle.id])]);
      if (!row) throw new AppError('not_found');
      // Asked again after the wait: rights may have gone meanwhile.
      authorize(viewer.actor, 'vehicle.live', vehicle);
      if (viewer.socket.connected) {
        const room = rooms.get(vehicle.id) ?? { vehicle, viewers: new Set(), readings: [], facts: [], held: new Map() };
        rooms.set(vehicle.id, room);
        room.viewers.add(viewer);
        mine.add(room);
        roomsOf.set(viewer, mine);
      }
      return { ...row.constant, ...vehicles.motionNow(vehicle.id) };
    },
    leave(viewer, idOrVin) {
      for (const room of roomsOf.get(viewer) ?? [])
        if (room.vehicle.id === idOrVin || room.vehicle.vin === idOrVin.toUpperCase()) remove(viewer, room);
    },
    leaveAll(viewer) {
      for (const room of [...(roomsOf.get(viewer) ?? [])]) remove(viewer, room);
      roomsOf.delete(viewer);
    },
    async recheck(which) {
      const pairs = [...rooms.values()].flatMap((room) =>
        [...room.viewers].filter((viewer) => which(viewer, room.vehicle)).map((viewer) => ({ viewer, room })),
      );
      for (const { viewer, room } of pairs) {
        try {
          await access.vehicles.get(viewer.actor, 'vehicle.live', room.vehicle.id);
        } catch (error) {
          if (!(error instanceof AppError) || !['not_found', 'forbidden'].includes(error.code)) throw error;
          remove(viewer, room);
          viewer.socket.emit('room.closed', { room: roomOfVehicle(room.vehicle.vin), code: 'not_found' });
        }
      }
    },
    add({ vehicleId = '', readings, facts, entry }) {
      const room = rooms.get(vehicleId);
      if (!room) return;
      room.readings.push(...readings);
      if (room.readings.length > MOST_READINGS) room.readings.splice(0, room.readings.length - MOST_READINGS);
      for (const fact of facts) room.facts.push({ vehicleId, cursor: entry.position.toString(), fact });
    },
    tick() {
      let unfinished = false;
      for (const room of rooms.values()) {
        sendFacts(room);
        sendReadings(room);
        if (room.held.size > 0) unfinished = true;
      }
      return unfinished;
    },
    openRooms: () => rooms.size,
  };
}
