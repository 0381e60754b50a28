import { roomOfPortfolio, type VehicleChange, type View } from '@temoin/shared/live';
import { listedOnly, type VehicleNow } from '@temoin/shared/vehicles';
import { authorize, hasPermission, scopeOf } from '../access/authorize.ts';
import type { Pool } from '../stores/postgres/pool.ts';
import { isCongested } from './back-pressure.ts';
import { readVehiclesInScope } from './live.repository.ts';
import type { LiveVehicle, LiveVehicles } from './live-vehicles.ts';
import { changeFor, isInView } from './vehicle-change.ts';
import type { LiveIo, Viewer } from './viewer.ts';

// The map's lane: the newest state of each vehicle, conflated. All that is kept per reader is how far they have seen; whoever
// is slow simply sees fewer steps. Readers who see the same get one message that is encoded once.

export interface Portfolio {
  join(viewer: Viewer, view: View | undefined): Promise<VehicleNow[]>;
  look(viewer: Viewer, view: View): boolean;
  leave(viewer: Viewer): void;
  /** Closes the room for those for whom `which` holds; a page then joins again and gets what it may see now. */
  close(which: (viewer: Viewer) => boolean): void;
  /** Sends what `changed` since the last tick. True when somebody could not take all of it yet. */
  tick(changed: readonly LiveVehicle[], now: number): boolean;
}

interface Reader {
  readonly viewer: Viewer;
  view: View | undefined;
  /** Number of the newest change that it has seen. */
  seen: number;
  /** Vehicles that came into view and are told whole, some a tick. */
  cameIntoView: LiveVehicle[];
}

/** Changes in one message: about 120 KB, so that one message never exceeds what may wait for a socket. */
const MOST_CHANGES = 400;

export interface PortfolioDeps {
  readonly io: LiveIo;
  readonly pool: Pool;
  readonly vehicles: LiveVehicles;
  /** There is something to send although no vehicle changed. */
  readonly onUnfinished: () => void;
}

export function createPortfolio({ io, pool, vehicles, onUnfinished }: PortfolioDeps): Portfolio {
  const readers = new Map<Viewer, Reader>();

  /** What a reader has not seen, in the order in which it happened. */
  const unseen = (reader: Reader, changed: readonly LiveVehicle[], before: number): readonly LiveVehicle[] => {
    if (reader.seen >= before) return changed;
    return [...vehicles.all()].filter((v) => v.version > reader.seen).sort((a, b) => a.version - b.version);
  };
  const within = (viewer: Viewer, { organisationId, clientId }: LiveVehicle): boolean => {
    const { actor } = viewer;
    return organisationId === actor.organisationId && (actor.role !== 'client' || clientId === actor.clientId);
  };

  const changesFor = (reader: Reader, list: readonly LiveVehicle[]) => {
    const mayLive = hasPermission(reader.viewer.actor, 'vehicle.live');
    const changes: VehicleChange[] = [];
    let seen = reader.seen;
    for (const vehicle of list) {
      if (changes.length === MOST_CHANGES) return { changes, seen, more: true };
      if (within(reader.viewer, vehicle)) {
        const change = changeFor(vehicle, reader.seen, mayLive, reader.view);
        if (change) changes.push(change);
      }
      seen = vehicle.version;
    }
    return { changes, seen: vehicles.version(), more: false };
  };

  return {
    async join(viewer, view) {
      const scope = scopeOf(viewer.actor, 'vehicle.list');
      const rows = await readVehiclesInScope(pool, scope);
      await vehicles.load(rows.map((row) => row.constant.id));
      // Asked again after the wait: rights may have gone meanwhile.
      authorize(viewer.actor, 'vehicle.list', { organisationId: scope.organisationId ?? '', clientId: scope.clientId });
      const mayLive = hasPermission(viewer.actor, 'vehicle.live');
      const snapshot = rows.map(({ constant }) => {
        const { latest: _latest, ...motion } = vehicles.find(constant.id)?.motion ?? {};
        const now: VehicleNow = { ...constant, ...motion };
        return mayLive ? now : listedOnly(now);
      });
      if (viewer.socket.connected) readers.set(viewer, { viewer, view, seen: vehicles.version(), cameIntoView: [] });
      return snapshot;
    },
    look(viewer, view) {
      const reader = readers.get(viewer);
      if (!reader) return false;
      const before = reader.view;
      reader.view = view;
      // What moved while out of view was not sent: it is now.
      reader.cameIntoView = [...vehicles.all()].filter(
        (v) =>
          v.version > 0 &&
          within(viewer, v) &&
          isInView(v.motion.position, view) &&
          (reader.cameIntoView.includes(v) || (before !== undefined && !isInView(v.motion.position, before))),
      );
      onUnfinished();
      return true;
    },
    leave: (viewer) => readers.delete(viewer),
    close(which) {
      for (const viewer of [...readers.keys()]) {
        if (!which(viewer)) continue;
        readers.delete(viewer);
        viewer.socket.emit('room.closed', { room: roomOfPortfolio(viewer.actor.organisationId), code: 'not_found' });
      }
    },
    tick(changed, now) {
      const before = vehicles.version() - changed.length;
      let unfinished = false;
      const shared = new Map<string, { to: string[]; changes: VehicleChange[]; seen: number }>();
      for (const reader of readers.values()) {
        if (reader.seen === vehicles.version() && reader.cameIntoView.length === 0) continue;
        if (isCongested(reader.viewer.socket)) {
          unfinished = true;
          continue;
        }
        const { actor, socket } = reader.viewer;
        if (reader.cameIntoView.length > 0) {
          // First, so that what follows is newer.
          const arrived = reader.cameIntoView.splice(0, MOST_CHANGES);
          const mayLive = hasPermission(actor, 'vehicle.live');
          const changes = arrived.flatMap((vehicle) => changeFor(vehicle, 0, mayLive, reader.view) ?? []);
          if (changes.length > 0) socket.emit('portfolio.changes', { changes, serverTime: now });
          unfinished = true;
          continue;
        }
        const key = reader.view ? socket.id : `${actor.organisationId}/${actor.clientId}/${actor.role}/${reader.seen}`;
        const same = shared.get(key);
        if (same) {
          same.to.push(socket.id);
          reader.seen = same.seen;
          continue;
        }
        const { changes, seen, more } = changesFor(reader, unseen(reader, changed, before));
        reader.seen = seen;
        unfinished ||= more;
        shared.set(key, { to: [socket.id], changes, seen });
      }
      for (const { to, changes } of shared.values())
        if (changes.length > 0) io.to(to).emit('portfolio.changes', { changes, serverTime: now });
      return unfinished;
    },
  };
}
