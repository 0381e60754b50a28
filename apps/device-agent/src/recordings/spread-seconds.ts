import { judgeRow, type RawValues, type Row } from './recording.ts';

// Some recorders poll faster than the counter that serves as their clock changes (carOBD: about 3.6 rows for each 1.8 s step
// of the engine's run time). The rows that share a value of the counter are spread evenly up to its next value, so that each
// has its own instant, time never goes back, and the counter still says the truth at the first row of each group.

/** The carOBD recorder's own pace, 2.04 rows per second: used where there is no next value. */
const ROW_MS = 1000 / 2.04;
/** A longer wait for the next value is a pause of the recorder, not of the counter. */
const MAX_GROUP_SPAN_MS = 5_000;
/** Rows kept in memory while the counter stands still. */
const MAX_GROUP_ROWS = 2_000;

interface Waiting {
  readonly row: number;
  readonly values: RawValues | undefined;
}

/** Gives rows their instants; `beginsAt` is the instant (ms UTC) at which the counter is taken to be 0. */
export function createSpreader(beginsAt: number) {
  let group: Waiting[] = [];
  let groupSeconds: number | undefined;
  let zeroAt = beginsAt;
  let lastAt = beginsAt;

  function* flush(nextSeconds?: number): Generator<Row> {
    if (groupSeconds === undefined) {
      for (const { row } of group) yield { row, refused: 'row_unreadable' };
      group = [];
      return;
    }
    const good = group.filter((waiting) => waiting.values).length;
    const span =
      nextSeconds === undefined || nextSeconds <= groupSeconds ? good * ROW_MS : (nextSeconds - groupSeconds) * 1000;
    const start = zeroAt + groupSeconds * 1000;
    let placed = 0;
    for (const { row, values } of group) {
      if (!values) {
        yield { row, refused: 'row_unreadable' };
        continue;
      }
      lastAt = Math.round(start + (Math.min(span, Math.max(MAX_GROUP_SPAN_MS, good * ROW_MS)) * placed) / good);
      placed += 1;
      yield judgeRow(row, lastAt, values);
    }
    group = [];
  }

  return {
    /** `seconds` is undefined for a row that could not be read; it keeps its place in the order. */
    *push(row: number, seconds: number | undefined, values: RawValues): Generator<Row> {
      const readable = seconds !== undefined && Number.isFinite(seconds) && seconds >= 0;
      if (readable && seconds !== groupSeconds) {
        yield* flush(seconds);
        // The engine was started again: the counter begins anew, time does not.
        if (groupSeconds !== undefined && seconds < groupSeconds) zeroAt = lastAt + ROW_MS - seconds * 1000;
        groupSeconds = seconds;
      }
      group.push({ row, values: readable ? values : undefined });
      if (group.length >= MAX_GROUP_ROWS) {
        yield* flush();
        if (groupSeconds !== undefined) zeroAt = lastAt + ROW_MS - groupSeconds * 1000;
      }
    },
    finish: () => flush(),
  };
}
