import type { Action } from '@temoin/shared/accounts';
import type { Pool } from '../stores/postgres/pool.ts';
import type { Actor } from './actor.ts';
import { authorize, hidden } from './authorize.ts';

/** A vehicle as far as a door must know it. */
export interface VehicleRef {
  readonly id: string;
  readonly vin: string;
  readonly label: string;
  readonly organisationId: string;
  readonly clientId: string | undefined;
}

export interface VehicleAccess {
  /**
   * The vehicle that is meant by an id or a VIN, if `actor` may do `action` to it; `not_found` when it is absent or another's,
   * `forbidden` when the role lacks the action. Both refusals come after the same one query.
   */
  get(actor: Actor, action: Action, idOrVin: string): Promise<VehicleRef>;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const VIN = /^[A-HJ-NPR-Z0-9]{17}$/i;

export function createVehicleAccess(pool: Pool): VehicleAccess {
  return {
    async get(actor, action, idOrVin) {
      const vehicle = await findVehicle(pool, idOrVin);
      authorize(actor, action, vehicle ?? null);
      if (!vehicle) throw hidden();
      return vehicle;
    },
  };
}

async function findVehicle(pool: Pool, idOrVin: string): Promise<VehicleRef | undefined> {
  // What has neither shape names nothing, for anybody: saying so without a query gives nothing away.
  const column = UUID.test(idOrVin) ? 'id' : VIN.test(idOrVin) ? 'vin' : undefined;
  if (!column) return undefined;
  const { rows } = await pool.query<{
    id: string;
    vin: string;
    label: string;
    organisation_id: string;
    client_id: string | null;
  }>(`SELECT id, vin, label, organisation_id, client_id FROM vehicles WHERE ${column} = $1`, [
    column === 'vin' ? idOrVin.toUpperCase() : idOrVin,
  ]);
  const row = rows[0];
  return (
    row && {
      id: row.id,
      vin: row.vin,
      label: row.label,
      organisationId: row.organisation_id,
      clientId: row.client_id ?? undefined,
    }
  );
}
