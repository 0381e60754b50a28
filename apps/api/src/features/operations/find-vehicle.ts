import { AppError } from '../../http/app-error.ts';
import type { Queryable } from '../../stores/postgres/pool.ts';

export interface FoundVehicle {
  readonly id: string;
  readonly vin: string;
  readonly label: string;
}

/** The vehicle of a VIN, label or id, of whatever insurer; throws `not_found`, or `conflict` when a label is not unique. */
export async function findVehicle(db: Queryable, text: string): Promise<FoundVehicle> {
  const { rows } = await db.query<FoundVehicle>(
    'SELECT id, vin, label FROM vehicles WHERE vin = upper($1) OR label = $1 OR plate = $1 OR id::text = lower($1) LIMIT 2',
    [text],
  );
  const [vehicle, second] = rows;
  if (!vehicle) throw new AppError('not_found', `There is no vehicle "${text}" (give its VIN, label or id)`);
  if (second) throw new AppError('conflict', `More than one vehicle is called "${text}": give the VIN`);
  return vehicle;
}

/** The only insurer, or the one of that name. Throws `bad_request` when it is not clear which. */
export async function findOrganisation(db: Queryable, name: string | undefined): Promise<{ id: string; name: string }> {
  const { rows } = await db.query<{ id: string; name: string }>(
    'SELECT id, name FROM organisations WHERE $1::text IS NULL OR name = $1 LIMIT 2',
    [name ?? null],
  );
  const [organisation, second] = rows;
  if (!organisation)
    throw new AppError('not_found', name ? `There is no insurer "${name}"` : 'There is no insurer yet');
  if (second) throw new AppError('bad_request', 'There is more than one insurer: name one with --organisation');
  return organisation;
}
