import { jwtVerify, SignJWT } from 'jose';
import { AppError } from '../http/app-error.ts';
import type { SiteKey } from './site-keys.ts';

// What a signed-in page shows at every door. It says who and which session, never what they may: that is looked up, so that
// a removed right is gone at once and not when the token runs out.

const ISSUER = 'temoin';
const AUDIENCE = 'temoin-app';
/** Its own type, so that no other token of ours or of a box can be passed off as one (RFC 9068). */
const TYPE = 'at+jwt';
export const ACCESS_TOKEN_LIFETIME_S = 600;

export interface AccessTokenClaims {
  readonly personId: string;
  readonly sessionId: string;
}

export async function signAccessToken(
  key: SiteKey,
  claims: AccessTokenClaims,
  nowMs: number,
): Promise<{ token: string; expiresAt: number }> {
  const issuedS = Math.floor(nowMs / 1000);
  const expiresS = issuedS + ACCESS_TOKEN_LIFETIME_S;
  const token = await new SignJWT({ sid: claims.sessionId })
    .setProtectedHeader({ alg: 'EdDSA', typ: TYPE, kid: key.kid })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(claims.personId)
    .setIssuedAt(issuedS)
    .setExpirationTime(expiresS)
    .sign(key.privateKey);
  return { token, expiresAt: expiresS * 1000 };
}

/** Throws `not_signed_in` for everything that is not a token of this site's making, unexpired and meant for a person. */
export async function verifyAccessToken(key: SiteKey, token: string): Promise<AccessTokenClaims> {
  try {
    // The key is ours whatever the header says: kid, jku, x5u and jwk of a token are never followed.
    const { payload } = await jwtVerify(token, key.publicKey, {
      algorithms: ['EdDSA'],
      issuer: ISSUER,
      audience: AUDIENCE,
      typ: TYPE,
      requiredClaims: ['sub', 'sid', 'exp', 'iat'],
      maxTokenAge: ACCESS_TOKEN_LIFETIME_S,
      clockTolerance: 5,
    });
    if (typeof payload.sub !== 'string' || typeof payload.sid !== 'string') throw new AppError('not_signed_in');
    return { personId: payload.sub, sessionId: payload.sid };
  } catch (cause) {
    throw new AppError('not_signed_in', 'Sign in first', { cause });
  }
}
