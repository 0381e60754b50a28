import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import type { JoinReply, VehicleChange } from '@temoin/shared/live';
import type { VehicleNow } from '@temoin/shared/vehicles';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { collect, connected, type LiveClient, startLiveRig } from '../testing/live-rig.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';
import { MOST_ROOMS } from './rooms.ts';

let database: TestDatabase;
let rig: Awaited<ReturnType<typeof startLiveRig>>;
let organisationId: string;
let car: { id: string; vin: string; boxId: string };
let seq = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  rig = await startLiveRig(database);
  organisationId = await rig.addOrganisation();
  car = await rig.addVehicle(organisationId);
});
afterAll(async () => {
  await rig.close();
  await database.drop();
});

const joinVehicle = (client: LiveClient, vehicle: string) =>
  new Promise<JoinReply<VehicleNow>>((resolve) => client.emit('vehicle.join', { vehicle }, resolve));
const joinPortfolio = (client: LiveClient, message: object = {}) =>
  new Promise<JoinReply<VehicleNow[]>>((resolve) => client.emit('portfolio.join', message, resolve));
const signedIn = async (...person: Parameters<typeof rig.addPerson>) => {
  const who = await rig.addPerson(...person);
  const client = rig.connect({ token: who.token });
  await connected(client);
  return { ...who, client };
};
const drive = (
  vehicle: { boxId: string },
  values: Record<string, number>,
  facts: Parameters<typeof rig.write>[0]['facts'] = [],
) => rig.write({ boxId: vehicle.boxId, seq: ++seq, readings: [{ at: Date.now(), values }], facts });
const changesOf = (messages: { changes: VehicleChange[] }[], id: string) =>
  messages.flatMap((m) => m.changes).filter((c) => c.id === id);

test('join by id or VIN: a snapshot with its cursor, then every reading and fact that is stored after it', async () => {
  await drive(car, { rpm: 700, lat: 48.58, lon: 7.75 });
  await expect.poll(() => rig.live.position()).toBe(await rig.log.head());
  for (const name of [car.id, car.vin, car.vin.toLowerCase()]) {
    const { client } = await signedIn(organisationId, 'fleet_desk');
    const readings = collect(client, 'vehicle.readings');
    const facts = collect(client, 'vehicle.fact');
    const reply = await joinVehicle(client, name);
    if (!reply.ok) throw new Error(reply.code);
    expect(reply.snapshot).toMatchObject({
      id: car.id,
      vin: car.vin,
      model: 'Kangoo',
      latest: { rpm: [expect.any(Number), expect.any(Number)] },
    });
    expect(BigInt(reply.cursor)).toBe(await rig.log.head());
    await drive(car, { rpm: 1234 }, [{ kind: 'harsh_brake', at: Date.now(), peakG: 0.6 }]);
    await expect.poll(() => readings.flatMap((m) => m.readings.map((r) => r.values.rpm))).toEqual([1234]);
    await expect.poll(() => facts).toHaveLength(1);
    expect(facts[0]).toMatchObject({
      vehicleId: car.id,
      cursor: (await rig.log.head()).toString(),
      fact: { kind: 'harsh_brake' },
    });
    await new Promise((resolve) => client.emit('vehicle.leave', { vehicle: name }, resolve));
    await drive(car, { rpm: 99 });
    await expect.poll(() => rig.live.position()).toBe(await rig.log.head());
    await joinPortfolio(client);
    expect(readings).toHaveLength(1);
  }
});

