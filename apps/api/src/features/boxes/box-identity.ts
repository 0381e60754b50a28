import { createHash } from 'node:crypto';
import { BOX_TOKEN } from '@temoin/shared/boxes';
import { decodeJwt, importJWK, jwtVerify } from 'jose';
import type { BoxIdentity } from '../../access/actor.ts';
import type { RightsEvents } from '../../access/rights-events.ts';
import { AppError } from '../../http/app-error.ts';
import type { Pool } from '../../stores/postgres/pool.ts';

// Who a box is. It signs its own short tokens; we hold nothing but its public key, and taking that row away is all that
// revoking needs. A box sends the same token for minutes, so a good one is remembered until it expires or the box's rights
// change, whichever process changed them.

export interface BoxIdentities {
  /** Throws `box_token_invalid`, `box_unknown` or `box_revoked`. */
  verify(token: string): Promise<BoxIdentity>;
  /** For the old upload format; throws `legacy_key_invalid` or `box_revoked`. */
  verifyLegacyKey(key: string): Promise<BoxIdentity>;
}

export interface BoxIdentityDeps {
  readonly pool: Pool;
  readonly rights: RightsEvents;
  /** What a token must name as its audience, one of these. */
  readonly publicOrigins: readonly string[];
  readonly now?: () => number;
}

/** A box's clock may be off by this much. */
const CLOCK_TOLERANCE_S = 60;
const MOST_REMEMBERED = 20_000;
const REMEMBER_KEY_MS = 300_000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function createBoxIdentities({ pool, rights, publicOrigins, now = Date.now }: BoxIdentityDeps): BoxIdentities {
  const remembered = new Map<string, { identity: BoxIdentity; until: number }>();
  let changes = 0;
  rights.on((event) => {
    changes += 1;
    if (event.kind === 'everything') remembered.clear();
    if (event.kind !== 'box') return;
    for (const [credential, { identity }] of remembered) if (identity.boxId === event.id) remembered.delete(credential);
  });

  const recall = (credential: string): BoxIdentity | undefined => {
    const known = remembered.get(credential);
    if (!known || !rights.isListening() || known.until <= now()) return undefined;
    return known.identity;
  };
  const remember = (credential: string, identity: BoxIdentity, until: number, changesBefore: number): BoxIdentity => {
    if (changes === changesBefore && rights.isListening()) {
      // The oldest goes; a map keeps the order in which entries came.
      if (remembered.size >= MOST_REMEMBERED) remembered.delete(remembered.keys().next().value!);
      remembered.set(credential, { identity, until });
    }
    return identity;
  };

  return {
    async verify(token) {
      const known = recall(token);
      if (known) return known;
      const before = changes;
      const boxId = claimedBox(token);
      const box = await readBox(pool, 'id', boxId);
      if (!box?.identity.publicKeyX) throw new AppError('box_unknown', 'This box is not enrolled here');
      const expiresS = await checkToken(token, box.identity.publicKeyX, publicOrigins, now());
      if (box.revoked) throw new AppError('box_revoked', 'This box was revoked');
      return remember(token, box.identity, expiresS * 1000, before);
    },
    async verifyLegacyKey(key) {
      const keyHash = createHash('sha256').update(key).digest();
      const credential = `legacy ${keyHash.toString('base64url')}`;
      const known = recall(credential);
      if (known) return known;
      const before = changes;
      const box = await readBox(pool, 'legacy_key_hash', keyHash);
      if (!box) throw new AppError('legacy_key_invalid', 'No box has this key');
      if (box.revoked) throw new AppError('box_revoked', 'This box was revoked');
      return remember(credential, box.identity, now() + REMEMBER_KEY_MS, before);
    },
  };
}

function claimedBox(token: string): string {
  try {
    const { sub } = decodeJwt(token);
    if (typeof sub === 'string' && UUID.test(sub)) return sub;
  } catch {
    // Falls through to the one answer for all that is no token.
  }
  throw new AppError('box_token_invalid', 'The token cannot be read');
}

/** Answers when the token expires, in seconds. */
async function checkToken(token: string, x: string, publicOrigins: readonly string[], nowMs: number): Promise<number> {
  try {
    const key = await importJWK({ kty: 'OKP', crv: 'Ed25519', x }, 'EdDSA');
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['EdDSA'],
      issuer: BOX_TOKEN.issuer,
      audience: [...publicOrigins],
      requiredClaims: ['exp', 'sub', 'aud'],
      clockTolerance: CLOCK_TOLERANCE_S,
      currentDate: new Date(nowMs),
    });
    const expiresS = payload.exp ?? 0;
    // A box that signs for a year would make a stolen token worth a year.
    if (expiresS > nowMs / 1000 + BOX_TOKEN.lifetimeS + CLOCK_TOLERANCE_S) throw new Error('lives too long');
    return expiresS;
  } catch (cause) {
    throw new AppError('box_token_invalid', `The token is not accepted: ${(cause as Error).message}`, { cause });
  }
}

async function readBox(pool: Pool, column: 'id' | 'legacy_key_hash', value: string | Buffer) {
  const { rows } = await pool.query<{
    id: string;
    organisation_id: string;
    serial: string;
    public_key_x: string | null;
    revoked_at: Date | null;
  }>(`SELECT id, organisation_id, serial, public_key_x, revoked_at FROM boxes WHERE ${column} = $1`, [value]);
  const row = rows[0];
  if (!row) return undefined;
  const identity: BoxIdentity = {
    boxId: row.id,
    organisationId: row.organisation_id,
    publicKeyX: row.public_key_x ?? undefined,
    serial: row.serial,
  };
  return { identity, revoked: row.revoked_at !== null };
}
