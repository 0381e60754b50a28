import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openRecording } from '../recordings/open-recording.ts';
import { hasSharedData, SHARED_DATA } from '../testing/shared-data.ts';
import { parseSentence } from './sentence.ts';

// gpsd's own decodes of 63 receivers' logs, and a second decoder's of 8,879 sentences: both were made without us.

interface Tpv {
  class: string;
  time?: string;
  mode?: number;
  lat?: number;
  lon?: number;
  speed?: number;
}

const folder = join(SHARED_DATA, 'nmea-gpsd');
const ndjson = <T>(file: string): T[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);

/** gpsd reports an instant two or three times, sentence by sentence. It moves dates by GPS weeks, so the time of day must do. */
function byTimeOfDay(reports: readonly Tpv[]): Map<number, Tpv[]> {
  const byTime = new Map<number, Tpv[]>();
  for (const report of reports) {
    if (report.class !== 'TPV' || !report.time) continue;
    const timeOfDay = Date.parse(report.time) % 86_400_000;
    byTime.set(timeOfDay, [...(byTime.get(timeOfDay) ?? []), report]);
  }
  return byTime;
}

/** Smallest difference between our value and one of gpsd's; 0 where either has none. */
function difference(ours: number | undefined, theirs: (number | undefined)[]): number {
  const known = theirs.filter((value) => value !== undefined);
  return ours === undefined || known.length === 0 ? 0 : Math.min(...known.map((value) => Math.abs(value - ours)));
}

/** A plotter that names two places, metres apart, in the same second; and gpsd keeps 0 m/s although its RMC says 5–6 knots. */
const TWO_PLACES_A_SECOND = 'bundg_zeus_9.log';

describe.skipIf(!hasSharedData)('receiver logs (../shared/data/nmea-gpsd)', () => {
  const logs = hasSharedData ? readdirSync(join(folder, 'logs')).filter((name) => name.endsWith('.log')) : [];

  it('recognises all of them', async () => {
    const forms = await Promise.all(logs.map(async (name) => (await openRecording(join(folder, 'logs', name)))?.form));
    expect(forms).toEqual(logs.map(() => 'nmea'));
  });

  it('finds the positions that gpsd finds', async () => {
    let compared = 0;
    const wrong: string[] = [];
    for (const name of logs) {
      const expected = byTimeOfDay(ndjson(join(folder, 'logs', name.replace(/\.log$/, '.expected.ndjson'))));
      const recording = await openRecording(join(folder, 'logs', name));
      for await (const row of recording?.rows() ?? []) {
        if ('refused' in row) continue;
        const { at, values } = row.reading;
        const reports = expected.get(at % 86_400_000) ?? [];
        if (values.lat === undefined || !reports.some((report) => report.lat !== undefined)) continue;
        compared += 1;
        const latOff = difference(
          values.lat,
          reports.map((report) => report.lat),
        );
        const lonOff = difference(
          values.lon,
          reports.map((report) => report.lon),
        );
        const speedOff = difference(
          values.gpsSpeedKmh,
          reports.map((report) => report.speed && report.speed * 3.6),
        );
        const speedWrong = speedOff > 0.11 && name !== TWO_PLACES_A_SECOND;
        if (Math.max(latOff, lonOff) > (name === TWO_PLACES_A_SECOND ? 5e-5 : 1e-6) || speedWrong)
          wrong.push(`${name} ${at} ${latOff} ${lonOff} ${speedOff}`);
      }
    }
    expect(compared).toBeGreaterThan(1500);
    expect(wrong).toEqual([]);
  });

  it('accepts and rejects checksums as a second decoder does', () => {
    const sentences = ndjson<{ sentence: string; checksum: string }>(join(folder, 'sentences.ndjson'));
    for (const { sentence, checksum } of sentences) {
      // A sentence that was cut off by the next one is lost to the other decoder; the one behind it is not lost to us.
      if (checksum !== 'absent' && sentence.lastIndexOf('$') === 0)
        expect(parseSentence(sentence) !== undefined, sentence).toBe(checksum === 'ok');
    }
    expect(sentences).toHaveLength(8879);
  });
});
