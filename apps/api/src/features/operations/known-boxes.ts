import type { Queryable } from '../../stores/postgres/pool.ts';
import type { KnownBox } from './verify-log.ts';

/** Key and present (else last) vehicle of a box, revoked boxes included: what they signed stays signed. */
export async function findKnownBox(db: Queryable, boxId: string): Promise<KnownBox | undefined> {
  const { rows } = await db.query<{ public_key_x: string | null; label: string | null }>(
    `SELECT b.public_key_x, v.label FROM boxes b
     LEFT JOIN LATERAL (SELECT vehicle_id FROM installations WHERE box_id = b.id ORDER BY to_at DESC NULLS FIRST LIMIT 1) i ON true
     LEFT JOIN vehicles v ON v.id = i.vehicle_id WHERE b.id = $1`,
    [boxId],
  );
  const row = rows[0];
  return row && { publicKeyX: row.public_key_x, vehicle: row.label ?? undefined };
}
