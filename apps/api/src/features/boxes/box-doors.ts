import { createHash, timingSafeEqual } from 'node:crypto';
import type { BoxIdentity } from '../../access/actor.ts';
import { type Asking, bearerOf } from '../../access/identify.ts';
import { AppError } from '../../http/app-error.ts';
import type { Pool } from '../../stores/postgres/pool.ts';
import type { BoxIdentities } from './box-identity.ts';

/** Which box a request comes from, as the doors for uploads ask it. */
export interface BoxDoors {
  /** The box that signed the request's token. Throws `box_token_invalid`, `box_unknown` or `box_revoked`. */
  fromToken(request: Asking): Promise<BoxIdentity>;
  /**
   * The box of an old-format upload, by its key. `hashedVin` (SHA-256 of the VIN, hex) must be that of the vehicle in which
   * the box sits: it only names, it proves nothing. Throws `legacy_key_invalid` for every reason alike.
   */
  fromLegacyKey(request: Asking, hashedVin: string): Promise<BoxIdentity>;
}

export function createBoxDoors(pool: Pool, boxes: BoxIdentities): BoxDoors {
  return {
    async fromToken(request) {
      return boxes.verify(tokenOf(request, 'box_token_invalid'));
    },
    async fromLegacyKey(request, hashedVin) {
      const refused = new AppError('legacy_key_invalid', 'No box of this vehicle has this key');
      const identity = await boxes.verifyLegacyKey(tokenOf(request, 'legacy_key_invalid')).catch((error: AppError) => {
        throw error.code === 'box_revoked' || error.code === 'legacy_key_invalid' ? refused : error;
      });
      const vin = await vinOfBox(pool, identity.boxId);
      if (!vin || !isSame(hashVin(vin), hashedVin)) throw refused;
      return identity;
    },
  };
}

/** As the old system named vehicles: SHA-256 of the VIN in capitals, hex. */
export const hashVin = (vin: string): string => createHash('sha256').update(vin.toUpperCase()).digest('hex');

async function vinOfBox(pool: Pool, boxId: string): Promise<string | undefined> {
  const { rows } = await pool.query<{ vin: string }>(
    'SELECT v.vin FROM installations i JOIN vehicles v ON v.id = i.vehicle_id WHERE i.box_id = $1 AND i.to_at IS NULL',
    [boxId],
  );
  return rows[0]?.vin;
}

function tokenOf(request: Asking, code: 'box_token_invalid' | 'legacy_key_invalid'): string {
  try {
    return bearerOf(request);
  } catch {
    throw new AppError(code, 'The box must say who it is');
  }
}

const isSame = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