test("another's vehicle, one that does not exist, and one for which the role lacks the right are refused alike", async () => {
  const elsewhere = await rig.addVehicle(await rig.addOrganisation());
  const clientId = await rig.addClient(organisationId);
  const others = await rig.addVehicle(organisationId, await rig.addClient(organisationId));
  const desk = (await signedIn(organisationId, 'fleet_desk')).client;
  const manager = (await signedIn(organisationId, 'portfolio_manager')).client;
  const owner = (await signedIn(organisationId, 'client', clientId)).client;
  const refused = { ok: false, code: 'not_found' };
  expect(await joinVehicle(desk, elsewhere.id)).toEqual(refused);
  expect(await joinVehicle(desk, elsewhere.vin)).toEqual(refused);
  expect(await joinVehicle(desk, randomUUID())).toEqual(refused);
  expect(await joinVehicle(desk, 'vehicle:*')).toEqual(refused);
  expect(await joinVehicle(desk, '*')).toEqual(refused);
  expect(await joinVehicle(manager, car.id)).toEqual(refused);
  expect(await joinVehicle(owner, others.id)).toEqual(refused);
  for (const strange of [['a'], { $ne: 1 }, 7, null, '', 'x'.repeat(65)])
    expect(await joinVehicle(desk, strange as string)).toEqual({ ok: false, code: 'bad_request' });
  desk.emit('vehicle.join', { vehicle: car.id }, undefined as never);
  const forging = desk as unknown as { emit(event: string, message: unknown): void };
  forging.emit('vehicle.readings', { vehicleId: car.id, readings: [{ at: 1, values: { rpm: 6666 } }] });
  forging.emit('no.such.event', 1);
  const seen = collect(desk, 'vehicle.readings');
  await joinVehicle(desk, car.id);
  await drive(car, { rpm: 55 });
  await expect.poll(() => seen.flatMap((m) => m.readings.map((r) => r.values.rpm))).toEqual([55]);
});

test('nobody gets in without a token, with a false one, from a foreign page or without an origin', async () => {
  const { token } = await rig.addPerson(organisationId, 'fleet_desk');
  await expect(connected(rig.connect({}))).rejects.toThrow('not_signed_in');
  await expect(connected(rig.connect({ token: `${token}x` }))).rejects.toThrow('not_signed_in');
  await expect(connected(rig.connect({ token: ['a'] }))).rejects.toThrow('not_signed_in');
  for (const origin of ['https://evil.example', 'null', 'http://localhost:8480.evil.example'])
    await expect(connected(rig.connect({ token }, { extraHeaders: { origin } }))).rejects.toThrow();
  await expect(connected(rig.connect({ token }, { extraHeaders: {} }))).rejects.toThrow();
  await connected(rig.connect({ token }));
  // No way round by long polling.
  const polling = await new Promise<number>((resolve) =>
    request(`${rig.url}/live/?EIO=4&transport=polling`, { headers: { origin: 'http://localhost:8480' } }, (r) =>
      resolve(r.statusCode ?? 0),
    ).end(),
  );
  expect(polling).toBe(400);
});

test('portfolio: snapshot within reach, then conflated changes, cleared parts named', async () => {
  const own = await rig.addOrganisation();
  const clientId = await rig.addClient(own);
  const [a, b] = [await rig.addVehicle(own), await rig.addVehicle(own, clientId)];
  const desk = (await signedIn(own, 'fleet_desk')).client;
  const owner = (await signedIn(own, 'client', clientId)).client;
  const messages = collect(desk, 'portfolio.changes');
  const ownersMessages = collect(owner, 'portfolio.changes');
  const [everything, ownersShare] = [await joinPortfolio(desk), await joinPortfolio(owner)];
  expect(everything.ok && everything.snapshot.map((v) => v.id).sort()).toEqual([a.id, b.id].sort());
  expect(ownersShare.ok && ownersShare.snapshot.map((v) => v.id)).toEqual([b.id]);
  await Promise.all(
    Array.from({ length: 20 }, (_, i) => drive(a, { obdSpeedKmh: i, rpm: 900, lat: 48.5 + i / 1000, lon: 7.7 })),
  );
  await drive(b, { obdSpeedKmh: 50, rpm: 900 }, [
    { kind: 'faults', at: Date.now() - 10, milOn: true, codes: ['P0401'] },
  ]);
  await expect
    .poll(() => changesOf(messages, b.id).at(-1))
    .toMatchObject({ speedKmh: 50, engineOn: true, alarm: { kind: 'faults' } });
  await expect.poll(() => changesOf(messages, a.id).at(-1)?.position?.lon).toBe(7.7);
  expect(changesOf(messages, a.id).length).toBeLessThan(20);
  await drive(b, { obdSpeedKmh: 51, rpm: 900 }, [{ kind: 'faults', at: Date.now(), milOn: false, codes: [] }]);
  await expect
    .poll(() => changesOf(messages, b.id).at(-1))
    .toMatchObject({ speedKmh: 51, cleared: expect.arrayContaining(['alarm']) });
  // Nothing that did not change is said again.
  await drive(b, { obdSpeedKmh: 52, rpm: 900 });
  await expect.poll(() => changesOf(messages, b.id).at(-1)?.speedKmh).toBe(52);
  expect(changesOf(messages, b.id).at(-1)).not.toHaveProperty('faults');
  expect(new Set(ownersMessages.flatMap((m) => m.changes.map((c) => c.id)))).toEqual(new Set([b.id]));
});

