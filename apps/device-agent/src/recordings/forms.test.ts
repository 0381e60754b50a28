import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { findRecordings } from './find-recordings.ts';
import { parseIsoTime, parseMoroccanTime } from './instants.ts';
import { openRecording } from './open-recording.ts';
import type { Row } from './recording.ts';
import { createTally } from './tally.ts';

const folder = temporaryFolder('forms');
let files = 0;

async function rowsOf(text: string | Uint8Array, extension = 'csv'): Promise<Row[] | undefined> {
  const path = join(folder, `file-${++files}.${extension}`);
  writeFileSync(path, text);
  const recording = await openRecording(path);
  if (!recording) return undefined;
  const rows: Row[] = [];
  for await (const row of recording.rows()) rows.push(row);
  expect(rows.map((row) => row.row)).toEqual(rows.map((_, i) => i + 1));
  return rows;
}

const outcome = (rows: readonly Row[] | undefined) =>
  rows?.map((row) => ('refused' in row ? row.refused : row.reading.values));

describe('instants', () => {
  it.each([
    ['2020-02-29T12:00:00Z', Date.UTC(2020, 1, 29, 12)],
    ['2020-02-29 12:00', Date.UTC(2020, 1, 29, 12)],
    ['2020-02-29T12:00:00.250Z', Date.UTC(2020, 1, 29, 12, 0, 0, 250)],
    ['2020-02-29T14:00:00+02:00', Date.UTC(2020, 1, 29, 12)],
    ['2020-02-29T08:30:00-0330', Date.UTC(2020, 1, 29, 12)],
    ['2019-02-29T12:00:00Z', undefined],
    ['2020-13-01T12:00:00Z', undefined],
    ['2020-01-01T25:00:00Z', undefined],
    ['yesterday', undefined],
    ['', undefined],
  ])('%s', (text, at) => expect(parseIsoTime(text)).toBe(at));

  it('Morocco: UTC+1, and UTC+0 during Ramadan', () => {
    expect(parseMoroccanTime('2021-03-29T11:13:45')).toBe(Date.UTC(2021, 2, 29, 10, 13, 45));
    expect(parseMoroccanTime('2021-04-22T08:42:50')).toBe(Date.UTC(2021, 3, 22, 8, 42, 50));
    expect(parseMoroccanTime('2021-05-25T10:38:33')).toBe(Date.UTC(2021, 4, 25, 9, 38, 33));
    expect(parseMoroccanTime('2021-05-25T10:38:33Z')).toBe(Date.UTC(2021, 4, 25, 10, 38, 33));
    expect(parseMoroccanTime('noon')).toBeUndefined();
  });
});

