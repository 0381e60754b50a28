import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWith } from '../../../../../testing/needs.ts';
import { type RunningInflux, startInfluxd, startInfluxd2 } from '../../../../../testing/servers/influxd.ts';
import { openDuckDbSeriesStore } from './duckdb-series-store.ts';
import { createInfluxPoints } from './influx-points.ts';
import { openInfluxSeriesStore } from './influx-series-store.ts';
import { seriesStoreContract } from './series-store.contract.ts';
import type { StoredReading } from './series-store.ts';

const DAY = Date.UTC(2026, 10, 20);
const drive = (seconds: number): StoredReading[] =>
  Array.from({ length: seconds }, (_, s) => ({
    vehicleId: 'vehicle',
    boxId: 'box',
    boot: 1,
    seq: Math.floor(s / 60),
    index: s % 60,
    reading: {
      at: DAY + s * 1000,
      values: { rpm: 800 + (s % 700) / 4, lat: 48.5 + s / 1e6, lon: 7.7, fuelLevelPct: 50 },
    },
  }));

for (const [name, start] of [
  ['influxd', startInfluxd],
  ['influxd2', startInfluxd2],
] as const) {
  describeWith([name], `Influx series store on ${name}`, () => {
    let server: RunningInflux;
    beforeAll(async () => {
      server = await start();
    });
    afterAll(() => server?.stop());

    describe('contract', () => {
      seriesStoreContract(async () => {
        let store = await openInfluxSeriesStore(server);
        return {
          store,
          reopen: async () => {
            await store.close();
            store = await openInfluxSeriesStore(server);
            return store;
          },
          end: () => store.close(),
        };
      }, 6);
    });

    it('has the same digest and charts as DuckDB for the same readings', async () => {
      const influx = await openInfluxSeriesStore(server);
      const duckdb = await openDuckDbSeriesStore({ path: ':memory:' });
      await influx.reset();
      const rows = drive(7200);
      for (const store of [influx, duckdb]) await store.append(rows, 1n);
      expect(await influx.digest()).toEqual(await duckdb.digest());
      const range = { vehicleId: 'vehicle', from: DAY, to: DAY + 86_400_000 };
      expect(await influx.chart(range, ['rpm', 'lat'], 200)).toEqual(await duckdb.chart(range, ['rpm', 'lat'], 200));
      await Promise.all([influx.close(), duckdb.close()]);
    });

    it('says that it is away, keeps the cursor behind, and is whole after the same append again', async () => {
      const store = await openInfluxSeriesStore(server);
      await store.reset();
      await store.append(drive(60), 1n);
      await server.kill();
      await expect(store.append(drive(180), 2n)).rejects.toMatchObject({ code: 'store_unavailable' });
      await expect(store.cursor()).rejects.toMatchObject({ code: 'store_unavailable' });
      await expect(store.span('vehicle')).rejects.toMatchObject({ code: 'store_unavailable' });
      await server.restart();
      expect(await store.cursor()).toBe(1n);
      expect((await store.span('vehicle')).readings).toBe(60);
      await store.append(drive(180), 2n);
      expect([await store.cursor(), (await store.span('vehicle')).readings]).toEqual([2n, 180]);
      await store.close();
    });

    it('refuses a wrong token', async () => {
      await expect(openInfluxSeriesStore({ ...server, token: 'admin:wrong' })).rejects.toMatchObject({
        code: 'store_unavailable',
      });
    });
  });
}

describe('Influx lines (contract test against a fake server that fails at will)', () => {
  it('rejects whenever any request of a write has failed, and retries nothing by itself', async () => {
    let requests = 0;
    let stored = 0;
    let failing = new Set<number>();
    const fake = createServer(async (request, reply) => {
      const chunks: Buffer[] = [];
      for await (const bytes of request) chunks.push(bytes as Buffer);
      const sent = Buffer.concat(chunks);
      const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
      const fails = failing.has(requests);
      requests += 1;
      if (!fails) stored += body.toString().split('\n').filter(Boolean).length;
      reply.writeHead(fails ? 503 : 204).end();
    });
    await new Promise<void>((resolve) => fake.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(fake.address() as AddressInfo).port}`;
    const points = createInfluxPoints({ url, token: 't', org: '', bucket: 'b' });
    const lines = Array.from({ length: 25_000 }, (_, i) => `reading,box=b value=${i}i ${i}`);
    for (const failAt of [0, 1, 2]) {
      [requests, stored] = [0, 0];
      failing = new Set([failAt]);
      await expect(points.write(lines)).rejects.toMatchObject({ code: 'store_unavailable' });
      expect([requests, stored]).toEqual([failAt + 1, failAt * 10_000]);
    }
    [requests, stored] = [0, 0];
    failing = new Set();
    await points.write(lines);
    expect([requests, stored]).toEqual([3, 25_000]);
    fake.close();
  });
});
