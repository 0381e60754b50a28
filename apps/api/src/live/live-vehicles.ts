import { stateOf } from '@temoin/shared/vehicles';
import type { VehicleEntry } from '../projections/projection.ts';
import { nameThePlace, type PlaceOf, readStates } from '../projections/state-projection.ts';
import { toVehicleMotion, type VehicleMotion } from '../projections/vehicle-now.ts';
import { emptyVehicleState, mergeEntry, type VehicleState } from '../projections/vehicle-state.ts';
import type { Pool } from '../stores/postgres/pool.ts';
import { readLiveVehicles } from './live.repository.ts';

// The states of all vehicles that were heard of, in memory: the same merge as the stored projection, a tick ahead of it. What
// changed gets the next number of one counter, so that a reader needs to remember one number and nothing else: "I have seen
// up to here". That is the whole conflation: whoever comes late is told the newest state, once.

export interface LiveVehicle {
  readonly id: string;
  organisationId: string;
  clientId: string | undefined;
  readonly state: VehicleState;
  motion: VehicleMotion;
  /** Where it was at the change before, so that one that leaves a view is seen leaving. */
  previousPosition: VehicleMotion['position'];
  /** Number of its newest change, of the newest one in faults, alarm and the like, and of the newest for coarse readers. */
  version: number;
  slowVersion: number;
  coarseVersion: number;
  coarseAt: number;
  /** Parts that it ever had: only these can be cleared. */
  readonly hadParts: Set<keyof VehicleMotion>;
}

export interface LiveVehicles {
  /** Number of the newest change of all. */
  version(): number;
  find(id: string): LiveVehicle | undefined;
  all(): Iterable<LiveVehicle>;
  /** With everything merged so far, also what is not settled yet. */
  motionNow(id: string): VehicleMotion | undefined;
  /** Reads those that are not here yet. Throws `store_unavailable`. */
  load(ids: readonly string[]): Promise<void>;
  /** Reads again to whom these belong (all without ids); vehicles that are gone are forgotten. */
  reloadOwners(ids?: readonly string[]): Promise<void>;
  merge(id: string, entry: VehicleEntry): void;
  /** Numbers what changed since the last call and returns it in that order. */
  settle(now: number): LiveVehicle[];
}

/** Parts that change rarely; each is an object, so they are compared as text. */
const SLOW_PARTS = ['alarm', 'faults', 'origin', 'locationOff'] as const;
/** Who may not see values, or looks elsewhere, still hears this often that a vehicle is alive. */
const COARSE_EVERY_MS = 10_000;

export function createLiveVehicles(pool: Pool, placeOf: PlaceOf): LiveVehicles {
  const vehicles = new Map<string, LiveVehicle>();
  const dirty = new Set<LiveVehicle>();
  let version = 0;

  const settleOne = (vehicle: LiveVehicle, now: number) => {
    nameThePlace(vehicle.state, placeOf);
    const before = vehicle.motion;
    const motion = toVehicleMotion(vehicle.state);
    vehicle.motion = motion;
    vehicle.previousPosition = before.position;
    version += 1;
    vehicle.version = version;
    const slowChanged = SLOW_PARTS.some((part) => JSON.stringify(before[part]) !== JSON.stringify(motion[part]));
    if (slowChanged) vehicle.slowVersion = version;
    if (slowChanged || stateOf(before, now) !== stateOf(motion, now) || now - vehicle.coarseAt >= COARSE_EVERY_MS) {
      vehicle.coarseVersion = version;
      vehicle.coarseAt = now;
    }
    for (const part of Object.keys(motion)) vehicle.hadParts.add(part as keyof VehicleMotion);
  };

  return {
    version: () => version,
    find: (id) => vehicles.get(id),
    all: () => vehicles.values(),
    motionNow(id) {
      const vehicle = vehicles.get(id);
      if (!vehicle || !dirty.has(vehicle)) return vehicle?.motion;
      nameThePlace(vehicle.state, placeOf);
      return toVehicleMotion(vehicle.state);
    },
    async load(ids) {
      const missing = ids.filter((id) => !vehicles.has(id));
      if (missing.length === 0) return;
      const [rows, states] = await Promise.all([readLiveVehicles(pool, missing), readStates(pool, missing)]);
      for (const { constant, organisationId, clientId } of rows) {
        if (vehicles.has(constant.id)) continue;
        const state = states.get(constant.id) ?? emptyVehicleState();
        const motion = toVehicleMotion(state);
        vehicles.set(constant.id, {
          ...{ id: constant.id, organisationId, clientId, state, motion, previousPosition: motion.position },
          ...{ version: 0, slowVersion: 0, coarseVersion: 0, coarseAt: 0 },
          hadParts: new Set(Object.keys(motion) as (keyof VehicleMotion)[]),
        });
      }
    },
    async reloadOwners(ids = [...vehicles.keys()]) {
      const rows = new Map((await readLiveVehicles(pool, ids)).map((row) => [row.constant.id, row]));
      for (const id of ids) {
        const vehicle = vehicles.get(id);
        const row = rows.get(id);
        if (vehicle && row) Object.assign(vehicle, { organisationId: row.organisationId, clientId: row.clientId });
        else vehicles.delete(id);
      }
    },
    merge(id, entry) {
      const vehicle = vehicles.get(id);
      if (!vehicle) return;
      mergeEntry(vehicle.state, entry);
      dirty.add(vehicle);
    },
    settle(now) {
      const changed = [...dirty];
      dirty.clear();
      for (const vehicle of changed) settleOne(vehicle, now);
      return changed;
    },
  };
}