describe('CSV', () => {
  it('refuses each bad row by itself and keeps those around it', async () => {
    const rows = await rowsOf(
      [
        '\uFEFFtime_utc,lat,lon,rpm,gpsSpeedKmh',
        '2020-01-01T00:00:00Z,48,7,800,10.04',
        '2020-01-01T00:00:01Z,48,7',
        'soon,48,7,800,10',
        '"2020-01-01T00:00:03Z","48","7","800","10"',
        '"2020-01-01T00:00:04Z,48,7,800,10',
        '',
        '2020-01-01T00:00:05Z,,,,',
        '2020-01-01T00:00:06Z,0,0,many,-3',
        '1970-01-01T00:00:06Z,48,7,800,10',
        '2099-01-01T00:00:06Z,48,7,800,10',
        `2020-01-01T00:00:07Z,48,7,800,${'9'.repeat(70_000)}`,
        '2020-01-01T00:00:08Z,48,,20000,-0.01',
        '2020-01-01T00:00:09Z,48,7,900,11',
      ].join('\r\n'),
    );
    expect(outcome(rows)).toEqual([
      { lat: 48, lon: 7, rpm: 800, gpsSpeedKmh: 10 },
      'row_unreadable',
      'row_unreadable',
      { lat: 48, lon: 7, rpm: 800, gpsSpeedKmh: 10 },
      'row_unreadable',
      'reading_empty',
      'reading_empty',
      'time_out_of_range',
      'time_in_future',
      'row_unreadable',
      { gpsSpeedKmh: 0 },
      { lat: 48, lon: 7, rpm: 900, gpsSpeedKmh: 11 },
    ]);
    const tally = createTally();
    for (const row of rows ?? []) tally.add(row);
    expect(tally.report()).toMatchObject({
      rowsRead: 12,
      readings: 4,
      refused: { row_unreadable: 4, reading_empty: 2, time_out_of_range: 1, time_in_future: 1 },
      refusedValues: { position_implausible: 1, value_out_of_range: 1 },
    });
  });

  it('reads our own export, in ms or ISO time, with any of the usual delimiters', async () => {
    expect(outcome(await rowsOf('at;rpm;lat;lon\n1577836800000;800;48;7\n2020-01-01T00:00:01Z;900;48;7\n'))).toEqual([
      { rpm: 800, lat: 48, lon: 7 },
      { rpm: 900, lat: 48, lon: 7 },
    ]);
    expect(outcome(await rowsOf('time\trpm\n1577836800000\t800\n'))).toEqual([{ rpm: 800 }]);
  });

  it('is no drive without a header that we know, or with a NUL in it', async () => {
    expect(await rowsOf('a,b,c\n1,2,3\n')).toBeUndefined();
    expect(await rowsOf('')).toBeUndefined();
    expect(await rowsOf('at,rpm\n\0\0\n')).toBeUndefined();
    expect(
      await rowsOf(
        Uint8Array.from({ length: 300 }, (_, i) => i % 256),
        'bin',
      ),
    ).toBeUndefined();
  });

  it('spreads rows of a coarse clock, over unreadable rows and an engine that starts again', async () => {
    const rows = await rowsOf(
      [
        'row,engine_run_time_s,rpm,speed_kmh',
        '0,0,800,0',
        '1,0,810,0',
        '2,0,bad,0',
        '3,2,830,1',
        '4,x,840,1',
        '5,4',
        '6,2,850,2',
        '7,0,860,3',
        '8,1,870,3',
      ].join('\n'),
    );
    expect(rows?.map((row) => ('refused' in row ? row.refused : row.reading.at - Date.UTC(2019, 0, 1)))).toEqual(
      [0, 667, 1333, 2000, 'row_unreadable', 'row_unreadable', 2490, 2980, 3980].map((value) =>
        typeof value === 'number' ? expect.closeTo(value, -1) : value,
      ),
    );
  });

  it('keeps memory bounded while a coarse clock stands still', async () => {
    const lines = Array.from({ length: 5000 }, (_, i) => `${i},7,800,0`);
    const rows = (await rowsOf(`row,engine_run_time_s,rpm,speed_kmh\n${lines.join('\n')}\n`)) ?? [];
    expect(rows).toHaveLength(5000);
    let before = 0;
    for (const row of rows) {
      if ('refused' in row) throw new Error('refused');
      expect(row.reading.at).toBeGreaterThan(before);
      before = row.reading.at;
    }
  });
});

describe('NDJSON', () => {
  it('reads readings, passes over what is said about them, refuses the rest', async () => {
    const rows = await rowsOf(
      [
        '{"format":"temoin","vehicle":"X"}',
        '{"at":1577836800000,"values":{"rpm":800,"warp":9}}',
        '{"at":"2020-01-01T00:00:01Z","values":{"rpm":null,"lat":48,"lon":7}}',
        '{"at":1577836802000,"values":{"rpm":"fast"}}',
        '{"at":"later","values":{}}',
        'no json',
        '[1,2]',
        '{"at":1577836803000,"values":{"rpm":900}}',
      ].join('\n'),
      'ndjson',
    );
    expect(outcome(rows)).toEqual([
      { rpm: 800 },
      { lat: 48, lon: 7 },
      'reading_empty',
      'row_unreadable',
      'row_unreadable',
      'row_unreadable',
      { rpm: 900 },
    ]);
    expect(await rowsOf('{"class":"TPV"}\n', 'ndjson')).toBeUndefined();
  });
});