test('a role that may only list gets states, and no position, speed or value', async () => {
  const own = await rig.addOrganisation();
  const vehicle = await rig.addVehicle(own);
  await drive(vehicle, { obdSpeedKmh: 30, rpm: 900, lat: 48.5, lon: 7.7 });
  const manager = (await signedIn(own, 'portfolio_manager')).client;
  const messages = collect(manager, 'portfolio.changes');
  const reply = await joinPortfolio(manager);
  await drive(vehicle, { obdSpeedKmh: 0, rpm: 0, lat: 48.51, lon: 7.7 }, [{ kind: 'crash', at: Date.now(), peakG: 9 }]);
  await expect.poll(() => changesOf(messages, vehicle.id).at(-1)?.alarm?.kind).toBe('crash');
  for (const forbidden of ['position', 'speedKmh', 'latest', 'faults', '48.5', '7.7'])
    expect(JSON.stringify([reply, messages])).not.toContain(forbidden);
});

test('a view: positions inside it only; what leaves is seen leaving, what enters is told', async () => {
  const own = await rig.addOrganisation();
  const [here, there] = [await rig.addVehicle(own), await rig.addVehicle(own)];
  const view = { south: 48, north: 49, west: 7, east: 8 };
  const { client } = await signedIn(own, 'fleet_desk');
  const messages = collect(client, 'portfolio.changes');
  await joinPortfolio(client, { view });
  const positionsOf = (id: string) => changesOf(messages, id).flatMap((c) => (c.position ? [c.position.lat] : []));
  await drive(there, { obdSpeedKmh: 60, lat: 10, lon: 10 });
  await drive(here, { obdSpeedKmh: 60, lat: 48.5, lon: 7.5 });
  await expect.poll(() => positionsOf(here.id)).toEqual([48.5]);
  await drive(there, { obdSpeedKmh: 60, lat: 11, lon: 10 });
  await drive(here, { obdSpeedKmh: 60, lat: 50, lon: 7.5 });
  await expect.poll(() => positionsOf(here.id)).toEqual([48.5, 50]);
  expect(positionsOf(there.id)).toEqual([]);
  // But that it drives is known to the list beside the map.
  expect(changesOf(messages, there.id).at(-1)).toMatchObject({ speedKmh: 60 });
  await new Promise((resolve) =>
    client.emit('portfolio.view', { view: { south: 9, north: 12, west: 9, east: 11 } }, resolve),
  );
  await expect.poll(() => positionsOf(there.id)).toEqual([11]);
});

