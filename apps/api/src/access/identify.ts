import { createHash, timingSafeEqual } from 'node:crypto';
import { AppError } from '../http/app-error.ts';
import type { Pool } from '../stores/postgres/pool.ts';
import { verifyAccessToken } from './access-token.ts';
import type { OperatorActor, PersonActor } from './actor.ts';
import { createPersonLookup } from './person-lookup.ts';
import type { RightsEvents } from './rights-events.ts';
import type { SiteKey } from './site-keys.ts';
import { createVehicleAccess, type VehicleAccess } from './vehicle-access.ts';

/** What of a request says who is asking; a socket's handshake can be given the same shape. */
export interface Asking {
  readonly headers: { readonly authorization?: string | undefined };
}

/** Who is asking, and how to get at vehicles on their behalf. */
export interface Access {
  /** The signed-in person of a request. Throws `not_signed_in` or `session_ended`. */
  person(request: Asking): Promise<PersonActor>;
  /** The same from a bare token, for sockets. */
  personFromToken(token: string): Promise<PersonActor>;
  /** The same person and session as they are now; to be asked when rights changed. Throws `session_ended`. */
  personAgain(actor: PersonActor): Promise<PersonActor>;
  /** A person, or whoever holds the operator token. */
  personOrOperator(request: Asking): Promise<PersonActor | OperatorActor>;
  /** True when the request carries the operator token. */
  isOperator(request: Asking): boolean;
  readonly vehicles: VehicleAccess;
  readonly rights: RightsEvents;
}

export interface AccessDeps {
  readonly pool: Pool;
  readonly rights: RightsEvents;
  readonly siteKey: SiteKey;
  readonly operatorToken: string;
}

export function createAccess({ pool, rights, siteKey, operatorToken }: AccessDeps): Access {
  const people = createPersonLookup(pool, rights);
  const operatorHash = sha256(operatorToken);

  const personFromToken = async (token: string) => {
    const { sessionId, personId } = await verifyAccessToken(siteKey, token);
    return people.bySession(sessionId, personId);
  };
  const person = (request: Asking) => personFromToken(bearerOf(request));
  const isOperator = (request: Asking) => {
    const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    return token !== undefined && timingSafeEqual(sha256(token), operatorHash);
  };
  return {
    person,
    personFromToken,
    personAgain: (actor) => people.bySession(actor.sessionId, actor.personId),
    personOrOperator: async (request) => (isOperator(request) ? { kind: 'operator' } : person(request)),
    isOperator,
    vehicles: createVehicleAccess(pool),
    rights,
  };
}

const MOST_TOKEN_CHARACTERS = 4096;

/** The bearer token of a request; throws `not_signed_in` when there is none. */
export function bearerOf(request: Asking): string {
  const header = request.headers.authorization ?? '';
  const token = header.length <= MOST_TOKEN_CHARACTERS ? /^Bearer (\S+)$/i.exec(header)?.[1] : undefined;
  if (!token) throw new AppError('not_signed_in', 'Sign in first');
  return token;
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
