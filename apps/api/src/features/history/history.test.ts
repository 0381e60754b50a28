import { readdirSync, readFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { SeriesReply, TrackReply } from '@temoin/shared/history';
import { METRIC_KEYS, type MetricKey } from '@temoin/shared/metrics';
import type { Reading } from '@temoin/shared/telemetry';
import { KM_PER_MILE } from '@temoin/shared/units';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { describeWith, needs } from '../../../../../testing/needs.ts';
import type { App } from '../../http/build-app.ts';
import type { SeriesStore } from '../../stores/series/series-store.ts';
import { buildTestApi, type TestApi, type TestVehicle } from '../../testing/build-test-api.ts';
import { registerHistory } from './history.routes.ts';

const DAY = Date.UTC(2026, 10, 20, 8);
let api: TestApi;
let series: SeriesStore;
/** Readers of the store that are open now: a client that leaves must bring it back to 0. */
let openReaders = 0;
let car: TestVehicle;
let appended = 0n;
const WATCHED = '/watched';
const watched = {
  chart: (...question) => series.chart(...question),
  span: (...question) => series.span(...question),
  async *readings(...question) {
    openReaders += 1;
    try {
      yield* series.readings(...question);
    } finally {
      openReaders -= 1;
    }
  },
} as Partial<SeriesStore> as SeriesStore;
type Headers = { authorization: string };
const as: Record<string, Headers> = {};

beforeAll(async () => {
  api = await buildTestApi({
    // The same doors a second time, on a store whose readers are counted and with little patience.
    register: ({ app, access }, { pool }) => {
      app.register(
        async (scope) =>
          registerHistory(scope as App, { series: watched, access, pool, limits: { exportStallMs: 1500 } }),
        {
          prefix: WATCHED,
        },
      );
    },
  });
  series = api.series;
  const people = [
    ['claims', 'claims_handler', 'Insurer A'],
    ['manager', 'portfolio_manager', 'Insurer A'],
    ['desk', 'fleet_desk', 'Insurer A'],
    ['owner', 'client', 'Insurer A'],
    ['stranger', 'administrator', 'Insurer B'],
  ] as const;
  for (const [name, role, organisation] of people) {
    await api.addPerson({
      email: `${name}@demo.example`,
      role,
      organisation,
      ...(role === 'client' && { client: 'Owner' }),
    });
    as[name] = await api.signIn(`${name}@demo.example`);
  }
  await api.addPerson({ email: 'other@demo.example', role: 'client', client: 'Other' });
  as.other = await api.signIn('other@demo.example');
  car = await api.addVehicle({ label: '=HYPERLINK("evil") Ä-12', client: 'Owner' });
});
afterAll(async () => {
  await api?.close();
});

const store = (vehicleId: string, readings: readonly Reading[]) => {
  appended += 1n;
  return series.append(
    readings.map((reading, i) => ({
      vehicleId,
      boxId: vehicleId,
      boot: 1,
      seq: Math.floor(i / 60),
      index: i % 60,
      reading,
    })),
    appended,
  );
};
const url = (door: string, query: Record<string, string | number>, id = car.id) =>
  `/v1/vehicles/${id}/${door}?${new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]))}`;
const ask = (path: string, headers?: Headers) =>
  api.app.inject({ method: 'GET', url: path, ...(headers && { headers }) });

describe('history: who may', () => {
  const span = { from: DAY, to: DAY + 1000 };
  const doors: [string, Record<string, string | number>][] = [
    ['series', { ...span, metrics: 'rpm' }],
    ['track', span],
    ['span', {}],
    ['export', { ...span, format: 'csv' }],
  ];
  it.each(doors)('%s: nobody, a stranger, another client, a role without the right', async (door, query) => {
    expect((await ask(url(door, query))).statusCode).toBe(401);
    const absent = await ask(url(door, query, '00000000-0000-4000-8000-000000000000'), as.stranger);
    expect(absent.statusCode).toBe(404);
    for (const who of ['stranger', 'other']) {
      const reply = await ask(url(door, query), as[who]);
      expect([reply.statusCode, reply.json().code]).toEqual([404, 'not_found']);
      expect(reply.json().message).toBe(absent.json().message);
    }
    expect((await ask(url(door, query), as.manager)).statusCode).toBe(403);
    for (const who of ['claims', 'owner']) expect((await ask(url(door, query), as[who])).statusCode).toBe(200);
    expect((await ask(url(door, query), as.desk)).statusCode).toBe(door === 'export' ? 403 : 200);
    const operator = { authorization: `Bearer ${api.operatorToken}` };
    expect((await ask(url(door, query, car.vin), operator)).statusCode).toBe(200);
  });
});

describe('history: what is refused', () => {
  it.each([
    ['series', { from: DAY, to: DAY, metrics: 'rpm' }],
    ['series', { from: DAY + 1, to: DAY, metrics: 'rpm' }],
    ['series', { from: 0, to: 401 * 86_400_000, metrics: 'rpm' }],
    ['series', { from: 'then', to: DAY, metrics: 'rpm' }],
    ['series', { from: -1, to: DAY, metrics: 'rpm' }],
    ['series', { from: 1.5, to: DAY, metrics: 'rpm' }],
    ['series', { from: 0, to: 1e17, metrics: 'rpm' }],
    ['series', { from: 0, to: 1000, metrics: 'warp' }],
    ['series', { from: 0, to: 1000, metrics: '' }],
    ['series', { from: 0, to: 1000, metrics: METRIC_KEYS.slice(0, 9).join() }],
    ['series', { from: 0, to: 1000, metrics: 'rpm', points: 1001 }],
    ['series', { from: 0, to: 1000, metrics: 'rpm', points: 1 }],
    ['track', { from: DAY, to: DAY }],
    ['track', {}],
    ['export', { from: 0, to: 1000, format: 'xls' }],
  ])('%s %j', async (door, query) => {
    const reply = await ask(url(door, query as Record<string, string | number>), as.claims);
    expect([reply.statusCode, reply.json().code]).toEqual([400, 'bad_request']);
  });
});

describe('history: what is answered', () => {
  it('charts with a spike and a hole kept, at most as many points as asked for', async () => {
    const vehicle = await api.addVehicle({ label: 'chart' });
    const readings: Reading[] = Array.from({ length: 5000 }, (_, s) => ({
      at: DAY + (s < 2500 ? s : s + 90) * 1000,
      values: { rpm: s === 3333 ? 6000 : 800 + (s % 50), obdSpeedKmh: s % 100 },
    }));
    await store(vehicle.id, readings);
    const reply = await ask(
      url('series', { from: DAY, to: DAY + 86_400_000, metrics: 'obdSpeedKmh,rpm,lat,rpm', points: 100 }, vehicle.id),
      as.claims,
    );
    const [speed, rpm, lat, ...rest] = SeriesReply.parse(reply.json()).series;
    expect([speed!.metric, rpm!.metric, lat!.metric, rest.length]).toEqual(['obdSpeedKmh', 'rpm', 'lat', 0]);
    expect(rpm!.at.length).toBeLessThanOrEqual(100);
    expect([rpm!.readings, rpm!.max, rpm!.min, Math.max(...rpm!.value)]).toEqual([5000, 6000, 800, 6000]);
    expect(rpm!.gaps).toEqual([{ from: DAY + 2499_000, to: DAY + 2590_000 }]);
    expect(lat).toMatchObject({ at: [], value: [], readings: 0 });
    expect((await ask(url('span', {}, vehicle.id), as.claims)).json()).toEqual({
      from: DAY,
      to: DAY + 5089_000,
      readings: 5000,
    });
    expect((await ask(url('span', {}), as.claims)).json()).toEqual({ readings: 0 });
  });

  it('splits a track at holes, bounds its points, and takes the distance over all readings', async () => {
    const vehicle = await api.addVehicle({ label: 'track' });
    // A circle of 1 km radius at 72 km/h, one reading a second, a hole of 100 s.
    const circle = (s: number) => ({
      lat: 48 + Math.sin(s / 50) / 111.195,
      lon: 7 + Math.cos(s / 50) / (111.195 * Math.cos((48 * Math.PI) / 180)),
    });
    const readings: Reading[] = Array.from({ length: 6000 }, (_, s) => ({
      at: DAY + (s < 3000 ? s : s + 100) * 1000,
      values: { ...circle(s), gpsSpeedKmh: 70, ...(s % 2 === 0 && { obdSpeedKmh: 72 }) },
    }));
    await store(vehicle.id, readings);
    const track = TrackReply.parse(
      (await ask(url('track', { from: DAY, to: DAY + 86_400_000 }, vehicle.id), as.claims)).json(),
    );
    expect(track.runs).toHaveLength(2);
    expect(track.readings).toBe(6000);
    const points = track.runs.flat();
    expect(points.length).toBe(2000);
    expect([points[0]![2], points.at(-1)![2]]).toEqual([DAY, DAY + 6099_000]);
    // 5,998 s of 71 km/h in the mean; the points that are left would give less than half of a per cent less.
    expect(track.distanceKm).toBeCloseTo((5998 * 71) / 3600, 1);
    expect(new Set(points.map((p) => p[3]))).toEqual(new Set([72, 70]));
    const part = TrackReply.parse(
      (await ask(url('track', { from: DAY + 10_000, to: DAY + 20_000 }, vehicle.id), as.claims)).json(),
    );
    expect(part.runs[0]!.map((p) => p[2])).toEqual(Array.from({ length: 10 }, (_, i) => DAY + (10 + i) * 1000));
  });

  it('exports every reading with its own time, as CSV and NDJSON, under a harmless name, and writes it down', async () => {
    const readings: Reading[] = [
      { at: DAY + 1, values: { lat: 0.000_000_1, lon: -7.75, rpm: 800.25 } },
      { at: DAY + 1, values: { fuelLevelPct: 50 } },
      { at: DAY + 999, values: { milOn: 1, odometerKm: 123_456.7 } },
    ];
    await store(car.id, readings);
    const query = { from: DAY, to: DAY + 1000 };
    const csv = await ask(url('export', { ...query, format: 'csv' }), as.claims);
    expect(csv.headers['content-type']).toContain('text/csv');
    expect(csv.headers['content-disposition']).toBe(
      'attachment; filename="HYPERLINK-evil-A-12_20261120T0800_20261120T0800.csv"',
    );
    expect(csv.headers['x-content-type-options']).toBe('nosniff');
    const [header, ...lines] = csv.body
      .trimEnd()
      .split('\n')
      .map((line) => line.split(','));
    const read = lines.map((cells) =>
      Object.fromEntries(header!.map((name, i) => [name, cells[i]!]).filter(([, cell]) => cell !== '')),
    );
    expect(read).toEqual([
      { at: String(DAY + 1), time: '2026-11-20T08:00:00.001Z', lat: '0.0000001', lon: '-7.75', rpm: '800.25' },
      { at: String(DAY + 1), time: '2026-11-20T08:00:00.001Z', fuelLevelPct: '50' },
      { at: String(DAY + 999), time: '2026-11-20T08:00:00.999Z', milOn: '1', odometerKm: '123456.7' },
    ]);
    for (const cell of lines.flat()) expect(cell).toMatch(/^(-?\d+(\.\d+)?|\d{4}-\d\d-\d\dT[\d:.]+Z)?$/);
    const ndjson = await ask(url('export', { ...query, format: 'ndjson' }), as.owner);
    expect(
      ndjson.body
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(readings.map(({ at, values }) => ({ at, time: new Date(at).toISOString(), values })));
    const { rows } = await api.db.pool.query(
      `SELECT actor_kind, subject, detail FROM audit_log WHERE action = 'vehicle.exported' ORDER BY id DESC LIMIT 1`,
    );
    expect(rows).toEqual([{ actor_kind: 'person', subject: car.id, detail: { ...query, format: 'ndjson' } }]);
  });
});

describe('history: big exports over a real connection', () => {
  let vehicle: TestVehicle;
  let path: string;
  let port: number;
  const open = (rest: Record<string, string> = {}) =>
    new Promise<IncomingMessage>((resolve, reject) =>
      get({ port, path, host: '127.0.0.1', headers: { ...as.claims, ...rest } }, resolve).on('error', reject),
    );
  beforeAll(async () => {
    vehicle = await api.addVehicle({ label: 'big' });
    const values = Object.fromEntries(METRIC_KEYS.slice(0, 20).map((key, i) => [key, i]));
    const readings = Array.from(
      { length: 200_000 },
      (_, s): Reading => ({ at: DAY + s * 1000, values: { ...values, rpm: s % 9000 } }),
    );
    await store(vehicle.id, readings);
    // So much at once makes the service call itself overloaded for a moment.
    const askAgain = () => ask(url('span', {}, vehicle.id), as.claims).then((reply) => reply.statusCode);
    await vi.waitFor(async () => expect(await askAgain()).toBe(200), { timeout: 20_000, interval: 100 });
    await api.app.listen({ port: 0, host: '127.0.0.1' });
    port = (api.app.server.address() as AddressInfo).port;
    path = WATCHED + url('export', { from: DAY, to: DAY + 400 * 86_400_000 - 1, format: 'csv' }, vehicle.id);
  });

  it('sends all of it', async () => {
    let lines = 0;
    for await (const bytes of await open()) for (const byte of bytes as Buffer) if (byte === 10) lines += 1;
    expect(lines).toBe(1 + (await series.span(vehicle.id)).readings);
    expect(openReaders).toBe(0);
  });

  it('stops reading when the client leaves', async () => {
    const reply = await open();
    await new Promise((resolve) => reply.once('data', resolve));
    expect(openReaders).toBe(1);
    reply.destroy();
    await expect.poll(() => openReaders).toBe(0);
  });

  it('lets go of a client that takes nothing, and cuts the connection so that the file is not taken for whole', async () => {
    const reply = await open();
    reply.pause();
    await expect.poll(() => openReaders, { timeout: 10_000 }).toBe(0);
    await expect(async () => {
      for await (const _ of reply);
    }).rejects.toThrow(/aborted|ECONNRESET/);
  });
});

describeWith(['recordings'], 'history: recorded drives', () => {
  it.each([
    ['driveplotr-nds/drives', 'sum_distance_miles', KM_PER_MILE, 'drive'],
    ['rsk-twizy/trips', 'can_speed_km', 1, 'file'],
  ] as const)(
    '%s: every row comes back, and the distance is the index within 1 %%',
    async (folder, column, kmPerUnit, nameColumn) => {
      const root = needs('recordings').path;
      const index = table(join(root, folder, '..', 'index.csv'));
      for (const file of readdirSync(join(root, folder))) {
        const rows = table(join(root, folder, file)).map(rowToReading);
        const vehicle = await api.addVehicle({ label: `${folder} ${file}` });
        await store(vehicle.id, rows);
        const range = { from: rows[0]!.at, to: rows.at(-1)!.at + 1 };
        const track = TrackReply.parse((await ask(url('track', range, vehicle.id), as.claims)).json());
        const entry = index.find(
          (row) => file.replace('.csv', '').replace(/^drive_0?/, '') === row[nameColumn]!.replace('.csv', ''),
        )!;
        expect((await series.span(vehicle.id)).readings).toBe(rows.length);
        expect(
          Math.abs(track.distanceKm / (Number(entry[column]) * kmPerUnit) - 1),
          `${file}: ${track.distanceKm} km`,
        ).toBeLessThan(0.01);
      }
    },
  );
});

const table = (path: string): Record<string, string>[] => {
  const [header, ...lines] = readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.trim().split(','));
  return lines.map((cells) => Object.fromEntries(header!.map((name, i) => [name, cells[i] ?? ''])));
};

function rowToReading(row: Record<string, string>): Reading {
  const values: { [key in MetricKey]?: number } = {};
  const put = (key: MetricKey, text: string | undefined, factor = 1) => {
    if (text !== undefined && text !== '' && Number.isFinite(Number(text))) values[key] = Number(text) * factor;
  };
  put('lat', row.lat ?? row.gps_lat);
  put('lon', row.lon ?? row.gps_long);
  put(row.speed_source === 'obd' ? 'obdSpeedKmh' : 'gpsSpeedKmh', row.speed_mph, KM_PER_MILE);
  put('gpsSpeedKmh', row.gps_speed_kmh);
  put('obdSpeedKmh', row.can_speed_kmh);
  put('rpm', row.engine_rpm);
  return { at: Date.parse(row.time_utc ?? `${row.time_local}Z`), values };
}