test('a right that is removed closes the room within a second; other pages are not touched', async () => {
  const own = await rig.addOrganisation();
  const vehicle = await rig.addVehicle(own);
  const [demoted, staying, signedOut] = [
    await signedIn(own, 'fleet_desk'),
    await signedIn(own, 'fleet_desk'),
    await signedIn(own, 'fleet_desk'),
  ];
  for (const { client } of [demoted, staying, signedOut]) {
    expect((await joinVehicle(client, vehicle.vin)).ok).toBe(true);
    expect((await joinPortfolio(client)).ok).toBe(true);
  }
  const closed = collect(demoted.client, 'room.closed');
  const ended = collect(signedOut.client, 'room.closed');
  const seen = collect(demoted.client, 'vehicle.readings');
  const stayed = collect(staying.client, 'vehicle.readings');
  await rig.pool.query(`UPDATE people SET role = 'portfolio_manager' WHERE id = $1`, [demoted.personId]);
  await rig.pool.query('UPDATE sessions SET ended_at = now() WHERE id = $1', [signedOut.sessionId]);
  await expect
    .poll(() => closed.map((c) => c.room).sort(), { timeout: 1_000 })
    .toEqual([`portfolio:${own}`, `vehicle:${vehicle.vin}`]);
  await expect.poll(() => ended.map((c) => c.code), { timeout: 1_000 }).toEqual(['session_ended']);
  await expect.poll(() => signedOut.client.connected).toBe(false);
  await drive(vehicle, { rpm: 1 });
  await expect.poll(() => stayed).toHaveLength(1);
  expect(seen).toEqual([]);
  expect(await joinVehicle(demoted.client, vehicle.vin)).toEqual({ ok: false, code: 'not_found' });
  // The vehicle goes to another insurer.
  const gone = collect(staying.client, 'room.closed');
  await rig.pool.query('UPDATE vehicles SET organisation_id = $2 WHERE id = $1', [
    vehicle.id,
    await rig.addOrganisation(),
  ]);
  await expect
    .poll(() => gone.map((c) => c.room).sort(), { timeout: 1_000 })
    .toEqual([`portfolio:${own}`, `vehicle:${vehicle.vin}`]);
});

test('a token that runs out ends the connection', async () => {
  const person = await rig.addPerson(organisationId, 'fleet_desk');
  const client = rig.connect({ token: await rig.shortToken(person, 3_000) });
  await connected(client);
  const ended = collect(client, 'room.closed');
  await expect.poll(() => ended.map((c) => c.code), { timeout: 5_000 }).toEqual(['session_ended']);
  await expect.poll(() => client.connected).toBe(false);
});

test('10,000 joins at once: bounded, answered, and the others go on', async () => {
  const { client } = await signedIn(organisationId, 'fleet_desk');
  const bystander = (await signedIn(organisationId, 'fleet_desk')).client;
  const seen = collect(bystander, 'vehicle.readings');
  await joinVehicle(bystander, car.id);
  const codes = new Map<string, number>();
  for (let i = 0; i < 10_000; i += 1)
    client.emit('vehicle.join', { vehicle: car.id }, (reply) => {
      const code = reply.ok ? 'ok' : reply.code;
      codes.set(code, (codes.get(code) ?? 0) + 1);
    });
  await expect.poll(() => client.connected, { timeout: 10_000 }).toBe(false);
  expect(codes.get('ok') ?? 0).toBeLessThan(500);
  expect(codes.get('too_many_requests')).toBeGreaterThan(100);
  await drive(car, { rpm: 77 });
  await expect.poll(() => seen.flatMap((m) => m.readings.map((r) => r.values.rpm))).toContain(77);
});

test('one page watches a bounded number of vehicles', async () => {
  const own = await rig.addOrganisation();
  const cars = await Promise.all(Array.from({ length: MOST_ROOMS + 1 }, () => rig.addVehicle(own)));
  const { client } = await signedIn(own, 'fleet_desk');
  const codes: string[] = [];
  for (const { id } of cars) {
    const reply = await joinVehicle(client, id);
    codes.push(reply.ok ? 'ok' : reply.code);
  }
  expect(codes).toEqual([...Array(MOST_ROOMS).fill('ok'), 'too_many_requests']);
});

test('a message that is too large or no packet ends that connection and no other', async () => {
  const bystander = (await signedIn(organisationId, 'fleet_desk')).client;
  for (const poison of ['x'.repeat(1_000_000), undefined]) {
    const { client } = await signedIn(organisationId, 'fleet_desk');
    if (poison) client.emit('vehicle.join', { vehicle: poison }, () => undefined);
    else
      (client.io.engine as unknown as { write(data: string): void }).write(
        '52147483648-["vehicle.join",{"_placeholder":true,"num":0}]',
      );
    await expect.poll(() => client.connected, { timeout: 5_000 }).toBe(false);
  }
  expect((await joinVehicle(bystander, car.id)).ok).toBe(true);
  expect(rig.problems).toEqual([]);
});

