import { createHash } from 'node:crypto';
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { AppError } from '../../http/app-error.ts';
import { addressKey } from '../../http/build-app.ts';
import type { Pool } from '../../stores/postgres/pool.ts';

// Guessing is slowed by account (in the database, so that all processes count together) and by address. A stranger who
// guesses at somebody's account can make others wait for half a minute at a time, never lock the account; and a browser in
// which its owner has signed in before is counted by itself, so that strangers cannot even do that.

const WINDOW_S = 15 * 60;
/** This many tries at an account cost nothing; after them there is one in a growing while. */
const FREE_TRIES = 5;
const LONGEST_WAIT_S = 30;
const FAILURES_PER_ADDRESS = 50;
const TRIES_PER_KNOWN_BROWSER = 20;

export interface SignInTry {
  readonly email: string;
  readonly ip: string;
  /** Set when the browser proved that this account has signed in with it before. */
  readonly knownBrowser: string | undefined;
}

export interface SignInThrottle {
  /** Counts a try before it is made, so that many at once do not slip by. Throws `too_many_requests`. */
  admit(attempt: SignInTry): Promise<void>;
  failed(attempt: SignInTry): Promise<void>;
  succeeded(attempt: SignInTry): Promise<void>;
}

export function createSignInThrottle(pool: Pool): SignInThrottle {
  const shared = { storeClient: pool, tableName: 'sign_in_throttle', tableCreated: true };
  const tries = new RateLimiterPostgres({
    ...shared,
    ...{ keyPrefix: 'tries', points: FREE_TRIES, duration: WINDOW_S, clearExpiredByTimeout: true },
  });
  const turn = new RateLimiterPostgres({ ...shared, keyPrefix: 'turn', points: 1, duration: LONGEST_WAIT_S });
  const known = new RateLimiterPostgres({
    ...shared,
    ...{ keyPrefix: 'known', points: TRIES_PER_KNOWN_BROWSER, duration: WINDOW_S },
  });
  const addresses = new RateLimiterMemory({ keyPrefix: 'address', points: FAILURES_PER_ADDRESS, duration: WINDOW_S });

  return {
    async admit({ email, ip, knownBrowser }) {
      const address = await addresses.get(addressKey(ip));
      if (address && address.consumedPoints >= FAILURES_PER_ADDRESS) throw tooMany(address.msBeforeNext);
      if (knownBrowser) {
        await consumeOrRefuse(() => known.consume(knownBrowser));
        return;
      }
      const { consumedPoints } = await tries.penalty(accountKey(email), 1);
      const beyond = consumedPoints - FREE_TRIES;
      if (beyond <= 0) return;
      const waitS = Math.min(2 ** Math.min(beyond, 10), LONGEST_WAIT_S);
      await consumeOrRefuse(() => turn.consume(accountKey(email), 1, { customDuration: waitS }));
    },
    async failed({ ip }) {
      await addresses.penalty(addressKey(ip), 1);
    },
    async succeeded({ email, knownBrowser }) {
      await Promise.all([
        tries.delete(accountKey(email)),
        turn.delete(accountKey(email)),
        knownBrowser ? known.delete(knownBrowser) : undefined,
      ]);
    },
  };
}

/** The table then holds no addresses of people, and no key too long for it. */
const accountKey = (email: string): string => createHash('sha256').update(email).digest('base64url');

async function consumeOrRefuse(consume: () => Promise<RateLimiterRes>): Promise<void> {
  try {
    await consume();
  } catch (refusal) {
    throw refusal instanceof RateLimiterRes ? tooMany(refusal.msBeforeNext) : refusal;
  }
}

const tooMany = (waitMs: number): AppError =>
  new AppError('too_many_requests', 'Too many tries; wait a moment', {
    retryAfterS: Math.max(1, Math.ceil(waitMs / 1000)),
  });
