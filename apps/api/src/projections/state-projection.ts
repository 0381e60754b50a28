import type { Pool } from 'pg';
import { orStoreUnavailable } from '../stores/log/postgres-away.ts';
import type { Queryable } from '../stores/postgres/pool.ts';
import { applyWithCursor, digestOfRows, readCursor, resetTable } from './cursors.ts';
import type { Projection, VehicleEntry } from './projection.ts';
import { toVehicleMotion, type VehicleMotion } from './vehicle-now.ts';
import { emptyVehicleState, mergeEntry, type VehicleState } from './vehicle-state.ts';

// Last-known state of every vehicle. One row each, merged (never overwritten) under a row lock, so that it is the same
// whichever order the entries came in.

/** Street and quarter of a place, where known. */
export type PlaceOf = (lat: number, lon: number) => { street?: string; quarter?: string } | undefined;

export function createStateProjection(pool: Pool, placeOf: PlaceOf = () => undefined): Projection {
  return {
    name: 'state',
    cursor: () => readCursor(pool, 'state'),
    apply: (entries, cursor) =>
      applyWithCursor(pool, 'state', cursor, async (client) => {
        const byVehicle = groupByVehicle(entries);
        if (byVehicle.size === 0) return;
        // In order of id, so that two appliers cannot lock each other out.
        const ids = [...byVehicle.keys()].sort();
        const states = await readStates(client, ids, 'FOR UPDATE');
        for (const [id, ours] of byVehicle) {
          const state = states.get(id) ?? emptyVehicleState();
          for (const entry of ours) mergeEntry(state, entry);
          nameThePlace(state, placeOf);
          states.set(id, state);
        }
        await client.query(
          `INSERT INTO vehicle_states (vehicle_id, state) SELECT * FROM unnest($1::uuid[], $2::jsonb[])
           ON CONFLICT (vehicle_id) DO UPDATE SET state = excluded.state`,
          [ids, ids.map((id) => JSON.stringify(states.get(id)))],
        );
      }),
    reset: () => resetTable(pool, 'state', 'vehicle_states'),
    digest: () => digestOfRows(pool, 'state', 'vehicle_states', `vehicle_id::text || ' ' || state::text`),
  };
}

/** Adds street and quarter to a place that has none yet. */
export function nameThePlace(state: VehicleState, placeOf: PlaceOf): void {
  const { place } = state;
  if (!place || place.street !== undefined || place.quarter !== undefined) return;
  const found = placeOf(place.lat, place.lon);
  if (!found) return;
  const { street, quarter } = found;
  state.place = { ...place, ...(street && { street }), ...(quarter && { quarter }) };
}

export function groupByVehicle(entries: readonly VehicleEntry[]): Map<string, VehicleEntry[]> {
  const groups = new Map<string, VehicleEntry[]>();
  for (const entry of entries) {
    if (entry.vehicleId === undefined) continue;
    const group = groups.get(entry.vehicleId);
    if (group) group.push(entry);
    else groups.set(entry.vehicleId, [entry]);
  }
  return groups;
}

/** Merged states as stored; vehicles that were never heard of are absent. */
export async function readStates(
  db: Queryable,
  vehicleIds: readonly string[],
  lock: '' | 'FOR UPDATE' = '',
): Promise<Map<string, VehicleState>> {
  const { rows } = await orStoreUnavailable(() =>
    db.query<{ vehicle_id: string; state: VehicleState }>(
      `SELECT vehicle_id, state FROM vehicle_states WHERE vehicle_id = ANY($1::uuid[]) ORDER BY vehicle_id ${lock}`,
      [vehicleIds],
    ),
  );
  return new Map(rows.map((row) => [row.vehicle_id, row.state]));
}

/** What boxes say of these vehicles now, by vehicle id; absent when never heard of. Throws `store_unavailable`. */
export async function readVehicleStates(
  db: Queryable,
  vehicleIds: readonly string[],
): Promise<Map<string, VehicleMotion>> {
  const states = await readStates(db, vehicleIds);
  return new Map([...states].map(([id, state]) => [id, toVehicleMotion(state)]));
}
