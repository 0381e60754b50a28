import { generateKeyPairSync, sign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeJwt, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadSiteKey } from '../../access/site-keys.ts';
import { buildTestApi, OWN_PAGE, TEST_ORIGIN, TEST_PASSWORD, type TestApi } from '../../testing/build-test-api.ts';
import { createPerson, disablePerson, setPassword, setRole } from './people.ts';

let api: TestApi;
beforeAll(async () => {
  api = await buildTestApi({ env: { TEMOIN_TRUST_PROXY: '127.0.0.1' } });
});
afterAll(() => api.close());

let addresses = 0;
/** Each test knocks from an address of its own, so that they do not slow each other down. */
const freshAddress = () => {
  addresses += 1;
  return `198.51.100.${addresses}`;
};
const post = (payload: object, headers: Record<string, string> = {}) =>
  api.app.inject({
    method: 'POST',
    url: '/v1/session',
    headers: { ...OWN_PAGE, 'x-forwarded-for': freshAddress(), ...headers },
    payload,
  });
const signIn = (email: string, password = TEST_PASSWORD, headers: Record<string, string> = {}) =>
  post({ email, password }, headers);
const refresh = (cookie: string, headers: Record<string, string> = OWN_PAGE) =>
  api.app.inject({ method: 'POST', url: '/v1/session/refresh', headers: { ...headers, cookie } });
const me = (token: string) => api.app.inject({ url: '/v1/me', headers: { authorization: `Bearer ${token}` } });
const cookieOf = (reply: { cookies: { name: string; value: string }[] }, name = 'temoin_refresh') =>
  `${name}=${reply.cookies.find((cookie) => cookie.name === name)?.value ?? ''}`;

describe('signing in', () => {
  test('gives a short token, a cookie that scripts cannot read, and who one is', async () => {
    await api.addPerson({ email: 'anna@test.example', role: 'fleet_desk' });
    const reply = await signIn(' Anna@TEST.example ');
    expect(reply.statusCode).toBe(200);
    const { accessToken, expiresAt, person } = reply.json();
    expect(person).toMatchObject({
      email: 'anna@test.example',
      role: 'fleet_desk',
      organisation: { name: 'Insurer A' },
    });
    expect(expiresAt - Date.now()).toBeLessThanOrEqual(600_000);
    const cookie = reply.cookies.find(({ name }) => name === 'temoin_refresh');
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/v1/session' });
    expect(reply.body).not.toContain(cookie?.value);
    expect((await me(accessToken)).json()).toEqual(person);
    expect(decodeJwt(accessToken)).not.toHaveProperty('role');
  });

  test('the cookie is Secure where the page is', async () => {
    await api.addPerson({ email: 'secure@test.example', role: 'auditor' });
    const plain = await signIn('secure@test.example');
    expect(plain.cookies[0]?.secure).toBeUndefined();
    const tls = await signIn('secure@test.example', TEST_PASSWORD, { 'x-forwarded-proto': 'https' });
    expect(tls.cookies.every((cookie) => cookie.secure)).toBe(true);
  });

  test.each([
    [{}, 'email'],
    [{ email: 'no address', password: 'x' }, 'email'],
    [{ email: 'a@b.example' }, 'password'],
    [{ email: 'a@b.example', password: 'x'.repeat(201) }, 'password'],
    [{ email: { $ne: '' }, password: 'x' }, 'email'],
  ])('refuses %j and says which field', async (payload, field) => {
    const reply = await post(payload);
    expect(reply.statusCode).toBe(400);
    expect(reply.json()).toMatchObject({ code: 'bad_request', field });
  });

  test('says the same of a wrong password, an unknown address and a person who was let go (63)', async () => {
    const { id } = await api.addPerson({ email: 'gone@test.example', role: 'auditor' });
    await disablePerson(api.db.pool, id, 'operator');
    await api.addPerson({ email: 'here@test.example', role: 'auditor' });
    const replies = await Promise.all([
      signIn('here@test.example', 'wrong password'),
      signIn('nobody@test.example', 'wrong password'),
      signIn('gone@test.example'),
    ]);
    const answers = replies.map((reply) => ({ ...reply.json(), requestId: '', status: reply.statusCode }));
    expect(answers[0]).toMatchObject({ code: 'credentials_wrong', status: 401 });
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
    for (const reply of replies) expect(reply.cookies).toEqual([]);
  });

  test('a role or organisation in the request changes nothing (65)', async () => {
    await api.addPerson({ email: 'mass@test.example', role: 'auditor' });
    const reply = await post({
      email: 'mass@test.example',
      password: TEST_PASSWORD,
      role: 'administrator',
      organisationId: 2,
      disabled_at: null,
    });
    expect(reply.json().person.role).toBe('auditor');
  });
});

