import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildTestApi, TEST_ORIGIN, type TestApi, type TestVehicle } from '../../testing/build-test-api.ts';
import { hashVin } from './box-doors.ts';
import { createLegacyBox, findBox, issueLegacyKey, revokeBox } from './boxes.repository.ts';
import { acknowledgeCommand, createCommand, pendingCommands } from './commands.ts';

let api: TestApi;
let admin: { authorization: string };
beforeAll(async () => {
  api = await buildTestApi({ env: { TEMOIN_TRUST_PROXY: '127.0.0.1' } });
  await api.addPerson({ email: 'admin@a.example', role: 'administrator' });
  admin = await api.signIn('admin@a.example');
});
afterAll(() => api.close());

interface Key {
  readonly privateKey: KeyObject;
  readonly jwk: { kty: 'OKP'; crv: 'Ed25519'; x: string };
}
const newKey = (): Key => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { x } = publicKey.export({ format: 'jwk' });
  return { privateKey, jwk: { kty: 'OKP', crv: 'Ed25519', x: x ?? '' } };
};
let labels = 0;
const newVehicle = (options: { organisation?: string; client?: string } = {}): Promise<TestVehicle> => {
  labels += 1;
  return api.addVehicle({ label: `V-${labels}`, ...options });
};
const codeFor = async (vehicleId: string) =>
  (await api.app.inject({ method: 'POST', url: '/v1/boxes/codes', headers: admin, payload: { vehicleId } })).json()
    .code as string;
const enrol = (code: string, key: Key, more: object = {}, address = `198.51.100.${labels}`) =>
  api.app.inject({
    method: 'POST',
    url: '/v1/boxes/enrol',
    headers: { 'x-forwarded-for': address },
    payload: {
      code,
      publicKey: key.jwk,
      proof: sign(null, Buffer.from(`temoin-enrol:${code}`), key.privateKey).toString('base64url'),
      serial: 'TM-00417',
      agentVersion: '0.1.0',
      ...more,
    },
  });
const enrolled = async (vehicle?: TestVehicle) => {
  const key = newKey();
  const at = vehicle ?? (await newVehicle());
  const reply = await enrol(await codeFor(at.id), key);
  return { key, vehicle: at, boxId: reply.json().boxId as string };
};
const tokenOf = (boxId: string, key: Key, claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}) =>
  new SignJWT({ iss: 'temoin-box', sub: boxId, aud: TEST_ORIGIN, exp: Math.floor(Date.now() / 1000) + 300, ...claims })
    .setProtectedHeader({ alg: 'EdDSA', ...header })
    .sign(key.privateKey);
const who = (token: string) => api.boxes.fromToken({ headers: { authorization: `Bearer ${token}` } });

