import type { Fact, Reading } from '@temoin/shared/telemetry';
import { describe, expect, it } from 'vitest';
import type { Recording, Row } from '../recordings/recording.ts';
import { createTally } from '../recordings/tally.ts';
import { type Clock, lapsedClock, trueClock } from './clock.ts';
import { createReplaySensor } from './replay-sensor.ts';
import type { Bookmark } from './sensor.ts';

const START = Date.UTC(2020, 0, 1);
const row = (n: number, at = START + n * 1000): Row => ({
  row: n,
  reading: { at, values: { rpm: n } },
  refusedValues: {},
});
const bad = (n: number): Row => ({ row: n, refused: 'row_unreadable' });

const recordingOf = (rows: readonly Row[]): Recording => ({
  label: 'r',
  path: '/drives/r.csv',
  form: 'test',
  bytes: 77,
  clockTrust: 'gps',
  rows: async function* () {
    yield* rows;
  },
});

/** A clock that notes waits instead of waiting. */
function notingClock() {
  let nowMs = 0;
  const waits: number[] = [];
  const clock: Clock = {
    now: () => nowMs,
    monotonicMs: () => nowMs,
    async sleep(ms) {
      if (ms <= 0) return;
      waits.push(ms);
      nowMs += ms;
    },
  };
  return { clock, waits };
}

async function play(
  rows: readonly Row[],
  options: { speed?: number | 'max'; resume?: Bookmark; stopAfter?: number; clock?: Clock } = {},
) {
  const readings: Reading[] = [];
  const facts: Fact[] = [];
  const bookmarks: Bookmark[] = [];
  const stop = new AbortController();
  const tally = createTally();
  const sensor = createReplaySensor({
    recording: recordingOf(rows),
    speed: options.speed ?? 'max',
    clock: options.clock ?? trueClock,
    resume: options.resume,
    tally,
  });
  await sensor.run(
    {
      async reading(reading, bookmark) {
        readings.push(reading);
        if (bookmark) bookmarks.push(bookmark);
        if (readings.length === options.stopAfter) stop.abort();
      },
      async fact(fact, bookmark) {
        facts.push(fact);
        if (bookmark) bookmarks.push(bookmark);
      },
    },
    stop.signal,
  );
  return { sensor, readings, facts, bookmarks, report: tally.report() };
}

describe('replay sensor', () => {
  it('plays every row with its own time, and says at the end what was refused', async () => {
    const { sensor, readings, facts, report } = await play([
      row(1),
      bad(2),
      row(3),
      { row: 4, refused: 'reading_empty' },
      bad(5),
    ]);
    expect([sensor.origin, sensor.clockTrust, sensor.waits]).toEqual(['replayed', 'gps', true]);
    expect(readings.map((reading) => reading.at - START)).toEqual([1000, 3000]);
    expect(facts).toEqual([
      { kind: 'dropped', at: START + 3000, reason: 'row_unreadable', readings: 2 },
      { kind: 'dropped', at: START + 3000, reason: 'reading_empty', readings: 1 },
    ]);
    expect(report).toMatchObject({ rowsRead: 5, readings: 2, refused: { row_unreadable: 2, reading_empty: 1 } });
  });

  it('stopped after any bookmark and started again, plays each row and each refusal once', async () => {
    const rows = [row(1), bad(2), row(3), row(4), { row: 5, refused: 'reading_empty' } as const, row(6)];
    const whole = await play(rows);
    for (const resume of whole.bookmarks) {
      const at = whole.bookmarks.indexOf(resume) + 1;
      const rest = await play(rows, { resume });
      expect(rest.readings).toEqual(whole.readings.slice(at));
      expect(rest.facts).toEqual(whole.facts.slice(Math.max(0, at - whole.readings.length)));
      expect(rest.report).toEqual(whole.report);
    }
  });

  it('begins anew when the file is another', async () => {
    const { readings } = await play([row(1), row(2)], { resume: { source: 'other.csv/5', row: 2 } });
    expect(readings).toHaveLength(2);
  });

  it('keeps the pace of the drive, shortens nights and survives times that go back', async () => {
    const night = 8 * 3_600_000;
    const rows = [
      row(1),
      row(2),
      row(3, START + night),
      row(4, START + night + 1000),
      row(5, START),
      row(6, START + 2000),
    ];
    const { clock, waits } = notingClock();
    await play(rows, { speed: 2, clock });
    expect(waits).toEqual([500, 2500, 500, 1000]);
  });

  it('stops in the middle of a wait', async () => {
    const { readings } = await play([row(1), row(2), row(3)], { speed: 1000, stopAfter: 2 });
    expect(readings).toHaveLength(2);
  });

  it('says nothing of a file in which nothing was readable', async () => {
    expect((await play([bad(1), bad(2)])).facts).toEqual([]);
  });
});

describe('clocks', () => {
  it('a lapsed clock runs faster and waits shorter', async () => {
    const { clock: base, waits } = notingClock();
    const clock = lapsedClock(20, START, base);
    await clock.sleep(2000);
    expect([waits, clock.now(), clock.monotonicMs()]).toEqual([[100], START + 2000, 2000]);
    expect(() => lapsedClock(0)).toThrow(RangeError);
  });

  it('sleeping ends with its signal, and at once when it has ended already', async () => {
    const stop = new AbortController();
    const sleeping = trueClock.sleep(60_000, stop.signal);
    stop.abort();
    await sleeping;
    await trueClock.sleep(60_000, stop.signal);
    await trueClock.sleep(-5);
  });
});
