import { randomUUID } from 'node:crypto';
import type { Reading } from '@temoin/shared/telemetry';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emptyVehicleState, mergeEntry } from '../../projections/vehicle-state.ts';
import { buildTestApi, type TestApi, type TestVehicle } from '../../testing/build-test-api.ts';

let api: TestApi;
let own: TestVehicle;
let colleagues: TestVehicle;
let strangers: TestVehicle;
const NOW = Date.now();
const get = async (url: string, email: string) => api.app.inject({ url, headers: await api.signIn(email) });

beforeAll(async () => {
  api = await buildTestApi();
  for (const role of ['administrator', 'portfolio_manager', 'claims_handler', 'fleet_desk', 'auditor'] as const) {
    await api.addPerson({ email: `${role}@a.example`, role });
  }
  await api.addPerson({ email: 'client@a.example', role: 'client', client: 'Weber' });
  await api.addPerson({ email: 'admin@b.example', role: 'administrator', organisation: 'Insurer B' });
  own = await api.addVehicle({ label: 'GB-482-KT', client: 'Weber', driver: 'Claire Weber' });
  colleagues = await api.addVehicle({ label: 'EX-730-MB', client: 'Kuntz', driver: 'Lucie Kuntz' });
  strangers = await api.addVehicle({ label: 'ZZ-999-ZZ', organisation: 'Insurer B' });
  await heardOf(own, { lat: 48.58, lon: 7.75, obdSpeedKmh: 48, rpm: 1840 });
});
afterAll(() => api.close());

/** As the projection would have it after one batch. */
async function heardOf(vehicle: TestVehicle, values: Reading['values']) {
  const state = emptyVehicleState();
  const header = {
    boxId: randomUUID(),
    boot: 1,
    seq: 0,
    hash: new Uint8Array(32),
    form: 'binary',
    body: new Uint8Array(),
  } as const;
  mergeEntry(state, {
    entry: { ...header, position: 1n, receivedAt: NOW },
    ...{ bootAt: 0, clockTrust: 'gps', origin: 'measured', previousHash: '', vehicleId: vehicle.id },
    ...{
      readings: [{ at: NOW, values }],
      indexes: [0],
      facts: [],
      factIndexes: [],
      part: 0,
      refusals: {},
      refusedReadings: 0,
    },
  });
  await api.db.pool.query('INSERT INTO vehicle_states (vehicle_id, state) VALUES ($1, $2)', [vehicle.id, state]);
}

describe('who sees which vehicles', () => {
  test.each([
    ['administrator@a.example', ['EX-730-MB', 'GB-482-KT']],
    ['client@a.example', ['GB-482-KT']],
    ['admin@b.example', ['ZZ-999-ZZ']],
  ])('%s sees %j', async (email, labels) => {
    const reply = await get('/v1/vehicles', email);
    expect(reply.statusCode).toBe(200);
    expect(reply.json().vehicles.map((v: { label: string }) => v.label)).toEqual(labels);
  });

  test('nobody without a sign-in', async () => {
    expect((await api.app.inject('/v1/vehicles')).json().code).toBe('not_signed_in');
    expect((await api.app.inject(`/v1/vehicles/${own.id}`)).json().code).toBe('not_signed_in');
  });

  test('what belongs to others and what does not exist get one and the same answer (40)', async () => {
    const names = [
      strangers.id,
      strangers.vin,
      randomUUID(),
      'ZZZTEST0000099999',
      'nonsense',
      "'; DROP TABLE vehicles; --",
    ];
    const answers = await Promise.all(
      names.map(async (name) => {
        const reply = await get(`/v1/vehicles/${encodeURIComponent(name)}`, 'administrator@a.example');
        const { requestId: _id, ...body } = reply.json();
        const headers = Object.keys(reply.headers).sort();
        return { status: reply.statusCode, body, headers, length: reply.headers['content-length'] };
      }),
    );
    expect(answers[0]).toMatchObject({ status: 404, body: { code: 'not_found' } });
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    const client = await get(`/v1/vehicles/${colleagues.id}`, 'client@a.example');
    expect(client.json().code).toBe('not_found');
  });

  test('both refusals ask the database the same', async () => {
    const asked: string[] = [];
    const pool = {
      query: (sql: string) => {
        asked.push(sql);
        return { rows: [] };
      },
    };
    const { createVehicleAccess } = await import('../../access/vehicle-access.ts');
    const access = createVehicleAccess(pool as never);
    const actor = await api.access.person({ headers: await api.signIn('admin@b.example') });
    await access.get(actor, 'vehicle.live', own.id).catch(() => undefined);
    await access.get(actor, 'vehicle.live', randomUUID()).catch(() => undefined);
    expect(asked).toHaveLength(2);
    expect(asked[0]).toBe(asked[1]);
  });
});