describe('enrolment', () => {
  test('trades a code for an identity, once', async () => {
    const vehicle = await newVehicle();
    const code = await codeFor(vehicle.id);
    expect(code).toMatch(/^[A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4}$/);
    const key = newKey();
    const reply = await enrol(code.toLowerCase(), key, {
      proof: sign(null, Buffer.from(`temoin-enrol:${code}`), key.privateKey).toString('base64url'),
    });
    expect(reply.statusCode).toBe(200);
    expect(reply.json()).toMatchObject({ vehicleLabel: vehicle.label, sites: [TEST_ORIGIN] });
    expect((await enrol(code, newKey())).json().code).toBe('enrolment_code_invalid');
    const { rows } = await api.db.pool.query('SELECT code_hash FROM enrolment_codes');
    expect(JSON.stringify(rows)).not.toContain(code.slice(0, 4));
  });

  test('of many boxes with one code exactly one gets in (30)', async () => {
    const vehicle = await newVehicle();
    const code = await codeFor(vehicle.id);
    const replies = await Promise.all(Array.from({ length: 8 }, (_, i) => enrol(code, newKey(), {}, `203.0.113.${i}`)));
    expect(replies.map((reply) => reply.statusCode).sort()).toEqual([200, ...Array(7).fill(403)]);
    const { rows } = await api.db.pool.query('SELECT count(*)::int AS n FROM installations WHERE vehicle_id = $1', [
      vehicle.id,
    ]);
    expect(rows).toEqual([{ n: 1 }]);
  });

  test('a box that missed the answer gets the same one again', async () => {
    const code = await codeFor((await newVehicle()).id);
    const key = newKey();
    const first = await enrol(code, key);
    const again = await enrol(code, key);
    expect(again.json()).toEqual(first.json());
  });

  test('two codes at once for one vehicle leave one box in it', async () => {
    const vehicle = await newVehicle();
    const codes = [await codeFor(vehicle.id), await codeFor(vehicle.id)];
    const replies = await Promise.all(codes.map((code) => enrol(code, newKey())));
    expect(replies.map((reply) => reply.statusCode)).toEqual([200, 200]);
    const { rows } = await api.db.pool.query('SELECT 1 FROM installations WHERE vehicle_id = $1 AND to_at IS NULL', [
      vehicle.id,
    ]);
    expect(rows).toHaveLength(1);
  });

  test('a proof by another key, of another code, or none is refused', async () => {
    const code = await codeFor((await newVehicle()).id);
    const key = newKey();
    const signed = (text: string, by: Key) => sign(null, Buffer.from(text), by.privateKey).toString('base64url');
    for (const proof of [
      signed(`temoin-enrol:${code}`, newKey()),
      signed('temoin-enrol:AAAA-AAAA-AAAA', key),
      signed(code, key),
      '',
      'x'.repeat(86),
    ]) {
      expect((await enrol(code, key, { proof })).json()).toMatchObject({ code: 'bad_request', field: 'proof' });
    }
    expect((await enrol(code, key)).statusCode).toBe(200);
  });

  test.each([
    ['a code of the wrong shape', { code: 'AAAA' }, 'code'],
    ['a key of another curve', { publicKey: { kty: 'EC', crv: 'P-256', x: 'x' } }, 'publicKey.kty'],
    ['a short key', { publicKey: { kty: 'OKP', crv: 'Ed25519', x: 'abc' } }, 'publicKey.x'],
  ])('refuses %s', async (_what, more, field) => {
    expect((await enrol('AAAA-AAAA-AAAA', newKey(), more)).json()).toMatchObject({ code: 'bad_request', field });
  });

  test('an old code, and a key that has an identity already', async () => {
    const vehicle = await newVehicle();
    const code = await codeFor(vehicle.id);
    await api.db.pool.query(`UPDATE enrolment_codes SET expires_at = now() - interval '1 s' WHERE vehicle_id = $1`, [
      vehicle.id,
    ]);
    expect((await enrol(code, newKey())).json().code).toBe('enrolment_code_invalid');
    const { key } = await enrolled();
    expect((await enrol(await codeFor((await newVehicle()).id), key)).json()).toMatchObject({
      code: 'conflict',
      field: 'publicKey',
    });
  });

  test('wrong codes are slowed by address, good ones are not', async () => {
    const wrong = [];
    for (let i = 0; i < 12; i += 1) wrong.push(await enrol('AAAA-BBBB-CCCC', newKey(), {}, '192.0.2.7'));
    expect(wrong.map((reply) => reply.statusCode)).toEqual([...Array(10).fill(403), 429, 429]);
    for (let i = 0; i < 12; i += 1) {
      const code = await codeFor((await newVehicle()).id);
      expect((await enrol(code, newKey(), {}, '192.0.2.8')).statusCode).toBe(200);
    }
  });

  test('a new box takes the place of the old one, which keeps its past', async () => {
    const vehicle = await newVehicle();
    const first = await enrolled(vehicle);
    const second = await enrolled(vehicle);
    const { rows } = await api.db.pool.query<{ box_id: string; from_at: Date | null; to_at: Date | null }>(
      'SELECT box_id, from_at, to_at FROM installations WHERE vehicle_id = $1 ORDER BY to_at NULLS LAST',
      [vehicle.id],
    );
    expect(rows).toMatchObject([
      { box_id: first.boxId, from_at: null, to_at: expect.any(Date) },
      { box_id: second.boxId, from_at: null, to_at: null },
    ]);
  });
});

