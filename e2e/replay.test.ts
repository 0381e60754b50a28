import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWith, needs } from '../testing/needs.ts';
import { type RunningInflux, startInfluxd } from '../testing/servers/influxd.ts';
import { collectDrives, type IndexedDrive } from './testing/recorded-drives.ts';
import { freePort, newFolder, removeFolder, runStart } from './testing/running-temoin.ts';

// Real recorded drives, replayed by one command as fast as it goes: rows and kilometres must be those of the recordings' own
// indexes, in either time series store.

describeWith(['recordings'], 'recorded drives, replayed once at full speed', () => {
  let folder: string;
  let drives: IndexedDrive[];
  beforeAll(async () => {
    folder = await newFolder();
    drives = await collectDrives(needs('recordings').path, join(folder, 'drives'));
  });
  afterAll(() => removeFolder(folder));

  async function replay(name: string, env: Record<string, string>) {
    const args = [
      '--port',
      String(await freePort()),
      '--data',
      join(folder, name),
      '--replay',
      join(folder, 'drives'),
      '--speed',
      'max',
      '--once',
    ];
    const { code, output } = await runStart(args, { env });
    expect(output).toContain(`All ${drives.length} drives add up.`);
    expect(code).toBe(0);
    const lines = new Map(
      output
        .split('\n')
        .map((line) => line.trim().split(/ {2,}/))
        .filter((cells) => cells.length === 7)
        .map(([label = '', read, stored, refused, holes, km]) => [
          label,
          {
            read: Number(read),
            stored: Number(stored),
            refused: Number(refused),
            holes: Number(holes),
            km: Number(km),
          },
        ]),
    );
    for (const drive of drives) {
      const line = lines.get(drive.label);
      expect(line, drive.label).toMatchObject({ read: drive.rows, stored: drive.rows, refused: 0, holes: 0 });
      expect(
        Math.abs((line?.km ?? 0) - drive.km) / drive.km,
        `${drive.label}: ${line?.km} km, by the index ${drive.km}`,
      ).toBeLessThan(0.01);
    }
    return lines;
  }

  test('into DuckDB; and again adds nothing', async () => {
    expect(drives.length).toBe(17);
    const first = await replay('duckdb', {});
    expect(await replay('duckdb', {})).toEqual(first);
  });

  describeWith(['influxd'], 'with InfluxDB', () => {
    let influx: RunningInflux;
    beforeAll(async () => {
      influx = await startInfluxd();
    });
    afterAll(() => influx?.stop());

    test('into InfluxDB 1.8', async () => {
      const { url, token, org, bucket } = influx;
      await replay('influx', {
        TEMOIN_SERIES: 'influx',
        INFLUX_URL: url,
        INFLUX_TOKEN: token,
        INFLUX_ORG: org,
        INFLUX_BUCKET: bucket,
      });
    });
  });
});
