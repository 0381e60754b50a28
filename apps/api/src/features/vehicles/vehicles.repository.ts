import type { Scope } from '../../access/authorize.ts';
import type { Pool } from '../../stores/postgres/pool.ts';

/** What of a vehicle does not change by the second. */
export interface VehicleRow {
  readonly id: string;
  readonly vin: string;
  readonly label: string;
  readonly plate: string;
  readonly make: string;
  readonly model: string;
  readonly year: number | undefined;
  readonly fuel: string | undefined;
  readonly driver: string | undefined;
}

interface Row {
  id: string;
  vin: string;
  label: string;
  plate: string;
  make: string;
  model: string;
  year: number | null;
  fuel: string | null;
  driver_name: string | null;
}

const COLUMNS = 'v.id, v.vin, v.label, v.plate, v.make, v.model, v.year, v.fuel, v.driver_name';

const read = (row: Row): VehicleRow => ({
  ...{ id: row.id, vin: row.vin, label: row.label, plate: row.plate, make: row.make, model: row.model },
  ...{ year: row.year ?? undefined, fuel: row.fuel ?? undefined, driver: row.driver_name ?? undefined },
});

export interface VehicleFilter {
  readonly scope: Scope;
  /** Words that must all occur in label, plate, VIN, make, model, client, contract or (if `withDriver`) driver. */
  readonly words: readonly string[];
  readonly withDriver: boolean;
  /** Where the page before ended. */
  readonly after: { readonly label: string; readonly id: string } | undefined;
  readonly limit: number;
}

/** Vehicles within reach, by label. */
export async function listVehicles(pool: Pool, filter: VehicleFilter): Promise<VehicleRow[]> {
  const { rows } = await pool.query<Row>(
    `SELECT ${COLUMNS}
       FROM vehicles v LEFT JOIN clients c ON c.id = v.client_id
      WHERE ($1::uuid IS NULL OR v.organisation_id = $1)
        AND ($2::uuid IS NULL OR v.client_id = $2)
        AND ($3::text IS NULL OR (v.label, v.id) > ($3, $4::uuid))
        AND NOT EXISTS (
          SELECT 1 FROM unnest($5::text[]) AS word
           WHERE concat_ws(E'\\n', v.label, replace(v.label, '-', ''), v.plate, replace(v.plate, '-', ''), v.vin,
                   v.make || ' ' || v.model, CASE WHEN $6 THEN v.driver_name END, c.name,
                   (SELECT string_agg(n.number, E'\\n') FROM contracts n WHERE n.vehicle_id = v.id)) NOT ILIKE word)
      ORDER BY v.label, v.id LIMIT $7`,
    [
      ...[filter.scope.organisationId ?? null, filter.scope.clientId ?? null],
      ...[filter.after?.label ?? null, filter.after?.id ?? null],
      ...[filter.words.map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`), filter.withDriver, filter.limit],
    ],
  );
  return rows.map(read);
}

export interface VehicleBelongings {
  readonly client: { readonly id: string; readonly name: string } | undefined;
  readonly contract: { readonly number: string; readonly product: string } | undefined;
  readonly box:
    | { readonly id: string; readonly serial: string; readonly agentVersion: string; readonly enrolledAt: number }
    | undefined;
}

/** One vehicle with client, contract in force and box. The caller has decided that it may be seen. */
export async function readVehicle(pool: Pool, id: string): Promise<(VehicleRow & VehicleBelongings) | undefined> {
  const { rows } = await pool.query<
    Row & {
      client_id: string | null;
      client_name: string;
      number: string | null;
      product: string;
      box_id: string | null;
      serial: string;
      agent_version: string;
      enrolled_at: Date;
    }
  >(
    `SELECT ${COLUMNS}, c.id AS client_id, c.name AS client_name, n.number, n.product,
            b.id AS box_id, b.serial, b.agent_version, b.enrolled_at
       FROM vehicles v
       LEFT JOIN clients c ON c.id = v.client_id
       LEFT JOIN LATERAL (SELECT number, product FROM contracts WHERE vehicle_id = v.id AND from_at <= now()
                           AND (to_at IS NULL OR to_at > now()) ORDER BY from_at DESC LIMIT 1) n ON true
       LEFT JOIN installations i ON i.vehicle_id = v.id AND i.to_at IS NULL
       LEFT JOIN boxes b ON b.id = i.box_id
      WHERE v.id = $1`,
    [id],
  );
  const row = rows[0];
  if (!row) return undefined;
  return {
    ...read(row),
    client: row.client_id ? { id: row.client_id, name: row.client_name } : undefined,
    contract: row.number ? { number: row.number, product: row.product } : undefined,
    box: row.box_id
      ? { id: row.box_id, serial: row.serial, agentVersion: row.agent_version, enrolledAt: row.enrolled_at.getTime() }
      : undefined,
  };
}