describe('guessing (64)', () => {
  test('at one account: after five tries the next must wait, also with the right password; not for long', async () => {
    await api.addPerson({ email: 'target@test.example', role: 'auditor' });
    const tries = [];
    for (let i = 0; i < 12; i += 1) tries.push(await signIn('target@test.example', `guess ${i}`));
    const statuses = tries.map((reply) => reply.statusCode);
    expect(statuses.slice(0, 5)).toEqual([401, 401, 401, 401, 401]);
    // One more guess per waiting time gets through, the rest are turned away unheard.
    expect(statuses.slice(5).filter((status) => status === 401)).toHaveLength(1);
    const refused = tries.find((reply) => reply.statusCode === 429);
    expect(refused?.json()).toMatchObject({ code: 'too_many_requests' });
    expect(refused?.json().retryAfterS).toBeLessThanOrEqual(30);
    expect(refused?.headers['retry-after']).toBe(String(refused?.json().retryAfterS));
    expect((await signIn('target@test.example')).statusCode).toBe(429);
  });

  test('many guesses at once count each', async () => {
    await api.addPerson({ email: 'burst@test.example', role: 'auditor' });
    const replies = await Promise.all(Array.from({ length: 30 }, (_, i) => signIn('burst@test.example', `guess ${i}`)));
    expect(replies.filter((reply) => reply.statusCode === 401).length).toBeLessThanOrEqual(6);
  });

  test('does not keep the owner out of a browser that signed in before', async () => {
    await api.addPerson({ email: 'owner@test.example', role: 'auditor' });
    await api.addPerson({ email: 'other@test.example', role: 'auditor' });
    const known = cookieOf(await signIn('owner@test.example'), 'temoin_known');
    for (let i = 0; i < 10; i += 1) await signIn('owner@test.example', `guess ${i}`);
    expect((await signIn('owner@test.example')).statusCode).toBe(429);
    expect((await signIn('owner@test.example', TEST_PASSWORD, { cookie: known })).statusCode).toBe(200);
    for (let i = 0; i < 10; i += 1) await signIn('other@test.example', `guess ${i}`);
    expect((await signIn('other@test.example', TEST_PASSWORD, { cookie: known })).statusCode).toBe(429);
    expect((await signIn('other@test.example', TEST_PASSWORD, { cookie: 'temoin_known=x' })).statusCode).toBe(429);
  });

  test('over many accounts from one address, a whole IPv6 /64 counted as one', async () => {
    const from = (i: number) => ({ 'x-forwarded-for': `2001:db8:1:2:${i.toString(16)}::1` });
    const tries = [];
    for (let i = 0; i < 55; i += 1) tries.push(await signIn(`nobody${i}@test.example`, 'x', from(i)));
    expect(tries.filter((reply) => reply.statusCode === 401)).toHaveLength(50);
    expect((await signIn('nobody99@test.example', 'x', { 'x-forwarded-for': '2001:db8:1:3::1' })).statusCode).toBe(401);
  });
});