test('a reader who stands still: bounded memory, newest value afterwards; facts are not lost in silence', async () => {
  const own = await rig.addOrganisation();
  const vehicle = await rig.addVehicle(own);
  const [slow, brisk, stuck] = [
    await signedIn(own, 'fleet_desk'),
    await signedIn(own, 'fleet_desk'),
    await signedIn(own, 'fleet_desk'),
  ];
  for (const { client } of [slow, brisk, stuck]) {
    await joinVehicle(client, vehicle.id);
    await joinPortfolio(client);
  }
  const transport = (client: LiveClient) =>
    (client.io.engine.transport as unknown as { ws: { _socket: { pause(): void; resume(): void } } }).ws._socket;
  const [slowSaw, briskSaw, briskFacts] = [
    collect(slow.client, 'vehicle.readings'),
    collect(brisk.client, 'vehicle.readings'),
    collect(brisk.client, 'vehicle.fact'),
  ];
  transport(slow.client).pause();
  let most = 0;
  const ROUNDS = 100;
  for (let round = 0; round < ROUNDS; round += 1) {
    const at = Date.now() - 60_000;
    const readings = Array.from({ length: 480 }, (_, i) => ({
      at: at + i,
      values: {
        rpm: round,
        engineLoadPct: i / 10,
        coolantTempC: 80,
        lat: 48.5 + i / 1e4,
        lon: 7.7,
        altitudeM: 140,
        gpsSpeedKmh: 50,
        courseDeg: 90,
        satellites: 9,
      },
    }));
    await rig.write({ boxId: vehicle.boxId, seq: ++seq, readings });
    await expect.poll(() => briskSaw.at(-1)?.readings.at(-1)?.values.rpm, { timeout: 5_000, interval: 10 }).toBe(round);
    most = Math.max(most, await rig.gauge('temoin_live_buffered_bytes_max'));
  }
  // Far more was written than one socket may hold.
  expect(briskSaw.flatMap((m) => m.readings)).toHaveLength(ROUNDS * 480);
  expect(most).toBeGreaterThan(32 * 1024);
  expect(most).toBeLessThanOrEqual(256 * 1024);
  transport(slow.client).resume();
  await expect.poll(() => slowSaw.at(-1)?.readings.at(-1)?.values.rpm, { timeout: 5_000 }).toBe(ROUNDS - 1);
  expect(slowSaw.flatMap((m) => m.readings).length).toBeLessThan(ROUNDS * 480);

  transport(stuck.client).pause();
  const socketsBefore = await rig.gauge('temoin_live_sockets');
  let facts = 0;
  const transportOfStuck = transport(stuck.client);
  for (let round = 0; round < 300 && (await rig.gauge('temoin_live_sockets')) === socketsBefore; round += 1) {
    const list = Array.from({ length: 250 }, (_, i) => ({
      kind: 'dropped' as const,
      at: Date.now() - i,
      reason: 'x'.repeat(40),
      readings: 1,
    }));
    await rig.write({ boxId: vehicle.boxId, seq: ++seq, facts: list });
    await rig.write({ boxId: vehicle.boxId, seq: ++seq, facts: list });
    facts += 2 * list.length;
    await expect.poll(() => briskFacts.length, { timeout: 5_000, interval: 10 }).toBe(facts);
    expect(await rig.gauge('temoin_live_buffered_bytes_max')).toBeLessThanOrEqual(256 * 1024);
  }
  expect(await rig.gauge('temoin_live_sockets')).toBe(socketsBefore - 1);
  transportOfStuck.resume();
  await expect.poll(() => stuck.client.connected, { timeout: 5_000 }).toBe(false);
  expect(brisk.client.connected && slow.client.connected).toBe(true);
}, 90_000);