describe('how much of a vehicle is seen', () => {
  test.each(['administrator', 'claims_handler', 'fleet_desk', 'client'])(
    '%s sees position, values and driver',
    async (role) => {
      const detail = (await get(`/v1/vehicles/${own.vin.toLowerCase()}`, `${role}@a.example`)).json();
      expect(detail).toMatchObject({
        label: 'GB-482-KT',
        model: 'Peugeot 308 SW',
        speedKmh: 48,
        driver: 'Claire Weber',
        client: { name: 'Weber' },
      });
      expect(detail.position).toMatchObject({ lat: 48.58, lon: 7.75 });
      expect(detail.latest.rpm).toEqual([1840, NOW]);
      const listed = (await get('/v1/vehicles', `${role}@a.example`))
        .json()
        .vehicles.find((v: { id: string }) => v.id === own.id);
      expect(listed).toMatchObject({ speedKmh: 48, position: { lat: 48.58 } });
    },
  );

  test.each(['portfolio_manager', 'auditor'])('%s sees the state and no position, value or name', async (role) => {
    for (const url of [`/v1/vehicles/${own.id}`, '/v1/vehicles']) {
      const reply = await get(url, `${role}@a.example`);
      const seen = url.endsWith('vehicles')
        ? reply.json().vehicles.find((v: { id: string }) => v.id === own.id)
        : reply.json();
      expect(seen).toMatchObject({ label: 'GB-482-KT', moving: true, engineOn: true, lastReadingAt: NOW });
      for (const part of ['position', 'latest', 'speedKmh', 'driver', 'faults']) expect(seen).not.toHaveProperty(part);
      expect(reply.body).not.toContain('48.58');
    }
  });
});

describe('searching', () => {
  const labels = async (query: string, email = 'administrator@a.example') =>
    (await get(`/v1/vehicles?${query}`, email)).json().vehicles.map((v: { label: string }) => v.label);

  test('finds by parts of plate, VIN, model, client and driver, all words together', async () => {
    expect(await labels('q=gb482')).toEqual(['GB-482-KT']);
    expect(await labels('q=482-kt')).toEqual(['GB-482-KT']);
    expect(await labels(`q=${own.vin.slice(-5)}`)).toEqual(['GB-482-KT']);
    expect(await labels('q=peugeot')).toEqual(['EX-730-MB', 'GB-482-KT']);
    expect(await labels('q=peugeot+kuntz')).toEqual(['EX-730-MB']);
    expect(await labels('q=lucie')).toEqual(['EX-730-MB']);
    expect(await labels('q=zz-999')).toEqual([]);
  });

  test('does not find by a name that the asker may not see', async () => {
    expect(await labels('q=lucie', 'portfolio_manager@a.example')).toEqual([]);
    expect(await labels('q=kuntz', 'portfolio_manager@a.example')).toEqual(['EX-730-MB']);
  });

  test('takes signs of the query language for letters (19)', async () => {
    for (const q of ['%', '_', '\\', "' OR 1=1 --", '{{7*7}}', '%_%']) {
      expect(await labels(`q=${encodeURIComponent(q)}`)).toEqual([]);
    }
  });

  test('filters by state and pages through', async () => {
    expect(await labels('state=moving')).toEqual(['GB-482-KT']);
    expect(await labels('state=silent')).toEqual(['EX-730-MB']);
    const first = (await get('/v1/vehicles?limit=1', 'administrator@a.example')).json();
    const second = (await get(`/v1/vehicles?limit=1&cursor=${first.cursor}`, 'administrator@a.example')).json();
    const third = (await get(`/v1/vehicles?limit=1&cursor=${second.cursor}`, 'administrator@a.example')).json();
    expect([first, second, third].map((page) => page.vehicles.map((v: { label: string }) => v.label))).toEqual([
      ['EX-730-MB'],
      ['GB-482-KT'],
      [],
    ]);
    expect(third.cursor).toBe('');
  });

  test.each(['limit=0', 'limit=5001', 'limit=x', 'state=flying', 'cursor=%00', `q=${'x'.repeat(101)}`])(
    'refuses %s',
    async (query) => {
      const reply = await get(`/v1/vehicles?${query}`, 'administrator@a.example');
      expect(reply.json()).toMatchObject({ code: 'bad_request', field: query.split('=')[0] });
    },
  );
});