describe('staying signed in', () => {
  test('each refresh gives a new cookie and a new token', async () => {
    await api.addPerson({ email: 'stay@test.example', role: 'auditor' });
    const first = await signIn('stay@test.example');
    const second = await refresh(cookieOf(first));
    expect(second.statusCode).toBe(200);
    expect(cookieOf(second)).not.toBe(cookieOf(first));
    expect((await me(second.json().accessToken)).statusCode).toBe(200);
  });

  test('two tabs with the same cookie both stay', async () => {
    await api.addPerson({ email: 'tabs@test.example', role: 'auditor' });
    const cookie = cookieOf(await signIn('tabs@test.example'));
    const [a, b] = await Promise.all([refresh(cookie), refresh(cookie)]);
    expect([a.statusCode, b.statusCode]).toEqual([200, 200]);
    expect((await refresh(cookieOf(a))).statusCode).toBe(200);
    expect((await refresh(cookieOf(b))).statusCode).toBe(200);
  });

  test('a cookie used again later ends the session for thief and owner', async () => {
    await api.addPerson({ email: 'stolen@test.example', role: 'auditor' });
    const stolen = cookieOf(await signIn('stolen@test.example'));
    const owner = await refresh(stolen);
    await api.db.pool.query(
      `UPDATE refresh_tokens SET used_at = used_at - interval '21 seconds' WHERE used_at IS NOT NULL`,
    );
    const thief = await refresh(stolen);
    expect(thief.json().code).toBe('session_ended');
    expect(cookieOf(thief)).toBe('temoin_refresh=');
    expect((await refresh(cookieOf(owner))).json().code).toBe('session_ended');
    await expect.poll(async () => (await me(owner.json().accessToken)).json().code).toBe('session_ended');
  });

  test('within the grace a cookie is taken a few times, not without end', async () => {
    await api.addPerson({ email: 'grace@test.example', role: 'auditor' });
    const cookie = cookieOf(await signIn('grace@test.example'));
    const statuses = [];
    for (let i = 0; i < 8; i += 1) statuses.push((await refresh(cookie)).statusCode);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 401, 401]);
  });

  test('signing out ends the session at once', async () => {
    await api.addPerson({ email: 'leave@test.example', role: 'auditor' });
    const reply = await signIn('leave@test.example');
    const { accessToken } = reply.json();
    expect((await me(accessToken)).statusCode).toBe(200);
    const out = await api.app.inject({
      method: 'DELETE',
      url: '/v1/session',
      headers: { ...OWN_PAGE, cookie: cookieOf(reply) },
    });
    expect(out.statusCode).toBe(204);
    expect((await me(accessToken)).json().code).toBe('session_ended');
    expect((await refresh(cookieOf(reply))).json().code).toBe('session_ended');
  });

  test('no cookie, a foreign one, a token in place of a cookie and a cookie in place of a token are refused', async () => {
    await api.addPerson({ email: 'mixed@test.example', role: 'auditor' });
    const reply = await signIn('mixed@test.example');
    expect((await refresh('')).json().code).toBe('not_signed_in');
    expect((await refresh('temoin_refresh=made-up')).json().code).toBe('session_ended');
    expect((await refresh(`temoin_refresh=${reply.json().accessToken}`)).json().code).toBe('session_ended');
    expect((await me(cookieOf(reply).split('=')[1] ?? '')).json().code).toBe('not_signed_in');
  });
});

describe('pages of others (67)', () => {
  const doors = [
    ['POST', '/v1/session'],
    ['POST', '/v1/session/refresh'],
    ['DELETE', '/v1/session'],
  ] as const;
  test.each(doors)(
    '%s %s is shut to a foreign origin, to none that a browser hides, and without our header',
    async (method, url) => {
      await api.addPerson({ email: `csrf-${method}${url.length}@test.example`, role: 'auditor' });
      const cookie = cookieOf(await signIn(`csrf-${method}${url.length}@test.example`));
      const knock = (headers: Record<string, string>) =>
        api.app.inject({
          method,
          url,
          headers: { cookie, ...headers },
          ...(url === '/v1/session' && method === 'POST' && { payload: { email: 'a@b.example', password: 'x' } }),
        });
      for (const headers of [
        { origin: 'https://evil.example', 'x-temoin': '1' },
        { origin: 'null', 'x-temoin': '1' },
        { origin: `${TEST_ORIGIN}.evil.example`, 'x-temoin': '1' },
        { origin: TEST_ORIGIN },
        { 'x-temoin': '1', 'sec-fetch-site': 'cross-site' },
        {},
      ] as Record<string, string>[]) {
        expect((await knock(headers)).json().code).toBe('origin_refused');
      }
      expect((await refresh(cookie)).statusCode).toBe(200);
    },
  );

  test('no origin is let in by CORS, and no page may frame ours', async () => {
    for (const origin of ['https://evil.example', TEST_ORIGIN, 'null']) {
      const asked = await api.app.inject({
        method: 'OPTIONS',
        url: '/v1/session',
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-temoin' },
      });
      expect(asked.headers['access-control-allow-origin']).toBeUndefined();
      const got = await api.app.inject({ url: '/v1/settings', headers: { origin } });
      expect(got.headers['access-control-allow-origin']).toBeUndefined();
      expect(got.headers['x-frame-options']).toBe('DENY');
      expect(got.headers['content-security-policy']).toContain("frame-ancestors 'none'");
    }
  });
});