describe('identity', () => {
  test('a token that the box signed says who it is', async () => {
    const { key, boxId } = await enrolled();
    expect(await who(await tokenOf(boxId, key))).toMatchObject({ boxId, publicKeyX: key.jwk.x, serial: 'TM-00417' });
  });

  test('forged tokens are refused (61)', async () => {
    const { key, boxId } = await enrolled();
    const nowS = Math.floor(Date.now() / 1000);
    const b64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const good = await tokenOf(boxId, key);
    const forged: Record<string, string> = {
      'another box’s key': await tokenOf(boxId, newKey()),
      'for another site': await tokenOf(boxId, key, { aud: 'https://other.example' }),
      'for no site': await tokenOf(boxId, key, { aud: undefined }),
      'of another issuer': await tokenOf(boxId, key, { iss: 'temoin' }),
      expired: await tokenOf(boxId, key, { exp: nowS - 120 }),
      'without expiry': await tokenOf(boxId, key, { exp: undefined }),
      'good for a year': await tokenOf(boxId, key, { exp: nowS + 31_536_000 }),
      'alg none': `${b64({ alg: 'none' })}.${good.split('.')[1]}.`,
      'no box id': await tokenOf('x', key),
      'SQL for a box id': await tokenOf("' OR true --", key),
      nonsense: 'abc',
    };
    for (const [name, token] of Object.entries(forged)) {
      await expect(who(token), name).rejects.toMatchObject({ code: 'box_token_invalid' });
    }
    await expect(who(await tokenOf(randomUUID(), key))).rejects.toMatchObject({ code: 'box_unknown' });
    await expect(api.boxes.fromToken({ headers: {} })).rejects.toMatchObject({ code: 'box_token_invalid' });
    expect((await who(good)).boxId).toBe(boxId);
  });

  test('a person’s token is none of a box, and the other way round', async () => {
    const { key, boxId } = await enrolled();
    await expect(who(admin.authorization.slice(7))).rejects.toMatchObject({ code: expect.stringMatching(/^box_/) });
    const asPerson = await api.app.inject({
      url: '/v1/me',
      headers: { authorization: `Bearer ${await tokenOf(boxId, key)}` },
    });
    expect(asPerson.json().code).toBe('not_signed_in');
  });

  test('revoking works at once, also for a token that was good a moment ago (4)', async () => {
    const { key, boxId } = await enrolled();
    const token = await tokenOf(boxId, key);
    await who(token);
    const reply = await api.app.inject({ method: 'DELETE', url: `/v1/boxes/${boxId}`, headers: admin });
    expect(reply.statusCode).toBe(204);
    await expect(who(token)).rejects.toMatchObject({ code: 'box_revoked' });
    await expect(who(await tokenOf(boxId, newKey()))).rejects.toMatchObject({ code: 'box_token_invalid' });
  });

  test('a revocation by another process is heard', async () => {
    const { key, boxId } = await enrolled();
    const token = await tokenOf(boxId, key);
    await who(token);
    await revokeBox(api.db.pool, boxId, 'operator');
    await expect
      .poll(() =>
        who(token).then(
          () => 'good',
          (error) => error.code,
        ),
      )
      .toBe('box_revoked');
  });
});

