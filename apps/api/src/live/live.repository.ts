import type { VehicleNow } from '@temoin/shared/vehicles';
import type { Scope } from '../access/authorize.ts';
import { orStoreUnavailable } from '../stores/log/postgres-away.ts';
import type { Pool } from '../stores/postgres/pool.ts';

/** A vehicle as a room must know it: to whom it belongs, and what of it does not change by the second. */
export interface LiveVehicleRow {
  readonly organisationId: string;
  readonly clientId: string | undefined;
  readonly constant: Pick<VehicleNow, 'id' | 'vin' | 'label' | 'model' | 'driver'>;
}

interface Row {
  readonly id: string;
  readonly vin: string;
  readonly label: string;
  readonly make: string;
  readonly model: string;
  readonly driver_name: string | null;
  readonly organisation_id: string;
  readonly client_id: string | null;
}
const COLUMNS = 'id, vin, label, make, model, driver_name, organisation_id, client_id';

export async function readLiveVehicles(pool: Pool, ids: readonly string[]): Promise<LiveVehicleRow[]> {
  const { rows } = await orStoreUnavailable(() =>
    pool.query<Row>(`SELECT ${COLUMNS} FROM vehicles WHERE id = ANY($1::uuid[])`, [ids]),
  );
  return rows.map(toLiveVehicle);
}

export async function readVehiclesInScope(pool: Pool, scope: Scope): Promise<LiveVehicleRow[]> {
  const { rows } = await orStoreUnavailable(() =>
    pool.query<Row>(
      `SELECT ${COLUMNS} FROM vehicles WHERE ($1::uuid IS NULL OR organisation_id = $1)
         AND ($2::uuid IS NULL OR client_id = $2) ORDER BY label, id`,
      [scope.organisationId ?? null, scope.clientId ?? null],
    ),
  );
  return rows.map(toLiveVehicle);
}

const toLiveVehicle = (row: Row): LiveVehicleRow => ({
  organisationId: row.organisation_id,
  clientId: row.client_id ?? undefined,
  constant: {
    id: row.id,
    vin: row.vin,
    label: row.label,
    model: `${row.make} ${row.model}`.trim(),
    ...(row.driver_name !== null && { driver: row.driver_name }),
  },
});
