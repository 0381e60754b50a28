import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDuckDbSeriesStore } from './duckdb-series-store.ts';
import { seriesStoreContract } from './series-store.contract.ts';
import type { SeriesStore, StoredReading } from './series-store.ts';

const DAY = Date.UTC(2026, 10, 20);
const batch = (seq: number): StoredReading[] =>
  Array.from({ length: 60 }, (_, index) => ({
    vehicleId: 'vehicle',
    boxId: 'box',
    boot: 1,
    seq,
    index,
    reading: { at: DAY + (seq * 60 + index) * 1000, values: { rpm: 800 + index, lat: 48.5 + seq / 1e5, lon: 7.7 } },
  }));

describe('DuckDB series store: contract', () => {
  seriesStoreContract(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'temoin-duckdb-'));
    const open = () => openDuckDbSeriesStore({ path: join(folder, 'series.duckdb') });
    let store = await open();
    return {
      store,
      reopen: async () => {
        await store.close();
        store = await open();
        return store;
      },
      end: async () => {
        await store.close();
        rmSync(folder, { recursive: true });
      },
    };
  }, 30);
});

describe('DuckDB series store: its file', () => {
  let folder: string;
  let path: string;
  let store: SeriesStore | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'temoin-duckdb-'));
    path = join(folder, 'series.duckdb');
  });
  afterEach(async () => {
    await store?.close();
    store = undefined;
    rmSync(folder, { recursive: true });
  });

  it('says that a corrupt file is to be moved away and rebuilt', async () => {
    store = await openDuckDbSeriesStore({ path });
    await store.append(batch(0), 1n);
    await store.close();
    const bytes = readFileSync(path);
    bytes.fill(0xa5, 0, 8192);
    writeFileSync(path, bytes);
    await expect(openDuckDbSeriesStore({ path })).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining('rebuilt from the log'),
    });
    writeFileSync(path, 'not a database at all, but long enough to be read as one'.repeat(300));
    await expect(openDuckDbSeriesStore({ path })).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining('rebuilt from the log'),
    });
    store = undefined;
  });

  it('says that the file is open in another process', async () => {
    const holder = await startWriter(path);
    await expect(openDuckDbSeriesStore({ path })).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining('another process'),
    });
    await holder.kill();
  });

  it('adds a column for a metric that is new in the catalogue and keeps what was there', async () => {
    store = await openDuckDbSeriesStore({ path });
    await store.append(batch(0), 1n);
    await store.close();
    // A file of the time before there was a fuel level.
    const instance = await DuckDBInstance.create(path);
    const connection = await instance.connect();
    await connection.run('ALTER TABLE readings DROP COLUMN m50; DELETE FROM metrics WHERE id = 50');
    connection.closeSync();
    instance.closeSync();
    store = await openDuckDbSeriesStore({ path });
    const later = batch(1).map((row) => ({ ...row, reading: { ...row.reading, values: { fuelLevelPct: 55.5 } } }));
    await store.append(later, 2n);
    const range = { vehicleId: 'vehicle', from: 0, to: DAY * 2 };
    const [rpm, fuel] = await store.chart(range, ['rpm', 'fuelLevelPct'], 100);
    expect([rpm!.readings, fuel!.readings, fuel!.min]).toEqual([60, 60, 55.5]);
  });

  it('refuses a file whose steps meant something else', async () => {
    store = await openDuckDbSeriesStore({ path });
    await store.close();
    const instance = await DuckDBInstance.create(path);
    const connection = await instance.connect();
    await connection.run('UPDATE metrics SET scale = 7 WHERE id = 21');
    connection.closeSync();
    instance.closeSync();
    await expect(openDuckDbSeriesStore({ path })).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining('rpm'),
    });
    store = undefined;
  });

  it('writes nothing of an append that fails, and goes on afterwards', async () => {
    store = await openDuckDbSeriesStore({ path });
    await store.append(batch(0), 1n);
    const before = await store.digest();
    const bad = Array.from({ length: 50 }, (_, i) => batch(1 + i)).flat();
    bad[2999] = { ...bad[2999]!, reading: { at: DAY, values: { rpm: 1e12 } } };
    await expect(store.append(bad, 2n)).rejects.toMatchObject({ code: 'value_out_of_range' });
    expect([await store.digest(), await store.cursor()]).toEqual([before, 1n]);
    await store.append(batch(1), 2n);
    expect((await store.span('vehicle')).readings).toBe(120);
  });

  it('has every append that had resolved, and none in part, after kill -9 at random moments', async () => {
    let expected = 0;
    for (let round = 0; round < 6; round += 1) {
      const writer = await startWriter(path);
      await new Promise((resolve) => setTimeout(resolve, 40 + round * 53));
      const acknowledged = await writer.kill();
      store = await openDuckDbSeriesStore({ path });
      const cursor = Number(await store.cursor());
      const [whole] = await store.digest();
      expect(cursor).toBeGreaterThanOrEqual(acknowledged);
      expect(whole?.readings ?? 0).toBe(cursor * 60);
      expect((await store.span('vehicle')).readings).toBe(cursor * 60);
      expect(cursor).toBeGreaterThanOrEqual(expected);
      expected = cursor;
      await store.close();
      store = undefined;
    }
    expect(expected).toBeGreaterThan(0);
  });

  it('loses nothing to a full disk, and goes on once there is room', async (context) => {
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', disk], { stdio: 'ignore' });
    } catch {
      context.skip('only root may mount a small disk');
    }
    try {
      writeFileSync(join(disk, 'ballast'), Buffer.alloc(20e6));
      store = await openDuckDbSeriesStore({ path: join(disk, 'series.duckdb') });
      const readings = (n: number) => Array.from({ length: 100 }, (_, i) => batch(n * 100 + i)).flat();
      let appended = 0;
      let problem: unknown;
      while (!problem && appended < 200) {
        await store.append(readings(appended), BigInt(appended + 1)).then(
          () => {
            appended += 1;
          },
          (error: unknown) => {
            problem = error;
          },
        );
      }
      expect(problem).toMatchObject({ code: 'store_unavailable' });
      rmSync(join(disk, 'ballast'));
      const [cursor, whole] = [Number(await store.cursor()), (await store.digest())[0]?.readings ?? 0];
      expect(cursor).toBeGreaterThanOrEqual(appended);
      expect(whole).toBe(cursor * 6000);
      for (let n = appended; n < appended + 3; n += 1) await store.append(readings(n), BigInt(n + 1));
      expect((await store.span('vehicle')).readings).toBe((appended + 3) * 6000);
    } finally {
      await store?.close();
      store = undefined;
      execFileSync('umount', ['--lazy', disk]);
    }
  });

  it('opens a file whose write-ahead log was torn by a power cut', async () => {
    const writer = await startWriter(path);
    await writer.acknowledged(20);
    await writer.kill();
    const size = readFileSync(`${path}.wal`).length;
    truncateSync(`${path}.wal`, size - 1000);
    store = await openDuckDbSeriesStore({ path });
    const cursor = Number(await store.cursor());
    expect((await store.digest())[0]?.readings ?? 0).toBe(cursor * 60);
    // The log is read again from the cursor: what the power cut took comes back.
    for (let seq = cursor; seq < 30; seq += 1) await store.append(batch(seq), BigInt(seq + 1));
    expect((await store.span('vehicle')).readings).toBe(Math.max(cursor, 30) * 60);
  });
});

/** Another process that appends batch after batch and says so after each; killed with SIGKILL. */
async function startWriter(path: string) {
  const fixture = fileURLToPath(new URL('./append-for-ever.fixture.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', fixture, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  let last = 0;
  const waiting: { count: number; resolve: () => void }[] = [];
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const opened = new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the writer ended early (${code})`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line === 'open') resolve();
      else last = Number(line);
      for (const { count, resolve: done } of waiting) if (last >= count) done();
    });
  });
  await opened;
  return {
    acknowledged: (count: number) =>
      new Promise<void>((resolve) => (last >= count ? resolve() : waiting.push({ count, resolve }))),
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
      return last;
    },
  };
}
