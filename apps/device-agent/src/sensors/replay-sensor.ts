import { basename } from 'node:path';
import type { Recording } from '../recordings/recording.ts';
import { createTally } from '../recordings/tally.ts';
import type { Clock } from './clock.ts';
import type { Bookmark, Sensor } from './sensor.ts';

// A recorded drive as a sensor. Its bookmark is the row that a reading came from, and travels with the batch to disk: after a
// `kill -9` the recording is read again from its first row, but only rows behind the newest one on disk are emitted. So each
// row arrives once, and the account of all rows is whole, however often the box was stopped.

export interface ReplayOptions {
  readonly recording: Recording;
  /** 1 = as it was driven, 20 = twenty times as fast, `max` = as fast as the outbox takes it. */
  readonly speed: number | 'max';
  readonly clock: Clock;
  /** The newest bookmark on disk. */
  readonly resume?: Bookmark | undefined;
  /** What counts the rows; its report is whole when `run` has resolved. */
  readonly tally?: ReturnType<typeof createTally>;
}

/** A pause of the recording longer than this (a night between two segments) is shortened to `SHORT_PAUSE_MS`. */
const LONG_PAUSE_MS = 5 * 60_000;
const SHORT_PAUSE_MS = 5_000;

/** Tells one recording from another under the same name. */
export const sourceOf = (recording: Recording): string => `${basename(recording.path)}/${recording.bytes}`;

export function createReplaySensor({ recording, speed, clock, resume, tally = createTally() }: ReplayOptions): Sensor {
  const source = sourceOf(recording);
  const safe = resume?.source === source ? resume : undefined;
  const safeRow = Number(safe?.row ?? 0);
  return {
    name: 'replay',
    origin: 'replayed',
    clockTrust: recording.clockTrust,
    waits: true,
    async run(emit, signal) {
      const pace = createPace(speed, clock);
      let lastRow = 0;
      for await (const row of recording.rows()) {
        if (signal.aborted) return;
        tally.add(row);
        lastRow = row.row;
        if ('refused' in row || row.row <= safeRow) continue;
        await pace(row.reading.at, signal);
        if (signal.aborted) return;
        await emit.reading(row.reading, { source, row: row.row });
      }
      const { refused, lastAt } = tally.report();
      if (lastAt === undefined) return;
      // Rows that gave no reading are said once, with the end of the drive, so that the ledger can show them.
      const refusals = Object.entries(refused);
      for (let said = Number(safe?.said ?? 0); said < refusals.length && !signal.aborted; said += 1) {
        const [reason = '', readings = 0] = refusals[said] ?? [];
        await emit.fact({ kind: 'dropped', at: lastAt, reason, readings }, { source, row: lastRow, said: said + 1 });
      }
    },
  };
}

/** Waits until it is time for a reading that was taken at `at`. */
function createPace(speed: number | 'max', clock: Clock): (at: number, signal: AbortSignal) => Promise<void> {
  if (speed === 'max') return async () => undefined;
  let zeroMs: number | undefined;
  let zeroAt = 0;
  let beforeAt = 0;
  return async (at, signal) => {
    const stepMs = at - beforeAt;
    if (zeroMs === undefined || stepMs < -SHORT_PAUSE_MS) {
      zeroMs = clock.monotonicMs();
      zeroAt = at;
    } else if (stepMs > LONG_PAUSE_MS) zeroAt += stepMs - SHORT_PAUSE_MS;
    beforeAt = at;
    await clock.sleep((at - zeroAt) / speed - (clock.monotonicMs() - zeroMs), signal);
  };
}
