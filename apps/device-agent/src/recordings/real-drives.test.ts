import { join } from 'node:path';
import { KM_PER_MILE } from '@temoin/shared/units';
import { describe, expect, it } from 'vitest';
import { hasSharedData, readIndex, SHARED_DATA } from '../testing/shared-data.ts';
import { findRecordings } from './find-recordings.ts';
import { openRecording } from './open-recording.ts';
import type { Row } from './recording.ts';
import { createTally, type TallyReport } from './tally.ts';

async function tally(path: string): Promise<TallyReport> {
  const recording = await openRecording(path);
  if (!recording) throw new Error(`${path} was not recognised`);
  const counts = createTally();
  for await (const row of recording.rows()) counts.add(row);
  return counts.report();
}

const refusedRows = (report: TallyReport) => Object.values(report.refused).reduce((sum, n) => sum + n, 0);

/** Within one per cent, the tolerance that a replayed drive has to keep. */
function expectNear(km: number, reference: number): void {
  expect(Math.abs(km - reference) / reference, `${km} km against ${reference} km`).toBeLessThan(0.01);
}

describe.skipIf(!hasSharedData)('real drives (../shared/data)', () => {
  it.each(hasSharedData ? readIndex('driveplotr-nds/index.csv') : [])('driveplotr drive $drive', async (index) => {
    const report = await tally(join(SHARED_DATA, `driveplotr-nds/drives/drive_${index.drive?.padStart(2, '0')}.csv`));
    expect(report).toMatchObject({
      rowsRead: Number(index.rows),
      readings: Number(index.rows),
      refused: {},
      refusedValues: {},
    });
    expect(report.firstAt).toBe(Date.parse(index.start ?? ''));
    expect(report.lastAt).toBe(Date.parse(index.end ?? ''));
    expectNear(report.km, Number(index.sum_distance_miles) * KM_PER_MILE);
  });

  it.each(hasSharedData ? readIndex('envirocar/index.csv') : [])('envirocar $track', async (index) => {
    const report = await tally(join(SHARED_DATA, `envirocar/tracks/${index.track}.csv`));
    expect(report).toMatchObject({
      rowsRead: Number(index.rows),
      readings: Number(index.rows),
      refused: {},
      refusedValues: {},
    });
    expectNear(report.km, Number(index.declared_length_km || index.haversine_km));
  });

  it.each(hasSharedData ? readIndex('rsk-twizy/index.csv') : [])('twizy $file', async (index) => {
    const report = await tally(join(SHARED_DATA, `rsk-twizy/trips/${index.file}`));
    expect(report).toMatchObject({ rowsRead: Number(index.rows), readings: Number(index.rows), refused: {} });
    expect((report.lastAt ?? 0) - (report.firstAt ?? 0)).toBe(
      Date.parse(`${index.end}Z`) - Date.parse(`${index.start}Z`),
    );
    expectNear(report.km, Number(index.can_speed_km));
  });

  it.each(hasSharedData ? readIndex('carobd-etios/index.csv') : [])('carobd $file', async (index) => {
    const path = join(SHARED_DATA, `carobd-etios/trips/${index.file}.csv`);
    const report = await tally(path);
    expect(report).toMatchObject({ rowsRead: Number(index.rows), readings: Number(index.rows), refused: {} });
    // The index assumes 0.5 s a row. The engine's own clock is the better one, so its kilometres are brought to that clock.
    const engineSeconds = ((report.lastAt ?? 0) - (report.firstAt ?? 0)) / 1000;
    const reference = Number(index.km_at_halfsec) * (engineSeconds / (Number(index.rows) * 0.5));
    if (reference > 0) expectNear(report.km, reference);
    else expect(report.km).toBe(0);
    let before = Number.NEGATIVE_INFINITY;
    for await (const row of (await openRecording(path))?.rows() ?? []) {
      if ('refused' in row) throw new Error('refused');
      expect(row.reading.at).toBeGreaterThan(before);
      before = row.reading.at;
    }
  });

  it.each(hasSharedData ? readIndex('drive-cycles/index.csv') : [])('drive cycle $cycle', async (index) => {
    const report = await tally(join(SHARED_DATA, `drive-cycles/${index.cycle}.csv`));
    expect(report).toMatchObject({ rowsRead: Number(index.rows), readings: Number(index.rows) });
    expectNear(report.km, Number(index.distance_km));
  });

  it('GPX: counts the points of empty and untimed segments', async () => {
    const folder = join(SHARED_DATA, 'gpx-gps-traces');
    expect(await tally(join(folder, 'korita-zbevnica.gpx'))).toMatchObject({
      rowsRead: 871,
      readings: 513,
      refused: { row_unreadable: 358 },
    });
    expect(await tally(join(folder, 'track-with-empty-segment.gpx'))).toMatchObject({ rowsRead: 9, readings: 9 });
    expect(await tally(join(folder, 'around-visnjan-with-car.gpx'))).toMatchObject({ rowsRead: 104, readings: 104 });
    expect(await tally(join(folder, 'mappymatch_sample_trace_2.csv'))).toMatchObject({ rowsRead: 799, readings: 0 });
    expectNear((await tally(join(folder, 'barefoot_x0001-015.csv'))).km, 13.37);
  });

  it('skips what is no drive, and gives every drive its file name', async () => {
    const found = await findRecordings(join(SHARED_DATA, 'driveplotr-nds'));
    expect(found.recordings.map((recording) => recording.label)).toEqual(
      [1, 4, 5, 6, 9, 13, 16, 30, 32].map((n) => `drive_${String(n).padStart(2, '0')}`),
    );
    expect(found.skipped.map((skipped) => skipped.file)).toEqual(['README.md', 'accel_events.csv', 'index.csv']);
  });

  it('accounts for every row of everything there', async () => {
    const { recordings } = await findRecordings(SHARED_DATA);
    expect(recordings.length).toBeGreaterThan(85);
    for (const recording of recordings) {
      const report = await tally(recording.path);
      expect(report.rowsRead, recording.path).toBe(report.readings + refusedRows(report));
    }
  });

  it('puts miles per hour into the speed that measured them', async () => {
    const recording = await openRecording(join(SHARED_DATA, 'driveplotr-nds/drives/drive_05.csv'));
    const rows: Row[] = [];
    for await (const row of recording?.rows() ?? []) rows.push(row);
    const values = rows.flatMap((row) => ('reading' in row ? [row.reading.values] : []));
    expect(values.filter((value) => value.obdSpeedKmh !== undefined)).toHaveLength(2);
    expect(values.filter((value) => value.gpsSpeedKmh !== undefined)).toHaveLength(734);
    // 0.155342798 mph = 0.24999999 km/h
    expect(values[0]).toMatchObject({ gpsSpeedKmh: 0.2, lat: 41.2603684, lon: -96.0383377, courseDeg: 137.4 });
  });
});
