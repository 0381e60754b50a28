import { BOX_TOKEN } from '@temoin/shared/boxes';
import { SignJWT } from 'jose';
import type { BoxKey } from '../chain/box-key.ts';

/** A token is renewed this long before it ends, so that one in flight does not end on the way. */
const RENEW_BEFORE_S = 60;

/**
 * Tokens that the box signs for itself, one per site, kept until shortly before they end. `now` is ms UTC; the service's own
 * clock where it differs from the box's, since the service judges it.
 */
export function createBoxTokens(boxId: string, key: BoxKey, now: () => number) {
  const tokens = new Map<string, { token: string; endsAtS: number }>();
  return {
    async tokenFor(site: string): Promise<string> {
      const audience = new URL(site).origin;
      const nowS = Math.floor(now() / 1000);
      const kept = tokens.get(audience);
      // Kept tokens are dropped as well when the clock went back: they would be from the future.
      if (kept && kept.endsAtS - nowS > RENEW_BEFORE_S && kept.endsAtS - nowS <= BOX_TOKEN.lifetimeS) return kept.token;
      const endsAtS = nowS + BOX_TOKEN.lifetimeS;
      const token = await new SignJWT()
        .setProtectedHeader({ alg: 'EdDSA' })
        .setIssuer(BOX_TOKEN.issuer)
        .setSubject(boxId)
        .setAudience(audience)
        .setIssuedAt(nowS)
        .setExpirationTime(endsAtS)
        .sign(key.privateKey);
      tokens.set(audience, { token, endsAtS });
      return token;
    },
    /** Forgets all tokens: a service did not take one. */
    forget: (): void => tokens.clear(),
  };
}
