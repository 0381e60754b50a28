import { randomUUID } from 'node:crypto';
import { type Action, PERMISSIONS, Role } from '@temoin/shared/accounts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildTestApi, type TestApi, type TestVehicle } from '../testing/build-test-api.ts';

// Every door of the checked-in description, knocked at by everybody for everything (attack 66). A door that is not in this
// list fails the test, so a new one cannot be forgotten.

type Whose = 'own' | 'ownOtherClient' | 'foreign' | 'absent';
interface Door {
  /** For a vehicle in the path or body: the action on it. For none: the action on the organisation. */
  readonly action?: Action;
  /** Open to everybody, or by other means than a person's token (cookie, code, box token). */
  readonly open?: true;
  /** For the operator token alone, whoever else asks. */
  readonly operator?: true;
  readonly query?: string;
  readonly body?: (id: string) => object;
}
const RANGE = 'from=0&to=3600000';
const DOORS: Record<string, Door> = {
  'GET /healthz': { open: true },
  'GET /readyz': { open: true },
  'GET /v1/settings': { open: true },
  'GET /.well-known/jwks.json': { open: true },
  'POST /v1/session': { open: true },
  'DELETE /v1/session': { open: true },
  'POST /v1/session/refresh': { open: true },
  'POST /v1/boxes/enrol': { open: true },
  'POST /v1/batches': { open: true },
  'POST /api/embedded/{hashedVin}/UploadData': { open: true },
  'GET /v1/me': { open: true },
  'GET /v1/vehicles': { action: 'vehicle.list' },
  'GET /v1/vehicles/{id}': { action: 'vehicle.list' },
  'GET /v1/vehicles/{id}/series': { action: 'vehicle.history', query: `${RANGE}&metrics=rpm` },
  'GET /v1/vehicles/{id}/track': { action: 'vehicle.history', query: RANGE },
  'GET /v1/vehicles/{id}/span': { action: 'vehicle.history' },
  'GET /v1/vehicles/{id}/export': { action: 'vehicle.export', query: RANGE },
  'GET /v1/vehicles/{id}/ledger': { action: 'vehicle.ledger', query: RANGE },
  'GET /v1/vehicles/{id}/facts': { action: 'vehicle.history', query: RANGE },
  'GET /v1/vehicles/{id}/photo/latest': { action: 'vehicle.photo' },
  'POST /v1/boxes/codes': { action: 'box.enrol', body: (id) => ({ vehicleId: id }) },
  'GET /v1/boxes': { action: 'box.list' },
  'DELETE /v1/boxes/{id}': { action: 'box.revoke' },
};

let api: TestApi;
let doors: { name: string; method: 'GET' | 'POST' | 'DELETE'; path: string; door: Door }[];
const vehicles = {} as Record<Whose, Pick<TestVehicle, 'id' | 'vin'>>;
const boxes = {} as Record<Whose, string>;
const tokens = new Map<Role, string>();

beforeAll(async () => {
  api = await buildTestApi();
  const client = 'Weber';
  for (const role of Role.options) {
    await api.addPerson({ email: `${role}@a.example`, role, ...(role === 'client' && { client }) });
    tokens.set(role, (await api.signIn(`${role}@a.example`)).authorization);
  }
  vehicles.own = await api.addVehicle({ label: 'own', client });
  vehicles.ownOtherClient = await api.addVehicle({ label: 'other', client: 'Kuntz' });
  vehicles.foreign = await api.addVehicle({ label: 'foreign', organisation: 'Insurer B' });
  vehicles.absent = { id: randomUUID(), vin: 'ZZZTEST0000099999' };
  boxes.absent = randomUUID();
  const paths = (api.app.swagger() as { paths: Record<string, Record<string, unknown>> }).paths;
  doors = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => {
      const name = `${method.toUpperCase()} ${path}`;
      const door = DOORS[name] ?? (path.startsWith('/v1/operations/') ? { operator: true as const } : undefined);
      if (!door) throw new Error(`${name} is a new door: say in this test who may pass it`);
      return { name, method: method.toUpperCase() as 'GET', path, door };
    }),
  );
});
afterAll(() => api.close());

/** A box of each vehicle, new for each knock, as some doors take it away. */
async function makeBoxes() {
  for (const whose of ['own', 'ownOtherClient', 'foreign'] as const) {
    const { rows } = await api.db.pool.query<{ id: string }>(
      `INSERT INTO boxes (organisation_id, public_key_x) SELECT organisation_id, $2 FROM vehicles WHERE id = $1 RETURNING id`,
      [vehicles[whose].id, randomUUID()],
    );
    boxes[whose] = rows[0]!.id;
  }
}

async function knock(
  door: (typeof doors)[number],
  whose: Whose,
  authorization: string | undefined,
  name: 'id' | 'vin' = 'id',
) {
  const thing = door.path.startsWith('/v1/boxes/') && door.method === 'DELETE' ? boxes[whose] : vehicles[whose][name];
  const url = door.path.replace('{id}', thing).replace(/\{\w+\}/, 'x') + (door.door.query ? `?${door.door.query}` : '');
  return api.app.inject({
    ...{ method: door.method, url, headers: { ...(authorization && { authorization }) } },
    ...(door.method === 'POST' && { payload: door.door.body?.(thing) ?? {} }),
  });
}

test('there are as many doors as we think', () => {
  expect(doors.length).toBeGreaterThanOrEqual(25);
  expect(doors.filter(({ door }) => door.action && door).length).toBeGreaterThanOrEqual(11);
});

describe.each(Role.options)('%s', (role) => {
  test('passes where the role says so, for what is theirs, and nowhere else', async () => {
    for (const door of doors) {
      const { action } = door.door;
      if (!action) continue;
      await makeBoxes();
      const forOneThing = door.path.includes('{id}') || door.door.body !== undefined;
      // A client has no boxes: not even the one in their own car.
      const isBox = door.path.startsWith('/v1/boxes/{');
      for (const whose of ['own', 'ownOtherClient', 'foreign', 'absent'] as const) {
        for (const name of isBox || !forOneThing ? (['id'] as const) : (['id', 'vin'] as const)) {
          const reply = await knock(door, whose, tokens.get(role), name);
          const reachable =
            !forOneThing ||
            (whose === 'own' && !(isBox && role === 'client')) ||
            (whose === 'ownOtherClient' && role !== 'client');
          const expected = !reachable ? 'not_found' : PERMISSIONS[role].includes(action) ? 'passes' : 'forbidden';
          const got = reply.statusCode < 300 ? 'passes' : reply.json().code;
          // No photo was ever taken: seen as absent by those who may look.
          const none =
            door.name.endsWith('/photo/latest') && expected === 'passes' ? ['passes', 'not_found'] : [expected];
          expect(none, `${door.name} ${whose} ${name}`).toContain(got);
        }
      }
    }
  });

  test('finds no operator’s door', async () => {
    for (const door of doors.filter(({ door }) => door.operator)) {
      const reply = await knock(door, 'own', tokens.get(role));
      expect([door.name, reply.statusCode, reply.json().code]).toEqual([door.name, 404, 'not_found']);
    }
  });
});

test('without a token no door opens that needs one', async () => {
  for (const door of doors) {
    if (door.door.open && door.name !== 'GET /v1/me') continue;
    for (const authorization of [
      undefined,
      'Bearer x',
      'Bearer undefined',
      `Basic ${api.operatorToken}`,
      `Bearer ${vehicles.own.vin}`,
    ]) {
      const reply = await knock(door, 'own', authorization);
      expect([door.name, reply.statusCode, reply.json().code]).toEqual([door.name, 401, 'not_signed_in']);
    }
  }
});
