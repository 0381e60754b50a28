import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { inTransaction, type Pool } from '../../stores/postgres/pool.ts';
import { DEMO_CLIENTS, DEMO_ORGANISATION, DEMO_PASSWORD, DEMO_PEOPLE } from './demo-people.ts';
import { type DemoVehicle, demoVehicle } from './demo-vehicles.ts';
import { createPerson } from './people.ts';

// Makes what the demonstration needs and nothing that is there already, so that it can run at every start. The boxes of its
// vehicles are real ones that enrol through the same door as all others; they find their codes in a file.

export interface DemoDeps {
  readonly pool: Pool;
  readonly vehicles: number;
  readonly dataFolder: string;
  readonly createEnrolmentCode: (vehicleId: string) => Promise<{ code: string }>;
}

/** One line of `demo/fleet.json`; `code` is absent once a box of the vehicle is enrolled. */
export interface DemoFleetEntry {
  readonly label: string;
  readonly vin: string;
  readonly model: string;
  readonly fuel: string;
  readonly code?: string;
}

/** Answers the accounts that pages and the start may show. */
export async function seedDemo(
  deps: DemoDeps,
): Promise<{ email: string; name: string; role: string; password: string }[]> {
  const wanted = Array.from({ length: deps.vehicles }, (_, index) => demoVehicle(index));
  const { organisationId, clients, vehicles } = await inTransaction(deps.pool, async (client) => {
    // One at a time: two processes that start together must not both give out codes.
    await client.query(`SELECT pg_advisory_xact_lock(7463112)`);
    const organisation = await idOf(
      client,
      'INSERT INTO organisations (name) VALUES ($1) ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING id',
      [DEMO_ORGANISATION],
    );
    const clientIds = new Map<string, string>();
    for (const { name } of DEMO_CLIENTS) {
      const id = await idOf(
        client,
        `INSERT INTO clients (organisation_id, name) VALUES ($1, $2)
         ON CONFLICT (organisation_id, name) DO UPDATE SET name = excluded.name RETURNING id`,
        [organisation, name],
      );
      clientIds.set(name, id);
    }
    const made = await ensureVehicles(client, organisation, clientIds, wanted);
    return { organisationId: organisation, clients: clientIds, vehicles: made };
  });
  await ensurePeople(deps.pool, organisationId, clients);
  await writeFleetFile(deps, wanted, vehicles);
  return DEMO_PEOPLE.map(({ email, name, role }) => ({ email, name, role, password: DEMO_PASSWORD }));
}

interface VehicleInPlace {
  readonly id: string;
  readonly vin: string;
  readonly has_box: boolean;
}

async function ensureVehicles(
  client: pg.PoolClient,
  organisationId: string,
  clients: ReadonlyMap<string, string>,
  wanted: readonly DemoVehicle[],
): Promise<Map<string, VehicleInPlace>> {
  const column = <T>(pick: (vehicle: DemoVehicle) => T) => wanted.map(pick);
  await client.query(
    `INSERT INTO vehicles (organisation_id, client_id, vin, label, plate, make, model, year, fuel, driver_name)
     SELECT $1, * FROM unnest($2::uuid[], $3::text[], $4::text[], $4::text[], $5::text[], $6::text[], $7::int[], $8::text[], $9::text[])
     ON CONFLICT DO NOTHING`,
    [
      ...[organisationId, column((v) => clients.get(v.client)), column((v) => v.vin), column((v) => v.label)],
      ...[
        column((v) => v.make),
        column((v) => v.model),
        column((v) => v.year),
        column((v) => v.fuel),
        column((v) => v.driver),
      ],
    ],
  );
  const { rows } = await client.query<VehicleInPlace>(
    `SELECT v.id, v.vin, EXISTS (SELECT 1 FROM installations i WHERE i.vehicle_id = v.id AND i.to_at IS NULL) AS has_box
       FROM vehicles v WHERE v.vin = ANY($1)`,
    [column((v) => v.vin)],
  );
  const byVin = new Map(rows.map((row) => [row.vin, row]));
  await client.query(
    `INSERT INTO contracts (organisation_id, client_id, vehicle_id, number, product, from_at)
     SELECT $1, c, v, n, p, make_timestamptz(split_part(n, '-', 2)::int, 3, 1, 0, 0, 0, 'UTC')
       FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[]) AS t (c, v, n, p)
      WHERE v IS NOT NULL ON CONFLICT DO NOTHING`,
    [
      ...[organisationId, column((v) => clients.get(v.client)), column((v) => byVin.get(v.vin)?.id)],
      ...[column((v) => v.contract), column((v) => v.product)],
    ],
  );
  return byVin;
}

async function ensurePeople(pool: Pool, organisationId: string, clients: ReadonlyMap<string, string>): Promise<void> {
  const { rows } = await pool.query<{ email: string }>('SELECT email FROM people WHERE email = ANY($1)', [
    DEMO_PEOPLE.map(({ email }) => email),
  ]);
  const known = new Set(rows.map((row) => row.email));
  for (const { client, ...person } of DEMO_PEOPLE) {
    if (known.has(person.email)) continue;
    const clientId = client && clients.get(client);
    await createPerson(
      pool,
      { ...person, organisationId, password: DEMO_PASSWORD, ...(clientId && { clientId }) },
      'operator',
    );
  }
}

/** Codes live a day and only their hashes are kept, so each start gives new ones to the boxes that are not enrolled yet. */
async function writeFleetFile(
  deps: DemoDeps,
  wanted: readonly DemoVehicle[],
  vehicles: ReadonlyMap<string, VehicleInPlace>,
): Promise<void> {
  const fleet: DemoFleetEntry[] = [];
  for (const { label, vin, make, model, fuel } of wanted) {
    const vehicle = vehicles.get(vin);
    if (!vehicle) continue;
    const code = vehicle.has_box ? undefined : (await deps.createEnrolmentCode(vehicle.id)).code;
    fleet.push({ label, vin, fuel, model: `${make} ${model}`, ...(code && { code }) });
  }
  const file = join(deps.dataFolder, 'demo', 'fleet.json');
  await mkdir(join(deps.dataFolder, 'demo'), { recursive: true });
  const text = `${JSON.stringify(fleet, null, 1)}\n`;
  if ((await readFile(file, 'utf8').catch(() => '')) === text) return;
  await writeFile(`${file}.new`, text, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

async function idOf(client: pg.PoolClient, sql: string, values: unknown[]): Promise<string> {
  const { rows } = await client.query<{ id: string }>(sql, values);
  return rows[0]!.id;
}
