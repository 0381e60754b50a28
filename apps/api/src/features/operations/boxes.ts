import { AppError } from '../../http/app-error.ts';
import type { Queryable } from '../../stores/postgres/pool.ts';
import type { OperatorBox } from './operations.ts';

interface BoxRow {
  readonly id: string;
  readonly vehicle: string | null;
  readonly legacy: boolean;
  readonly serial: string;
  readonly agent_version: string;
  readonly enrolled_at: Date;
  readonly revoked_at: Date | null;
}

const SELECT = `
  SELECT b.id, v.label AS vehicle, b.public_key_x IS NULL AS legacy, b.serial, b.agent_version, b.enrolled_at, b.revoked_at
  FROM boxes b LEFT JOIN installations i ON i.box_id = b.id AND i.to_at IS NULL LEFT JOIN vehicles v ON v.id = i.vehicle_id`;

const toBox = (row: BoxRow): OperatorBox => ({
  id: row.id,
  ...(row.vehicle !== null && { vehicle: row.vehicle }),
  kind: row.legacy ? 'legacy' : 'signing',
  serial: row.serial,
  agentVersion: row.agent_version,
  enrolledAt: row.enrolled_at.getTime(),
  ...(row.revoked_at && { revokedAt: row.revoked_at.getTime() }),
});

export async function listBoxes(db: Queryable): Promise<OperatorBox[]> {
  const { rows } = await db.query<BoxRow>(`${SELECT} ORDER BY v.label NULLS LAST, b.enrolled_at`);
  return rows.map(toBox);
}

/** Revokes a box by its id, or the one that sits in a vehicle (VIN, label). Revoking again changes nothing. */
export async function revokeBox(
  db: Queryable,
  boxOrVehicle: string,
  revoke: (boxId: string) => Promise<void>,
): Promise<OperatorBox> {
  const { rows } = await db.query<BoxRow>(
    `${SELECT} WHERE b.id::text = lower($1) OR v.vin = upper($1) OR v.label = $1 LIMIT 2`,
    [boxOrVehicle],
  );
  const [box, second] = rows;
  if (!box) throw new AppError('not_found', `There is no box "${boxOrVehicle}" and none in a vehicle of that name`);
  if (second) throw new AppError('conflict', `More than one box fits "${boxOrVehicle}": give its id`);
  await revoke(box.id);
  return { ...toBox(box), revokedAt: box.revoked_at?.getTime() ?? Date.now() };
}
