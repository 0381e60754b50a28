import type { Pool } from 'pg';
import { orStoreUnavailable } from '../stores/log/postgres-away.ts';
import type { Installation, InstallationsOf } from './vehicle-entries.ts';

/**
 * Reads where boxes sit from the database, each time anew: a remembered answer could credit a moved box's readings to its
 * former vehicle, for ever.
 */
export function createInstallationsOf(pool: Pool): InstallationsOf {
  return async (boxIds) => {
    const { rows } = await orStoreUnavailable(() =>
      pool.query<{ box_id: string; vehicle_id: string; from_at: Date | null; to_at: Date | null }>({
        name: 'installations-of',
        text: `SELECT box_id, vehicle_id, from_at, to_at FROM installations WHERE box_id = ANY($1::uuid[])
               ORDER BY from_at DESC NULLS LAST, id`,
        values: [boxIds],
      }),
    );
    const installations = new Map<string, Installation[]>();
    for (const { box_id, vehicle_id, from_at, to_at } of rows) {
      const known = installations.get(box_id) ?? [];
      known.push({ vehicleId: vehicle_id, from: from_at?.getTime(), to: to_at?.getTime() });
      installations.set(box_id, known);
    }
    return installations;
  };
}
