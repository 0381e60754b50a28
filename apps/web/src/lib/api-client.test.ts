import type { Person } from '@temoin/shared/accounts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

// The network is the edge of the process: `fetch` is a stand-in here, everything behind it is real. Modules are loaded anew
// for each test, since the session lives in them.

const person: Person = {
  id: 'p1',
  email: 'claire@demo.example',
  name: 'Claire Weber',
  role: 'client',
  organisation: { id: 'o1', name: 'Alsace' },
  locale: 'fr',
  permissions: [],
};
const json = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
const signedIn = (accessToken: string) => json({ accessToken, expiresAt: Date.now() + 600_000, person });

type Answer = (path: string, init: RequestInit) => Response | Promise<Response>;

async function load(answer: Answer) {
  const calls: string[] = [];
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    const token = (init.headers as Record<string, string>).authorization;
    calls.push(`${init.method} ${path}${token ? ` ${token}` : ''}`);
    return answer(path, init);
  });
  vi.resetModules();
  const [{ api }, session] = await Promise.all([import('./api-client'), import('./session')]);
  return { api, ...session, calls };
}

const offline = () => {
  throw new TypeError('Failed to fetch');
};
const tokenOf = (init: RequestInit) => (init.headers as Record<string, string>).authorization;

beforeEach(() => localStorage.clear());
afterEach(() => vi.unstubAllGlobals());

describe('session and calls', () => {
  it('renews once for many calls at the same time', async () => {
    const { api, calls } = await load((path) => (path.endsWith('/refresh') ? signedIn('t1') : json({ ok: true })));
    await Promise.all([api.get('/v1/a'), api.get('/v1/b'), api.get('/v1/c')]);
    expect(calls.filter((call) => call.includes('/refresh'))).toHaveLength(1);
    expect(calls).toContain('GET /v1/b Bearer t1');
  });

  it('tries once more with a new token when one is refused, and no more than once', async () => {
    let count = 0;
    const renewing: Answer = (path) => {
      count += path.endsWith('/refresh') ? 1 : 0;
      return signedIn(`t${count}`);
    };
    const good = await load((path, init) =>
      path.endsWith('/refresh')
        ? renewing(path, init)
        : tokenOf(init) === 'Bearer t2'
          ? json({ ok: true })
          : json({ code: 'not_signed_in' }, 401),
    );
    expect(await good.api.get('/v1/a')).toEqual({ ok: true });
    const bad = await load((path, init) =>
      path.endsWith('/refresh') ? renewing(path, init) : json({ code: 'not_signed_in' }, 401),
    );
    await expect(bad.api.get('/v1/a')).rejects.toMatchObject({ code: 'not_signed_in' });
    expect(bad.calls.filter((call) => call.startsWith('GET'))).toHaveLength(2);
  });

  it('is out when the refresh is refused, and says why if someone had been in', async () => {
    localStorage.setItem('temoin.person', JSON.stringify(person));
    const { startSession, session } = await load(() => json({ code: 'session_ended' }, 401));
    await startSession();
    expect(session.getState()).toMatchObject({ phase: 'out', person: undefined, endedBecause: 'session_ended' });
    expect(localStorage.getItem('temoin.person')).toBeNull();
  });

  it('without a network lets the remembered person in, unconfirmed, and nobody else', async () => {
    localStorage.setItem('temoin.person', JSON.stringify(person));
    const known = await load(offline);
    await known.startSession();
    expect(known.session.getState()).toMatchObject({ phase: 'in', unconfirmed: true, person: { id: 'p1' } });
    localStorage.clear();
    const unknown = await load(offline);
    await unknown.startSession();
    expect(unknown.session.getState()).toMatchObject({ phase: 'out', person: undefined });
  });

  it('remembers the person but never the token', async () => {
    const { startSession } = await load(() => signedIn('very-secret'));
    await startSession();
    expect(JSON.stringify({ ...localStorage })).toContain('Claire Weber');
    expect(JSON.stringify({ ...localStorage })).not.toContain('very-secret');
  });

  it('repeats a read that nothing answered, and never a write', async () => {
    let reads = 0;
    const { api, calls } = await load((path, init) => {
      if (path.endsWith('/refresh')) return signedIn('t1');
      if (init.method === 'POST') return offline();
      reads += 1;
      return reads < 3 ? json({ code: 'overloaded' }, 503) : json({ ok: true });
    });
    expect(await api.get('/v1/a')).toEqual({ ok: true });
    await expect(api.post('/v1/b')).rejects.toMatchObject({ code: 'network_unreachable' });
    expect(calls.filter((call) => call.startsWith('POST /v1/b'))).toHaveLength(1);
  });

  it('says of a copy when it was made', async () => {
    const { api } = await load((path) =>
      path.endsWith('/refresh')
        ? offline()
        : new Response('{"a":1}', { headers: { 'x-temoin-copied-at': '1700000000000' } }),
    );
    expect(await api.getAnswer('/v1/vehicles')).toEqual({ data: { a: 1 }, copiedAt: 1_700_000_000_000 });
  });

  it('forgets person and token on signing out, whatever the network does', async () => {
    const { startSession, signOut, session, api } = await load((_path, init) =>
      init.method === 'DELETE' ? offline() : signedIn('t1'),
    );
    await startSession();
    await signOut();
    expect(session.getState()).toMatchObject({ phase: 'out', endedBecause: 'signed_out' });
    await expect(api.post('/v1/x')).rejects.toMatchObject({ code: 'not_signed_in' });
  });
});
