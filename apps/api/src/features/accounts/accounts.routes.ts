import { createHmac, timingSafeEqual } from 'node:crypto';
import { Person, SignedIn, SignIn } from '@temoin/shared/accounts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { signAccessToken } from '../../access/access-token.ts';
import type { Access } from '../../access/identify.ts';
import type { SiteKey } from '../../access/site-keys.ts';
import type { Config } from '../../config/config.ts';
import { AppError } from '../../http/app-error.ts';
import type { App } from '../../http/build-app.ts';
import { requireOwnPage } from '../../http/same-site.ts';
import type { Pool } from '../../stores/postgres/pool.ts';
import { isPasswordRight } from './passwords.ts';
import { findPerson } from './people.ts';
import { endSessionOf, type OpenedSession, openSession, rotateSession } from './refresh-sessions.ts';
import { createSignInThrottle } from './sign-in-throttle.ts';

export interface AccountsDeps {
  readonly pool: Pool;
  readonly access: Access;
  readonly siteKey: SiteKey;
  /** Secret of this site for cookies that must not be forged; any 32 bytes. */
  readonly cookieSecret: string;
  readonly config: Pick<Config, 'http'>;
  readonly now?: () => number;
}

const REFRESH_COOKIE = 'temoin_refresh';
/** Proves that somebody signed in to an account with this browser before; opens nothing. */
const KNOWN_COOKIE = 'temoin_known';
const COOKIE_PATH = '/v1/session';
const DAY_S = 86_400;

/** Signing in and out, staying signed in, and who one is. */
export function registerAccounts(app: App, deps: AccountsDeps): void {
  const { pool, access, siteKey, config, now = Date.now } = deps;
  const throttle = createSignInThrottle(pool);
  const tags = ['people'];
  const ownPage = async (request: FastifyRequest) => requireOwnPage(request, config.http.publicOrigins);

  const cookieOptions = (request: FastifyRequest) => ({
    httpOnly: true,
    sameSite: 'lax' as const,
    path: COOKIE_PATH,
    secure: request.protocol === 'https' || (request.headers.origin ?? '').startsWith('https://'),
  });
  const answer = async (request: FastifyRequest, reply: FastifyReply, session: OpenedSession, person: Person) => {
    const { token, expiresAt } = await signAccessToken(siteKey, session, now());
    reply.setCookie(REFRESH_COOKIE, session.refreshToken, { ...cookieOptions(request), maxAge: 30 * DAY_S });
    return { accessToken: token, expiresAt, person };
  };

  app.post(
    '/v1/session',
    { preHandler: ownPage, schema: { tags, body: SignIn, response: { 200: SignedIn } } },
    async (request, reply) => {
      const { email, password } = request.body;
      const attempt = {
        email,
        ip: request.ip,
        knownBrowser: readKnown(deps.cookieSecret, request.cookies[KNOWN_COOKIE], email),
      };
      await throttle.admit(attempt);
      const found = await findPerson(pool, { email });
      const right = await isPasswordRight(found?.passwordHash, password);
      if (!found || !right || found.disabled) {
        await throttle.failed(attempt);
        throw new AppError('credentials_wrong', 'Mail address or password is wrong');
      }
      await throttle.succeeded(attempt);
      const session = await openSession(pool, found.person.id);
      reply.setCookie(KNOWN_COOKIE, makeKnown(deps.cookieSecret, email), {
        ...cookieOptions(request),
        maxAge: 180 * DAY_S,
      });
      return answer(request, reply, session, found.person);
    },
  );

  app.post(
    '/v1/session/refresh',
    { preHandler: ownPage, schema: { tags, response: { 200: SignedIn } } },
    async (request, reply) => {
      const token = request.cookies[REFRESH_COOKIE];
      if (!token) throw new AppError('not_signed_in', 'Sign in first');
      try {
        const session = await rotateSession(pool, token);
        const found = await findPerson(pool, { id: session.personId });
        if (!found) throw new AppError('session_ended', 'Sign in again');
        return await answer(request, reply, session, found.person);
      } catch (error) {
        if (error instanceof AppError && error.code === 'session_ended')
          reply.clearCookie(REFRESH_COOKIE, cookieOptions(request));
        throw error;
      }
    },
  );

  app.delete(
    '/v1/session',
    { preHandler: ownPage, schema: { tags, response: { 204: z.null() } } },
    async (request, reply) => {
      const token = request.cookies[REFRESH_COOKIE];
      const ended = token ? await endSessionOf(pool, token) : undefined;
      if (ended) access.rights.emit({ kind: 'session', id: ended });
      return reply.clearCookie(REFRESH_COOKIE, cookieOptions(request)).status(204).send(null);
    },
  );

  app.get('/v1/me', { schema: { tags, security: [{ person: [] }], response: { 200: Person } } }, async (request) => {
    const actor = await access.person(request);
    const found = await findPerson(pool, { id: actor.personId });
    if (!found) throw new AppError('session_ended', 'Sign in again');
    return found.person;
  });

  app.get(
    '/.well-known/jwks.json',
    { schema: { tags, response: { 200: z.object({ keys: z.array(z.record(z.string(), z.unknown())) }) } } },
    async (_request, reply) => {
      reply.header('cache-control', 'public, max-age=300');
      return { keys: [siteKey.publicJwk as Record<string, unknown>] };
    },
  );
}

const sealOf = (secret: string, email: string): string =>
  createHmac('sha256', secret).update(`known-browser:${email}`).digest('base64url');

const makeKnown = (secret: string, email: string): string => sealOf(secret, email);

/** A counter of its own for a browser that knows the account; undefined when the cookie is missing, forged or another's. */
function readKnown(secret: string, cookie: string | undefined, email: string): string | undefined {
  const expected = sealOf(secret, email);
  const same =
    cookie !== undefined &&
    cookie.length === expected.length &&
    timingSafeEqual(Buffer.from(cookie), Buffer.from(expected));
  return same ? expected.slice(0, 22) : undefined;
}
