import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { METRIC_KEYS } from '@temoin/shared/metrics';
import type { Reading } from '@temoin/shared/telemetry';
import { afterEach, describe, expect, it } from 'vitest';
import { openRecording } from '../recordings/open-recording.ts';
import { trueClock } from '../sensors/clock.ts';
import { seeded } from '../testing/memory-disk.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { isChained, startTestSite, type TestSite } from '../testing/test-site.ts';
import type { FleetReport } from './run-fleet.ts';

// The whole program as a process, killed without warning while it replays. Afterwards the site must have what is in the
// recordings: record for record, in order, once each.

const PROGRAM = fileURLToPath(new URL('../fleet.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const folder = temporaryFolder('crash');
const children: ChildProcess[] = [];
const sites: TestSite[] = [];

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const site of sites.splice(0)) await site.close();
});

/** A made-up drive of `rows` seconds with a row in a hundred that cannot be read. */
function writeDrive(name: string, rows: number): string {
  const random = seeded(rows);
  const lines = ['time_utc,lat,lon,rpm'];
  for (let n = 0; n < rows; n += 1) {
    const time = n % 100 === 57 ? 'yesterday' : new Date(Date.UTC(2020, 0, 1) + n * 1000).toISOString();
    lines.push(`${time},${(48 + random()).toFixed(6)},${(7 + random()).toFixed(6)},${Math.floor(random() * 6000)}`);
  }
  const path = join(folder, `${name}.csv`);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

async function recordedReadings(path: string): Promise<Reading[]> {
  const readings: Reading[] = [];
  for await (const row of (await openRecording(path))?.rows() ?? []) if ('reading' in row) readings.push(row.reading);
  return readings;
}

const plain = (readings: readonly Reading[]) =>
  readings.map(({ at, values }) => [at, ...METRIC_KEYS.map((key) => values[key])].join());

function start(plan: string): ChildProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', PROGRAM, plan], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout?.resume();
  children.push(child);
  return child;
}

async function planOf(name: string, paths: string[], speed: number | 'max') {
  const site = await startTestSite();
  sites.push(site);
  const boxes = paths.map((path, i) => {
    const code = `AAAA-BBBB-CCC${'DEFGH'[i]}`;
    site.addCode(code, `box ${i}`);
    return { label: `box ${i}`, dir: join(folder, name, String(i)), code, sensor: { kind: 'replay', path, speed } };
  });
  const plan = join(folder, `${name}.json`);
  const report = join(folder, `${name}-report.json`);
  writeFileSync(
    plan,
    JSON.stringify({ site: site.origin, boxes, once: true, report, batch: { maxAgeMs: 20, maxReadings: 40 } }),
  );
  const readReport = () => JSON.parse(readFileSync(report, 'utf8')) as FleetReport;
  return { site, plan, readReport };
}

async function expectWhole(site: TestSite, report: FleetReport, paths: string[]): Promise<void> {
  expect(site.conflicts).toEqual([]);
  expect(site.problems).toEqual([]);
  for (const [i, path] of paths.entries()) {
    const box = report.boxes[i];
    const recorded = await recordedReadings(path);
    expect(plain(site.readingsOf(box?.boxId))).toEqual(plain(recorded));
    const batches = site.batchesOf(box?.boxId);
    expect(batches.map((batch) => batch.seq)).toEqual(batches.map((_, n) => n));
    expect(isChained(batches)).toBe(true);
    const dropped = batches.flatMap((batch) => batch.facts).filter((fact) => fact.kind === 'dropped');
    const refused = Object.entries(box?.refused ?? {}).map(([reason, readings]) => ({ reason, readings }));
    expect(dropped.map(({ reason, readings }) => ({ reason, readings }))).toEqual(refused);
    expect(box).toMatchObject({ readings: recorded.length, sealedReadings: recorded.length, batches: batches.length });
  }
}

describe('a fleet that is killed', () => {
  it('with kill -9, again and again, in the end has sent every recorded reading once', async () => {
    const paths = [writeDrive('long', 4000), writeDrive('short', 1500)];
    // Some seconds of replay at this speed, so that every kill comes in the middle.
    const { site, plan, readReport } = await planOf('killed', paths, 600);
    const random = seeded(42);
    // Acknowledgements are lost as well.
    site.behave(({ truth, request, response }) => {
      const reply = truth();
      if (random() < 0.2) request.socket.destroy();
      else site.json(response, 200, reply);
    });
    let kills = 0;
    let seen = 0;
    for (let finished = false; !finished; ) {
      const child = start(plan);
      const exited = once(child, 'exit');
      const target = seen + 1 + Math.floor(random() * 4);
      const watching = (async () => {
        while (site.uploads() < target && child.exitCode === null) await trueClock.sleep(3);
        await trueClock.sleep(random() * 30);
        if (kills < 6 && child.exitCode === null) {
          kills += 1;
          child.kill('SIGKILL');
        }
      })();
      await watching;
      const [code] = await exited;
      seen = site.uploads();
      finished = code !== null;
      if (finished) expect(code).toBe(0);
    }
    // On a busy machine an upload carries more, and the drive may be over sooner; some kills there always are.
    expect(kills).toBeGreaterThanOrEqual(3);
    await expectWhole(site, readReport(), paths);
  }, 180_000);

  it('with SIGTERM, puts what is open on disk and goes on from there', async () => {
    const paths = [writeDrive('gentle', 3000)];
    const { site, plan, readReport } = await planOf('stopped', paths, 1500);
    const first = start(plan);
    const exited = once(first, 'exit');
    while (site.uploads() < 3) await trueClock.sleep(5);
    first.kill('SIGTERM');
    expect((await exited)[0]).toBe(1);
    const second = start(plan);
    expect((await once(second, 'exit'))[0]).toBe(0);
    expect(readReport().complete).toBe(true);
    await expectWhole(site, readReport(), paths);
    // A third start has nothing left to do, and says the same.
    const before = site.batchesOf().length;
    const third = start(plan);
    expect((await once(third, 'exit'))[0]).toBe(0);
    expect(site.batchesOf()).toHaveLength(before);
    await expectWhole(site, readReport(), paths);
  }, 90_000);

  it('as fast as it goes, with a service that is away at first', async () => {
    const paths = [writeDrive('fast', 20_000)];
    const { site, plan, readReport } = await planOf('fast', paths, 'max');
    site.behave(({ response, truth, upload }) => {
      if (upload < 4) site.json(response, 503, { code: 'store_unavailable', message: '' }, { 'retry-after': '0' });
      else site.json(response, 200, truth());
    });
    expect((await once(start(plan), 'exit'))[0]).toBe(0);
    await expectWhole(site, readReport(), paths);
  }, 60_000);
});
