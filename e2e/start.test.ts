import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  asPerson,
  eventually,
  freePort,
  newFolder,
  operate,
  processesOf,
  removeFolder,
  runStart,
  startTemoin,
} from './testing/running-temoin.ts';

// Starting, stopping, and everything that can be wrong with a start. Each complaint is a sentence, never a stack trace.

let folder: string;
beforeAll(async () => {
  folder = await newFolder();
});
afterAll(() => removeFolder(folder));

interface VehicleList {
  vehicles: { label: string; origin?: string; position?: { lat: number; lon: number } }[];
}

test('one command starts everything; vehicles drive; Ctrl-C leaves nothing behind; a second start finds its data again', async () => {
  const dataFolder = join(folder, 'data');
  const first = await startTemoin(['--vehicles', '4'], { dataFolder });
  expect(first.output()).toMatch(/@demo\.example/);
  const driven = await eventually('vehicles report their positions', async () => {
    const { vehicles } = await asPerson<VehicleList>(first, '/v1/vehicles');
    return vehicles.length === 4 && vehicles.every((vehicle) => vehicle.position) && vehicles;
  });
  expect(driven.every((vehicle) => vehicle.origin === 'simulated')).toBe(true);
  const running = await runStart(['--port', String(await freePort()), '--data', dataFolder]);
  expect(running).toMatchObject({ code: 1, output: expect.stringMatching(/is in use by a Temoin that is running/) });

  expect(await first.stop()).toBe(130);
  expect(await processesOf(dataFolder)).toEqual([]);
  expect(existsSync(join(dataFolder, 'run.json'))).toBe(false);

  const second = await startTemoin(['--vehicles', '4'], { dataFolder });
  const again = await operate<{ batches: number; boxes: number; vehicles: number }>(second, '/status');
  expect(again).toMatchObject({ boxes: 4, vehicles: 4 });
  expect(again.batches).toBeGreaterThan(0);
  expect(await second.stop()).toBe(130);
});

test('a killed service is started again and goes on; a killed starter takes everything with it', async () => {
  const dataFolder = join(folder, 'killed');
  const temoin = await startTemoin(['--vehicles', '2'], { dataFolder });
  const pidOf = () => (JSON.parse(readFileSync(join(dataFolder, 'run.json'), 'utf8')) as { pid: number }).pid;
  const pid = pidOf();
  process.kill(pid, 'SIGKILL');
  await eventually(
    'another service answers',
    async () => pidOf() !== pid && (await fetch(`${temoin.address}/readyz`)).ok,
  );
  const before = (await operate<{ batches: number }>(temoin, '/status')).batches;
  await eventually(
    'batches arrive again',
    async () => (await operate<{ batches: number }>(temoin, '/status')).batches > before,
  );

  temoin.process.kill('SIGKILL');
  await eventually('all is stopped', async () => (await processesOf(dataFolder)).length === 0);
});

describe('what is wrong gets a sentence', () => {
  const data = (name: string) => join(folder, name);
  const complaint = async (args: string[], env: Record<string, string> = {}) => {
    const { code, output } = await runStart(args, { env });
    expect(output).not.toMatch(/^\s+at /m);
    return { code, output };
  };

  test('a busy port', async () => {
    const server = createServer();
    const port = await freePort();
    await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
    const { code, output } = await complaint(['--port', String(port), '--data', data('busy')]);
    server.close();
    expect(code).toBe(1);
    expect(output).toMatch(/Port \d+ is in use by another program.*--port/);
  });

  test('a full disk', async () => {
    const { code, output } = await complaint(['--port', String(await freePort()), '--data', data('full')], {
      TEMOIN_MIN_FREE_MB: '999999999',
    });
    expect(code).toBe(1);
    expect(output).toMatch(/MB free, and Temoin needs.*--data DIR/s);
  });

  test("somebody else's folder", async () => {
    await mkdir(data('thesis'));
    await writeFile(join(data('thesis'), 'chapter-1.txt'), 'years of work');
    const { code, output } = await complaint(['--port', String(await freePort()), '--data', data('thesis')]);
    expect(code).toBe(1);
    expect(output).toMatch(/files that are not Temoin's/);
  });

  test('a damaged database', async () => {
    const dataFolder = data('damaged');
    await (await startTemoin(['--vehicles', '0'], { dataFolder })).stop();
    await writeFile(join(dataFolder, 'postgres/global/pg_control'), Buffer.alloc(8192, 7));
    const { code, output } = await complaint(['--port', String(await freePort()), '--data', dataFolder]);
    expect(code).toBe(1);
    expect(output).toMatch(/damaged[\s\S]*--fresh/);
    expect(await processesOf(dataFolder)).toEqual([]);
  });

  test('settings that do not work', async () => {
    const { code, output } = await complaint(['--port', String(await freePort()), '--data', data('settings')], {
      TEMOIN_SERIES: 'influx',
    });
    expect(code).toBe(1);
    expect(output).toMatch(/INFLUX_URL/);
  });

  test('nothing to replay', async () => {
    const port = String(await freePort());
    expect(await complaint(['--port', port, '--replay', data('gone')])).toMatchObject({
      code: 1,
      output: expect.stringMatching(/There is no .*gone/),
    });
    await mkdir(data('empty'));
    await writeFile(join(data('empty'), 'readme.md'), '# nothing to see');
    const { code, output } = await complaint([
      '--port',
      port,
      '--data',
      data('replay'),
      '--replay',
      data('empty'),
      '--once',
    ]);
    expect(code).toBe(1);
    expect(output).toMatch(/no recorded drive in/);
  });

  test('a Node that is too old', async () => {
    const old = join(folder, 'old-node.cjs');
    await writeFile(
      old,
      "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.4' } });",
    );
    const { code, output } = await complaint([], { NODE_OPTIONS: `--require ${old}` });
    expect(code).toBe(1);
    expect(output).toMatch(/needs Node\.js 20\.19 or later, and this is 18\.20\.4/);
  });
});
