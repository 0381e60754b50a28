import type { Person, SignedIn } from '@temoin/shared/accounts';
import { createStore } from 'zustand/vanilla';
import { ApiError } from '@/lib/api-error';
import { forgetCopies } from '@/lib/copies';
import { httpRequest } from '@/lib/http-request';
import { suggestLocale } from '@/lib/preferences';
import { readStored, writeStored } from '@/lib/stored';

// Who is using this browser. The access token lives in memory only; the refresh token is a cookie that scripts cannot read.
// Of the person (never of a token) a copy is kept, so that the app can open without a network and show its last copies.

export interface SessionState {
  /** `starting` until the first refresh has been answered, one way or the other. */
  readonly phase: 'starting' | 'in' | 'out';
  readonly person: Person | undefined;
  /** Signed in by memory alone: nothing answered yet. */
  readonly unconfirmed: boolean;
  /** Why the person is out, to be told on the sign-in page. */
  readonly endedBecause: 'session_ended' | 'signed_out' | undefined;
}

const PERSON_KEY = 'temoin.person';
/** Renew this long before the token ends, so that a call never travels with one that dies on the way. */
const RENEW_BEFORE_MS = 30_000;

export const session = createStore<SessionState>(() => ({
  phase: 'starting',
  person: undefined,
  unconfirmed: false,
  endedBecause: undefined,
}));

let token: { value: string; expiresAt: number } | undefined;
let refreshing: Promise<string> | undefined;

function storedPerson(): Person | undefined {
  try {
    return JSON.parse(readStored(PERSON_KEY) ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
}

function enter(signedIn: SignedIn): string {
  token = { value: signedIn.accessToken, expiresAt: signedIn.expiresAt };
  writeStored(PERSON_KEY, JSON.stringify(signedIn.person));
  suggestLocale(signedIn.person.locale);
  session.setState({ phase: 'in', person: signedIn.person, unconfirmed: false, endedBecause: undefined });
  return token.value;
}

function leave(endedBecause: SessionState['endedBecause']): void {
  token = undefined;
  writeStored(PERSON_KEY, undefined);
  session.setState({ phase: 'out', person: undefined, unconfirmed: false, endedBecause });
  void forgetCopies();
}

const isRefused = (error: unknown) => error instanceof ApiError && (error.status === 401 || error.status === 403);

/** One refresh at a time, across tabs too: a rotated cookie used twice would look like theft and end the session. */
function refresh(): Promise<string> {
  const call = async () => {
    const response = await httpRequest({ method: 'POST', path: '/v1/session/refresh', body: {}, timeoutMs: 10_000 });
    return enter((await response.json()) as SignedIn);
  };
  refreshing ??= (navigator.locks ? navigator.locks.request('temoin.refresh', call) : call())
    .catch((error: unknown) => {
      if (isRefused(error)) leave(session.getState().person ? 'session_ended' : undefined);
      throw error;
    })
    .finally(() => {
      refreshing = undefined;
    });
  return refreshing;
}

/** A token that still lives, renewed if need be. `instead` is one that was just refused: never given again. */
export async function accessToken(instead?: string): Promise<string> {
  if (token && token.value !== instead && token.expiresAt - RENEW_BEFORE_MS > Date.now()) return token.value;
  if (session.getState().phase === 'out') throw new ApiError('not_signed_in', { status: 401 });
  return refresh();
}

/** Finds out who is here. Without a network the remembered person may look at the last copies. Never throws. */
export async function startSession(): Promise<void> {
  const remembered = storedPerson();
  if (remembered) session.setState({ person: remembered });
  try {
    await refresh();
  } catch (error) {
    if (isRefused(error)) return;
    if (remembered) session.setState({ phase: 'in', unconfirmed: true });
    else session.setState({ phase: 'out' });
  }
}

/** Signs in; throws `ApiError` `credentials_wrong`, `too_many_requests`, `network_unreachable`… */
export async function signIn(email: string, password: string): Promise<Person> {
  const response = await httpRequest({ method: 'POST', path: '/v1/session', body: { email, password } });
  await forgetCopies();
  const signedIn = (await response.json()) as SignedIn;
  enter(signedIn);
  return signedIn.person;
}

/** Signs out here and at the server; the copies of this browser go first, whatever the network does. */
export async function signOut(): Promise<void> {
  const value = token?.value;
  leave('signed_out');
  await httpRequest({ method: 'DELETE', path: '/v1/session', token: value, timeoutMs: 5_000 }).catch(() => undefined);
}
