import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from './config/env.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';
import { startTestSite, type TestSite } from './testing/test-site.ts';

const PROGRAM = fileURLToPath(new URL('./main.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const folder = temporaryFolder('main');
const drive = join(folder, 'drive.csv');
writeFileSync(
  drive,
  `at,rpm\n${Array.from({ length: 50 }, (_, n) => `${1_577_836_800_000 + n * 1000},${800 + n}`).join('\n')}\nbad,1\n`,
);

let site: TestSite;
beforeAll(async () => {
  site = await startTestSite();
});
afterAll(() => site.close());

const run = (...args: string[]) =>
  new Promise<{ code: number; out: string; err: string }>((resolve) => {
    execFile(
      process.execPath,
      ['--import', 'tsx', PROGRAM, ...args],
      { cwd: ROOT, timeout: 60_000 },
      (error, out, err) => {
        resolve({ code: error ? Number(error.code) : 0, out, err });
      },
    );
  });

// Each run starts a process; on a busy machine that takes its time.
describe('temoin-agent', { timeout: 120_000 }, () => {
  it('explains itself', async () => {
    expect(await run('--help')).toMatchObject({ code: 0, out: expect.stringContaining('temoin-agent enrol CODE') });
    expect(await run()).toMatchObject({ code: 2 });
    expect(await run('--version')).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  it.each([
    [['dance'], /no command dance/],
    [['--colour'], /Unknown option/],
    [['enrol'], /needs the one-time code/],
    [['enrol', 'AAAA-BBBB-CCCC'], /--site/],
    [['run', '--dir', folder], /--replay FILE or --simulate SEED/],
    [['replay', '/no/such/file'], /There is no/],
    [['run', '--simulate', 'x'], /whole number/],
    [['run', '--obd', 'under the dashboard'], /no address of an adapter/],
    [['recordings'], /file or a folder/],
  ])('%j is a wrong use', async (args, message) => {
    const { code, err } = await run(...args);
    expect([code, err]).toEqual([2, expect.stringMatching(message)]);
  });

  it('enrols, replays to the end, and tells its state', async () => {
    const box = join(folder, 'box');
    expect(await run('replay', drive, '--dir', box)).toMatchObject({ code: 3 });
    site.addCode('AAAA-BBBB-CCCC', 'AB-123-CD');
    expect(await run('enrol', 'AAAA-BBBB-DDDD', '--dir', box, '--site', site.origin)).toMatchObject({ code: 3 });
    const enrolled = await run('enrol', 'AAAA-BBBB-CCCC', '--dir', box, '--site', site.origin);
    expect(enrolled).toMatchObject({ code: 0, out: expect.stringContaining('AB-123-CD') });
    const replayed = await run('replay', drive, '--speed', 'max', '--dir', box);
    expect(replayed.code).toBe(0);
    expect(JSON.parse(replayed.out)).toMatchObject({
      rowsRead: 51,
      readings: 50,
      refused: { row_unreadable: 1 },
      batchesRefused: 0,
    });
    expect(site.readingsOf()).toHaveLength(50);
    const status = await run('status', '--json', '--dir', box);
    expect(JSON.parse(status.out)).toMatchObject({
      vehicleLabel: 'AB-123-CD',
      boot: 1,
      waitingBatches: 0,
      refusedBatches: 0,
    });
    expect(await run('status', '--dir', box)).toMatchObject({
      code: 0,
      out: expect.stringContaining('waitingBatches   0'),
    });
  });

  it('lists recordings', async () => {
    const { code, out } = await run('recordings', drive, '--json');
    expect([code, JSON.parse(out).recordings]).toEqual([
      0,
      [{ label: 'drive', path: drive, form: 'temoin-csv', bytes: expect.any(Number) }],
    ]);
  });
});

describe('settings', () => {
  it('have defaults, and name every variable that is wrong', () => {
    expect(readConfig({})).toEqual({
      folder: '/var/lib/temoin-agent',
      sites: [],
      serial: '',
      batch: { maxAgeMs: 1000, maxReadings: 600 },
      outboxLimitBytes: 268_435_456,
    });
    expect(readConfig({ TEMOIN_SITES: 'http://a, https://b,' }).sites).toEqual(['http://a', 'https://b']);
    expect(() => readConfig({ TEMOIN_SITES: 'a', TEMOIN_BATCH_MAX_AGE_MS: 'soon' })).toThrow(
      /TEMOIN_SITES[\s\S]*TEMOIN_BATCH_MAX_AGE_MS/,
    );
  });
});
