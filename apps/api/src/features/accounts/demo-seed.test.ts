import { generateKeyPairSync, sign } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Role } from '@temoin/shared/accounts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildTestApi, OWN_PAGE, type TestApi } from '../../testing/build-test-api.ts';
import { createEnrolmentCode } from '../boxes/enrolment.ts';
import { DEMO_PASSWORD } from './demo-people.ts';
import { type DemoFleetEntry, seedDemo } from './demo-seed.ts';
import { checkDigit, demoVehicle } from './demo-vehicles.ts';

let api: TestApi;
beforeAll(async () => {
  api = await buildTestApi();
});
afterAll(() => api.close());

const seed = (vehicles: number) =>
  seedDemo({
    pool: api.db.pool,
    vehicles,
    dataFolder: api.config.dataFolder,
    createEnrolmentCode: (id) => createEnrolmentCode(api.db.pool, id, undefined, Date.now()),
  });
const fleet = async (): Promise<DemoFleetEntry[]> =>
  JSON.parse(await readFile(join(api.config.dataFolder, 'demo/fleet.json'), 'utf8'));
const count = async (table: string) =>
  (await api.db.pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`)).rows[0]?.n;

test('vehicles are all different, with plates and VINs that can be checked', () => {
  const vehicles = Array.from({ length: 5_000 }, (_, index) => demoVehicle(index));
  for (const key of ['label', 'vin', 'contract'] as const)
    expect(new Set(vehicles.map((v) => v[key])).size).toBe(5_000);
  for (const { label, vin, contract } of vehicles) {
    expect(label).toMatch(/^[A-HJ-NP-TV-Z]{2}-\d{3}-[A-HJ-NP-TV-Z]{2}$/);
    expect(vin).toMatch(/^[A-HJ-NPR-Z0-9]{17}$/);
    expect(vin[8]).toBe(checkDigit(vin));
    expect(contract).toMatch(/^AU-20\d\d-\d{5}$/);
  }
  // The check digit of a published example.
  expect(checkDigit('1M8GDM9AXKP042788')).toBe('X');
  expect(vehicles[0]).toMatchObject({
    label: 'GB-482-KT',
    driver: 'Claire Weber',
    contract: 'AU-2024-03817',
    make: 'Peugeot',
    model: '308 SW',
  });
});

test('one person of each role can sign in with the public password', async () => {
  const accounts = await seed(3);
  expect(accounts.map(({ role }) => role).sort()).toEqual([...Role.options].sort());
  for (const { email, password } of accounts) {
    expect(password).toBe(DEMO_PASSWORD);
    const reply = await api.app.inject({
      method: 'POST',
      url: '/v1/session',
      headers: OWN_PAGE,
      payload: { email, password },
    });
    expect([email, reply.statusCode]).toEqual([email, 200]);
  }
});

test('a second time, also with more vehicles, makes only what is missing', async () => {
  await seed(3);
  expect([await count('vehicles'), await count('people'), await count('clients')]).toEqual([3, 6, 12]);
  await Promise.all([seed(25), seed(25)]);
  expect([await count('vehicles'), await count('people'), await count('contracts')]).toEqual([25, 6, 25]);
});

test('boxes enrol with the codes of the file, which then has none for them', async () => {
  await seed(3);
  const [first] = await fleet();
  expect((await stat(join(api.config.dataFolder, 'demo/fleet.json'))).mode & 0o077).toBe(0);
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { x } = publicKey.export({ format: 'jwk' });
  const reply = await api.app.inject({
    method: 'POST',
    url: '/v1/boxes/enrol',
    payload: {
      code: first?.code,
      publicKey: { kty: 'OKP', crv: 'Ed25519', x },
      proof: sign(null, Buffer.from(`temoin-enrol:${first?.code}`), privateKey).toString('base64url'),
    },
  });
  expect(reply.json()).toMatchObject({ vehicleLabel: first?.label });
  await seed(3);
  expect((await fleet()).map(({ code }) => code !== undefined)).toEqual([false, true, true]);
});

test('the client sees the one car that is hers', async () => {
  const reply = await api.app.inject({
    method: 'POST',
    url: '/v1/session',
    headers: OWN_PAGE,
    payload: { email: 'claire@demo.example', password: DEMO_PASSWORD },
  });
  const list = await api.app.inject({
    url: '/v1/vehicles',
    headers: { authorization: `Bearer ${reply.json().accessToken}` },
  });
  expect(list.json().vehicles.map((v: { label: string }) => v.label)).toEqual(['GB-482-KT']);
});