describe('GPX', () => {
  const gpx = (inner: string) => `<?xml version="1.0"?><gpx xmlns="http://www.topografix.com/GPX/1/1">${inner}</gpx>`;

  it('reads points of any track, and refuses those without time or sense', async () => {
    const rows = await rowsOf(
      gpx(`<wpt lat="1" lon="1"><time>2020-01-01T00:00:00Z</time></wpt>
        <!-- <trkpt lat="9" lon="9"><time>2020-01-01T00:00:00Z</time></trkpt> -->
        <trk><trkseg/><trkseg>
        <trkpt lat="48" lon="7"><ele>140.04</ele><time>2020-01-01T00:00:00Z</time><speed>10</speed><course>90</course><sat>8</sat><hdop>1</hdop></trkpt>
        <trkpt lat="48" lon="7"/>
        <trkpt lat="48" lon="7"><time>2020-01-01T00:00:01Z</time><extensions><x:TPX xmlns:x="y"><x:speed>20</x:speed></x:TPX></extensions></trkpt>
        <trkpt lat="north" lon="7"><time>2020-01-01T00:00:02Z</time></trkpt>
        <trkpt lat="48" lon="7"><time>noon</time></trkpt>
        </trkseg></trk><trk><trkseg><trkpt lat="48" lon="7"><time>2020-01-01T00:00:04Z</time></trkpt></trkseg></trk>`),
      'gpx',
    );
    expect(outcome(rows)).toEqual([
      { lat: 48, lon: 7, altitudeM: 140, gpsSpeedKmh: 36, courseDeg: 90, satellites: 8, hdop: 1 },
      'row_unreadable',
      { lat: 48, lon: 7, gpsSpeedKmh: 72 },
      'reading_empty',
      'row_unreadable',
      { lat: 48, lon: 7 },
    ]);
  });

  it('keeps the beginning of a file that ends in the middle of a point, at any length', async () => {
    const point = (n: number) => `<trkpt lat="48" lon="7"><time>2020-01-01T00:00:0${n}Z</time></trkpt>`;
    const whole = gpx(`<trk><trkseg>${point(1)}${point(2)}`);
    for (let length = whole.indexOf(point(2)); length < whole.indexOf(point(2)) + point(2).length; length += 1) {
      const rows = (await rowsOf(whole.slice(0, length), 'gpx')) ?? [];
      expect(rows.filter((row) => 'reading' in row)).toHaveLength(1);
      expect(rows.length).toBeLessThanOrEqual(2);
    }
  });

  it('streams over chunk borders and past points of absurd size', async () => {
    const many = Array.from(
      { length: 3000 },
      (_, n) =>
        `<trkpt lat="48" lon="7"><time>2020-01-01T00:${String(Math.floor(n / 60)).padStart(2, '0')}:${String(n % 60).padStart(2, '0')}Z</time></trkpt>`,
    );
    const huge = `<trkpt lat="48" lon="7"><name>${'x'.repeat(200_000)}`;
    const rows = (await rowsOf(gpx(`<trk><trkseg>${many.join('')}${huge}${many[0]}</trkseg></trk>`), 'gpx')) ?? [];
    expect(rows.filter((row) => 'reading' in row).length).toBeGreaterThanOrEqual(3000);
    expect(rows.filter((row) => 'refused' in row)).toHaveLength(1);
  });

  it('is not every XML', async () => {
    expect(await rowsOf('<html><body>hello</body></html>', 'gpx')).toBeUndefined();
  });
});

describe('any file', () => {
  it('is read to its end or refused, without an exception, every row with its outcome', async () => {
    const heads = [
      'at,rpm\n',
      '{"at":1577836800000,"values":{"rpm":1}}\n',
      '<gpx><trkpt lat="1" lon="2">',
      '$GPRMC,120000,A,4800.0,N,00700.0,E,1,1,010120,,*00\n',
      'row,engine_run_time_s,rpm,speed_kmh\n',
    ];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...heads), fc.string({ maxLength: 400, unit: 'binary' }), async (head, rest) => {
        await rowsOf(head + rest, 'any');
      }),
      { numRuns: 150 },
    );
  });

  it('is found in folders, once each, under a label of its own', async () => {
    const root = join(temporaryFolder('folders'), 'top');
    mkdirSync(join(root, 'a/b'), { recursive: true });
    mkdirSync(join(root, '.hidden'));
    for (const name of ['a/drive.csv', 'a/b/drive.csv', '.hidden/drive.csv', 'drive.csv', 'a/drive.txt'])
      writeFileSync(join(root, name), 'at,rpm\n1577836800000,800\n');
    writeFileSync(join(root, 'README.md'), '# nothing');
    const { recordings, skipped } = await findRecordings(root);
    expect(recordings.map((recording) => recording.label)).toEqual(['drive', 'a-drive', 'drive-2', 'top-drive']);
    expect(skipped).toEqual([{ file: 'README.md', reason: 'not a recorded drive of a known form' }]);
    await expect(findRecordings(join(root, 'absent'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
