import { createHash, randomBytes } from 'node:crypto';
import type { Scope } from '../../access/authorize.ts';
import { AppError } from '../../http/app-error.ts';
import { inTransaction, type Pool } from '../../stores/postgres/pool.ts';
import { installNewBox } from './enrolment.ts';

export interface BoxRow {
  readonly id: string;
  readonly organisationId: string;
  readonly serial: string;
  readonly agentVersion: string;
  readonly enrolledAt: number;
  readonly revokedAt: number | undefined;
  readonly legacy: boolean;
  readonly vehicle: { readonly id: string; readonly label: string; readonly vin: string } | undefined;
}

interface Row {
  id: string;
  organisation_id: string;
  serial: string;
  agent_version: string;
  enrolled_at: Date;
  revoked_at: Date | null;
  legacy: boolean;
  vehicle_id: string | null;
  label: string;
  vin: string;
}

const SELECT = `SELECT b.id, b.organisation_id, b.serial, b.agent_version, b.enrolled_at, b.revoked_at,
    b.legacy_key_hash IS NOT NULL AS legacy, v.id AS vehicle_id, v.label, v.vin
  FROM boxes b
  LEFT JOIN installations i ON i.box_id = b.id AND i.to_at IS NULL
  LEFT JOIN vehicles v ON v.id = i.vehicle_id`;

const read = (row: Row): BoxRow => ({
  id: row.id,
  organisationId: row.organisation_id,
  serial: row.serial,
  agentVersion: row.agent_version,
  enrolledAt: row.enrolled_at.getTime(),
  revokedAt: row.revoked_at?.getTime(),
  legacy: row.legacy,
  vehicle: row.vehicle_id ? { id: row.vehicle_id, label: row.label, vin: row.vin } : undefined,
});

/** The boxes within somebody's reach, in pages by id; `after` is the id of the last one had. */
export async function listBoxes(pool: Pool, scope: Scope, after: string | undefined, limit: number): Promise<BoxRow[]> {
  const { rows } = await pool.query<Row>(
    `${SELECT} WHERE ($1::uuid IS NULL OR b.organisation_id = $1) AND ($2::uuid IS NULL OR v.client_id = $2)
       AND ($3::uuid IS NULL OR b.id > $3) ORDER BY b.id LIMIT $4`,
    [scope.organisationId ?? null, scope.clientId ?? null, after ?? null, limit],
  );
  return rows.map(read);
}

export async function findBox(pool: Pool, boxId: string): Promise<BoxRow | undefined> {
  const { rows } = await pool.query<Row>(`${SELECT} WHERE b.id = $1`, [boxId]);
  return rows[0] && read(rows[0]);
}

/** From this moment on nothing that the box sends is taken; what it sent before stays. Again changes nothing. */
export async function revokeBox(pool: Pool, boxId: string, by: string): Promise<void> {
  await inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ organisation_id: string }>(
      'UPDATE boxes SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL RETURNING organisation_id',
      [boxId],
    );
    if (!rows[0]) return;
    await client.query('UPDATE installations SET to_at = now() WHERE box_id = $1 AND to_at IS NULL', [boxId]);
    await client.query(
      `INSERT INTO audit_log (organisation_id, actor_kind, actor_id, action, subject) VALUES ($1, $2, $3, 'box.revoked', $4)`,
      [rows[0].organisation_id, by === 'operator' ? 'operator' : 'person', by, boxId],
    );
  });
}

/** A key in words for a box that speaks the old format. It is shown now and never again; an older one stops working. */
export async function issueLegacyKey(pool: Pool, boxId: string): Promise<string> {
  const key = newLegacyKey();
  const { rowCount } = await pool.query('UPDATE boxes SET legacy_key_hash = $2 WHERE id = $1 AND revoked_at IS NULL', [
    boxId,
    hashOf(key),
  ]);
  if (rowCount !== 1) throw new AppError('not_found', 'There is no such box');
  return key;
}

/** A box that can do nothing but the old format, put into a vehicle. The key is shown now and never again. */
export async function createLegacyBox(
  pool: Pool,
  vehicleId: string,
  serial: string,
): Promise<{ boxId: string; key: string }> {
  const key = newLegacyKey();
  const { boxId } = await inTransaction(pool, (client) =>
    installNewBox(client, vehicleId, { serial, agentVersion: '', legacyKeyHash: hashOf(key) }),
  );
  return { boxId, key };
}

const newLegacyKey = (): string => `temoin-box-${randomBytes(24).toString('base64url')}`;
const hashOf = (key: string): Buffer => createHash('sha256').update(key).digest();