describe('forged tokens (61)', () => {
  const b64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  test('every one is refused with the same answer', async () => {
    await api.addPerson({ email: 'real@test.example', role: 'administrator' });
    const good: string = (await signIn('real@test.example')).json().accessToken;
    const [head = '', body = '', signature = ''] = good.split('.');
    const claims = decodeJwt(good);
    const key = await loadSiteKey(api.config.keysFolder);
    const { privateKey: strange } = generateKeyPairSync('ed25519');
    const nowS = Math.floor(Date.now() / 1000);
    const ours = (payload: Record<string, unknown>, header: Record<string, unknown> = {}) =>
      new SignJWT({ ...claims, ...payload })
        .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: key.kid, ...header })
        .sign(key.privateKey);
    const raw = (payload: object, header: object) => {
      const text = `${b64(header)}.${b64(payload)}`;
      return `${text}.${sign(null, Buffer.from(text), strange).toString('base64url')}`;
    };
    const { createHmac } = await import('node:crypto');
    const hmacText = `${b64({ alg: 'HS256', typ: 'at+jwt', kid: key.kid })}.${body}`;
    const publicText = JSON.stringify(key.publicJwk);
    const forged: Record<string, string> = {
      'no signature': `${head}.${body}.`,
      'alg none': `${b64({ alg: 'none', typ: 'at+jwt' })}.${body}.`,
      'alg none, old signature': `${b64({ alg: 'none' })}.${body}.${signature}`,
      'HS256 with the public key': `${hmacText}.${createHmac('sha256', publicText).update(hmacText).digest('base64url')}`,
      'another key': raw(claims, { alg: 'EdDSA', typ: 'at+jwt', kid: key.kid }),
      'its own key in the header': raw(claims, {
        alg: 'EdDSA',
        typ: 'at+jwt',
        jwk: { kty: 'OKP', crv: 'Ed25519', x: 'x' },
      }),
      'jku and x5u': raw(claims, {
        alg: 'EdDSA',
        typ: 'at+jwt',
        jku: 'https://evil.example/keys',
        x5u: 'https://evil.example',
      }),
      'kid with a path': raw(claims, { alg: 'EdDSA', typ: 'at+jwt', kid: '../../dev/null' }),
      'kid with SQL': raw(claims, { alg: 'EdDSA', typ: 'at+jwt', kid: "x' UNION SELECT 'key" }),
      'changed body': `${head}.${b64({ ...claims, sub: '00000000-0000-0000-0000-000000000000' })}.${signature}`,
      'wrong audience': await ours({ aud: 'temoin-box' }),
      'wrong issuer': await ours({ iss: 'temoin-box' }),
      'wrong type': await ours({}, { typ: 'JWT' }),
      'no type': await ours({}, { typ: undefined }),
      'another name for our algorithm': await ours({}, { alg: 'Ed25519' }),
      'no expiry': await ours({ exp: undefined }),
      expired: await ours({ iat: nowS - 700, exp: nowS - 100 }),
      'expiry as text': await ours({ exp: String(nowS + 500) as never }),
      'a year long': await ours({ iat: nowS - 86_400, exp: nowS + 31_536_000 }),
      'no session': await ours({ sid: undefined }),
      'not a token': 'abc',
      'very long': 'a'.repeat(10_000),
    };
    expect((await me(good)).statusCode).toBe(200);
    for (const [name, token] of Object.entries(forged)) {
      const reply = await me(token);
      expect([name, reply.statusCode, reply.json().code]).toEqual([name, 401, 'not_signed_in']);
    }
    // Signed by us, but for a session that is not: only the lookup can tell.
    expect((await me(await ours({ sid: '00000000-0000-4000-8000-000000000000' }))).json().code).toBe('session_ended');
  });

  test('the public key is published, the private one is for its owner alone', async () => {
    const keys = (await api.app.inject('/.well-known/jwks.json')).json().keys;
    expect(keys).toHaveLength(1);
    expect(keys[0]).not.toHaveProperty('d');
    const { stat } = await import('node:fs/promises');
    for (const name of ['site-key.json', 'operator-token']) {
      expect((await stat(join(api.config.keysFolder, name))).mode & 0o077).toBe(0);
    }
    expect(await readFile(join(api.config.keysFolder, 'site-key.json'), 'utf8')).toContain('"d"');
  });
});

