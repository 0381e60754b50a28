import { createHash, createPublicKey, randomBytes, verify } from 'node:crypto';
import type { BoxPublicKey, EnrolmentCode, EnrolRequest } from '@temoin/shared/boxes';
import type pg from 'pg';
import { AppError } from '../../http/app-error.ts';
import { inTransaction, type Pool } from '../../stores/postgres/pool.ts';

// How a box comes to its identity: somebody who may makes a code for a vehicle, and the box trades it once, with its public
// key and a proof that it holds the private one. The private key never leaves the box.

const CODE_LIFETIME_MS = 24 * 3_600_000;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A new code for a vehicle; it works once, for a day. Older codes stay good until used: two people may each hold one. */
export async function createEnrolmentCode(
  pool: Pool,
  vehicleId: string,
  createdBy: string | undefined,
  nowMs: number,
): Promise<EnrolmentCode> {
  const letters = [...randomBytes(12)].map((byte) => ALPHABET[byte & 31]).join('');
  const expiresAt = nowMs + CODE_LIFETIME_MS;
  await pool.query(
    'INSERT INTO enrolment_codes (code_hash, vehicle_id, created_by, expires_at) VALUES ($1, $2, $3, $4)',
    [hashOf(letters), vehicleId, createdBy ?? null, new Date(expiresAt)],
  );
  return { code: letters.match(/.{4}/g)!.join('-'), vehicleId, expiresAt };
}

export interface Enrolled {
  readonly boxId: string;
  readonly vehicleId: string;
  readonly vehicleLabel: string;
}

/**
 * Trades a code for an identity. Throws `enrolment_code_invalid` for a code that is unknown, used or too old, `bad_request`
 * for a proof that does not fit the key, `conflict` when the key has an identity already. Of two boxes with one code exactly
 * one gets in; a box that asks again because it missed the answer gets the same answer.
 */
export async function enrolBox(pool: Pool, request: EnrolRequest): Promise<Enrolled> {
  if (!isProofGood(request)) {
    throw new AppError('bad_request', 'The proof is not a signature of the code by this key', { field: 'proof' });
  }
  const codeHash = hashOf(request.code.replaceAll('-', ''));
  try {
    return await inTransaction(pool, async (client) => {
      // The row's lock is the gate: the second to come waits here, and then finds the code used.
      const { rows } = await client.query<{ vehicle_id: string }>(
        `UPDATE enrolment_codes SET used_at = now()
          WHERE code_hash = $1 AND used_at IS NULL AND expires_at > now() RETURNING vehicle_id`,
        [codeHash],
      );
      const vehicleId = rows[0]?.vehicle_id;
      if (!vehicleId) return await answerAgain(client, codeHash, request.publicKey.x);
      const enrolled = await installNewBox(client, vehicleId, {
        publicKeyX: request.publicKey.x,
        serial: request.serial,
        agentVersion: request.agentVersion,
      });
      await client.query('UPDATE enrolment_codes SET box_id = $2 WHERE code_hash = $1', [codeHash, enrolled.boxId]);
      return enrolled;
    });
  } catch (error) {
    const { code, constraint } = error as { code?: string; constraint?: string };
    if (code === '23505' && constraint === 'boxes_public_key_x_key') {
      throw new AppError('conflict', 'This key has an identity already; make a new one', { field: 'publicKey' });
    }
    throw error;
  }
}

export interface NewBox {
  readonly publicKeyX?: string;
  readonly legacyKeyHash?: Buffer;
  readonly serial: string;
  readonly agentVersion: string;
}

/**
 * Makes a box and puts it into the vehicle in place of the one that was there. A new box has been nowhere else, so whatever
 * it ever measured, also before it was enrolled, it measured in this vehicle: it is installed "since always".
 */
export async function installNewBox(client: pg.PoolClient, vehicleId: string, box: NewBox): Promise<Enrolled> {
  const { rows: vehicles } = await client.query<{ organisation_id: string; label: string }>(
    'SELECT organisation_id, label FROM vehicles WHERE id = $1 FOR UPDATE',
    [vehicleId],
  );
  const vehicle = vehicles[0];
  if (!vehicle) throw new AppError('not_found', 'There is no such vehicle');
  const { rows: boxes } = await client.query<{ id: string }>(
    `INSERT INTO boxes (organisation_id, serial, public_key_x, legacy_key_hash, agent_version)
     VALUES ($1, $2, $3, $4, $5) RETURNING id`,
    [vehicle.organisation_id, box.serial, box.publicKeyX ?? null, box.legacyKeyHash ?? null, box.agentVersion],
  );
  const boxId = boxes[0]!.id;
  await client.query('UPDATE installations SET to_at = now() WHERE vehicle_id = $1 AND to_at IS NULL', [vehicleId]);
  await client.query('INSERT INTO installations (box_id, vehicle_id) VALUES ($1, $2)', [boxId, vehicleId]);
  await client.query(
    `INSERT INTO audit_log (organisation_id, actor_kind, actor_id, action, subject, detail)
     VALUES ($1, 'box', $2, 'box.enrolled', $2, $3)`,
    [vehicle.organisation_id, boxId, { vehicleId, serial: box.serial }],
  );
  return { boxId, vehicleId, vehicleLabel: vehicle.label };
}

async function answerAgain(client: pg.PoolClient, codeHash: Buffer, publicKeyX: string): Promise<Enrolled> {
  const { rows } = await client.query<{ box_id: string; vehicle_id: string; label: string }>(
    `SELECT b.id AS box_id, c.vehicle_id, v.label
       FROM enrolment_codes c JOIN boxes b ON b.id = c.box_id JOIN vehicles v ON v.id = c.vehicle_id
      WHERE c.code_hash = $1 AND b.public_key_x = $2 AND b.revoked_at IS NULL`,
    [codeHash, publicKeyX],
  );
  const row = rows[0];
  if (!row) throw new AppError('enrolment_code_invalid', 'This code is unknown, used or too old');
  return { boxId: row.box_id, vehicleId: row.vehicle_id, vehicleLabel: row.label };
}

function isProofGood({ code, publicKey, proof }: EnrolRequest): boolean {
  const signature = Buffer.from(proof, 'base64url');
  if (signature.length !== 64) return false;
  try {
    const key = createPublicKey({ key: publicKey satisfies BoxPublicKey, format: 'jwk' });
    // With the dashes as people write it, or without.
    return [code, code.replaceAll('-', '')].some((text) =>
      verify(null, Buffer.from(`temoin-enrol:${text}`), key, signature),
    );
  } catch {
    return false;
  }
}

const hashOf = (letters: string): Buffer => createHash('sha256').update(`temoin-code:${letters}`).digest();