describe('keys of the old format', () => {
  const asks = (key: string, hashedVin: string) =>
    api.boxes.fromLegacyKey({ headers: { authorization: `Bearer ${key}` } }, hashedVin);

  test('open the vehicle they were made for and no other (6)', async () => {
    const vehicle = await newVehicle();
    const other = await newVehicle();
    const { boxId, key } = await createLegacyBox(api.db.pool, vehicle.id, 'old');
    expect(await asks(key, hashVin(vehicle.vin))).toMatchObject({ boxId, publicKeyX: undefined });
    for (const [wrongKey, hash] of [
      [key, hashVin(other.vin)],
      [`${key}x`, hashVin(vehicle.vin)],
      ['', hashVin(vehicle.vin)],
      [hashVin(vehicle.vin), hashVin(vehicle.vin)],
      [key, ''],
    ] as const) {
      await expect(asks(wrongKey, hash)).rejects.toMatchObject({ code: 'legacy_key_invalid' });
    }
    const { rows } = await api.db.pool.query('SELECT * FROM boxes WHERE id = $1', [boxId]);
    expect(JSON.stringify(rows)).not.toContain(key);
  });

  test('a new key ends the old one, revoking ends all', async () => {
    const vehicle = await newVehicle();
    const { boxId, key } = await createLegacyBox(api.db.pool, vehicle.id, 'old');
    await asks(key, hashVin(vehicle.vin));
    const next = await issueLegacyKey(api.db.pool, boxId);
    await expect
      .poll(() =>
        asks(key, hashVin(vehicle.vin)).then(
          () => 'good',
          (error) => error.code,
        ),
      )
      .toBe('legacy_key_invalid');
    await asks(next, hashVin(vehicle.vin));
    await revokeBox(api.db.pool, boxId, 'operator');
    await expect
      .poll(() =>
        asks(next, hashVin(vehicle.vin)).then(
          () => 'good',
          (error) => error.code,
        ),
      )
      .toBe('legacy_key_invalid');
  });
});

describe('the list', () => {
  test('shows the boxes of one’s own insurer, page by page, and nobody’s keys', async () => {
    await api.addPerson({ email: 'admin@c.example', role: 'administrator', organisation: 'Insurer C' });
    const operator = { authorization: `Bearer ${api.operatorToken}` };
    const strangers = await api.addVehicle({ label: 'C-1', organisation: 'Insurer C' });
    const code = (
      await api.app.inject({
        method: 'POST',
        url: '/v1/boxes/codes',
        headers: operator,
        payload: { vehicleId: strangers.id },
      })
    ).json().code;
    const theirs = (await enrol(code, newKey())).json().boxId;
    const list = (await api.app.inject({ url: '/v1/boxes', headers: await api.signIn('admin@c.example') })).json();
    expect(list.boxes.map((box: { id: string }) => box.id)).toEqual([theirs]);
    expect(list.boxes[0]).toMatchObject({
      serial: 'TM-00417',
      legacy: false,
      vehicle: { label: 'C-1', vin: strangers.vin },
    });
    expect(Object.keys(list.boxes[0])).not.toContain('publicKeyX');
    const first = (await api.app.inject({ url: '/v1/boxes?limit=2', headers: admin })).json();
    const second = (await api.app.inject({ url: `/v1/boxes?limit=2&cursor=${first.cursor}`, headers: admin })).json();
    const ids = [...first.boxes, ...second.boxes].map((box: { id: string }) => box.id);
    expect(new Set(ids).size).toBe(4);
    expect(ids).not.toContain(theirs);
    const foreign = await api.app.inject({ method: 'DELETE', url: `/v1/boxes/${theirs}`, headers: admin });
    const absent = await api.app.inject({ method: 'DELETE', url: `/v1/boxes/${randomUUID()}`, headers: admin });
    expect({ ...foreign.json(), requestId: '' }).toEqual({ ...absent.json(), requestId: '' });
    expect((await findBox(api.db.pool, theirs))?.revokedAt).toBeUndefined();
  });
});

describe('commands', () => {
  test('wait for their box until acknowledged or expired', async () => {
    const { boxId } = await enrolled();
    const other = await enrolled();
    const id = await createCommand(api.db.pool, boxId, { kind: 'ping', lifetimeMs: 60_000 });
    await createCommand(api.db.pool, boxId, { kind: 'send_photo', lifetimeMs: -1 });
    expect(await pendingCommands(api.db.pool, boxId)).toMatchObject([{ id, kind: 'ping', detail: {} }]);
    expect(await acknowledgeCommand(api.db.pool, other.boxId, id)).toBe(false);
    expect(await acknowledgeCommand(api.db.pool, boxId, 'nonsense')).toBe(false);
    expect(await pendingCommands(api.db.pool, boxId)).toHaveLength(1);
    expect(await acknowledgeCommand(api.db.pool, boxId, id)).toBe(true);
    expect(await acknowledgeCommand(api.db.pool, boxId, id)).toBe(true);
    expect(await pendingCommands(api.db.pool, boxId)).toEqual([]);
  });
});
