import { isMetricKey } from '@temoin/shared/metrics';
import { parseIsoTime } from './instants.ts';
import { readLineBlocks } from './read-lines.ts';
import { judgeRow, type RawValues, type Row } from './recording.ts';

/** What one line of our own NDJSON is: a reading, something said about the recording, or neither. */
export type NdjsonLine = { kind: 'reading'; at: number; values: RawValues } | { kind: 'meta' } | { kind: 'unreadable' };

/** `{"at": ms or ISO time, "values": {metric: number}}` is a reading; an object without both is a line about the recording. */
export function readNdjsonLine(text: string): NdjsonLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'unreadable' };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { kind: 'unreadable' };
  const { at, values } = value as { at?: unknown; values?: unknown };
  if (at === undefined || values === undefined) return { kind: 'meta' };
  const instant = typeof at === 'string' ? parseIsoTime(at) : at;
  if (typeof instant !== 'number' || !Number.isFinite(instant) || typeof values !== 'object' || values === null) {
    return { kind: 'unreadable' };
  }
  const known: RawValues = {};
  for (const [key, entry] of Object.entries(values)) {
    // null is how JSON writes NaN, and how an export may write "nothing here"; neither is a value.
    if (isMetricKey(key) && entry !== null) known[key] = typeof entry === 'number' ? entry : Number.NaN;
  }
  return { kind: 'reading', at: instant, values: known };
}

/** Rows of an NDJSON file as `temoin export --format ndjson` writes it; meta lines and blank lines are no rows. */
export async function* readNdjsonRows(path: string): AsyncGenerator<Row> {
  let row = 0;
  for await (const block of readLineBlocks(path)) {
    for (const line of block) {
      if (line.text.trim() === '') continue;
      const content = line.cut ? ({ kind: 'unreadable' } as const) : readNdjsonLine(line.text);
      if (content.kind === 'meta') continue;
      row += 1;
      yield content.kind === 'reading' ? judgeRow(row, content.at, content.values) : { row, refused: 'row_unreadable' };
    }
  }
}