describe('rights that change', () => {
  test.each([
    ['disabled', (id: string) => disablePerson(api.db.pool, id, 'operator')],
    [
      'disabled by hand in the database',
      (id: string) => api.db.pool.query('UPDATE people SET disabled_at = now() WHERE id = $1', [id]),
    ],
    ['given a new password', (id: string) => setPassword(api.db.pool, id, 'another password', 'operator')],
  ])('whoever is %s is out at once, without waiting for the token (36)', async (what, change) => {
    const email = `out-${what.length}@test.example`;
    const { id } = await api.addPerson({ email, role: 'fleet_desk' });
    const reply = await signIn(email);
    const { accessToken } = reply.json();
    expect((await me(accessToken)).statusCode).toBe(200);
    const heard: string[] = [];
    const off = api.rights.on((event) => heard.push(`${event.kind} ${'id' in event ? event.id : ''}`));
    await change(id);
    await expect.poll(() => heard).toContain(`person ${id}`);
    off();
    expect((await me(accessToken)).json().code).toBe('session_ended');
    expect((await refresh(cookieOf(reply))).json().code).toBe('session_ended');
  });

  test('a new role counts from the next request', async () => {
    const { id } = await api.addPerson({ email: 'role@test.example', role: 'fleet_desk' });
    const { accessToken } = (await signIn('role@test.example')).json();
    expect((await me(accessToken)).json().role).toBe('fleet_desk');
    await setRole(api.db.pool, id, 'auditor', undefined, 'operator');
    await expect.poll(async () => (await api.access.personFromToken(accessToken)).role).toBe('auditor');
  });

  test('the last administrator stays, also when two remove each other (69)', async () => {
    const a = await api.addPerson({ email: 'admin1@b.example', role: 'administrator', organisation: 'Insurer B' });
    const b = await api.addPerson({ email: 'admin2@b.example', role: 'administrator', organisation: 'Insurer B' });
    const outcomes = await Promise.allSettled([
      disablePerson(api.db.pool, a.id, b.id),
      setRole(api.db.pool, b.id, 'auditor', undefined, a.id),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find((o) => o.status === 'rejected')).toMatchObject({ reason: { code: 'conflict' } });
  });

  test('people are made once, with a fit role and a password worth having', async () => {
    const { organisationId } = await api.addPerson({ email: 'once@test.example', role: 'auditor' });
    const person = {
      organisationId,
      email: 'ONCE@test.example',
      name: 'x',
      role: 'auditor' as const,
      password: 'long enough pw',
    };
    await expect(createPerson(api.db.pool, person, 'operator')).rejects.toMatchObject({ code: 'conflict' });
    await expect(
      createPerson(api.db.pool, { ...person, email: 'n@t.example', password: 'short' }, 'operator'),
    ).rejects.toMatchObject({ code: 'bad_request' });
    await expect(
      createPerson(api.db.pool, { ...person, email: 'n@t.example', role: 'client' }, 'operator'),
    ).rejects.toMatchObject({ code: 'bad_request' });
    const { rows } = await api.db.pool.query(`SELECT action FROM audit_log WHERE action LIKE 'person.%' LIMIT 1`);
    expect(rows).toHaveLength(1);
  });
});
