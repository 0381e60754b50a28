import { METRIC_KEYS } from '@temoin/shared/metrics';
import type { Reading } from '@temoin/shared/telemetry';

// Readings as text, for the door of people and for the command line alike. Both forms carry the same: the reading's own time,
// in ms UTC and as ISO 8601 with milliseconds, and the metrics measured at that instant; one that was not is empty (CSV) or
// absent (NDJSON), never repeated from before. Cells are numbers and times only: nothing that came as text from outside, so
// nothing that a spreadsheet would take for a formula.

export type ExportFormat = 'csv' | 'ndjson';

export const EXPORT_CONTENT_TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  ndjson: 'application/x-ndjson; charset=utf-8',
};

const CHUNK_CHARACTERS = 64 * 1024;
const HEADER = `at,time,${METRIC_KEYS.join(',')}\n`;

/** Text of the readings in pieces of some 64 KB; the next readings are fetched only when a piece was taken. */
export async function* exportText(readings: AsyncIterable<Reading>, format: ExportFormat): AsyncGenerator<string> {
  let text = format === 'csv' ? HEADER : '';
  for await (const reading of readings) {
    text += format === 'csv' ? csvLine(reading) : jsonLine(reading);
    if (text.length < CHUNK_CHARACTERS) continue;
    yield text;
    text = '';
  }
  if (text) yield text;
}

function csvLine({ at, values }: Reading): string {
  let line = `${at},${new Date(at).toISOString()}`;
  for (const key of METRIC_KEYS) {
    const value = values[key];
    line += value === undefined ? ',' : `,${decimal(value)}`;
  }
  return `${line}\n`;
}

const jsonLine = ({ at, values }: Reading): string =>
  `${JSON.stringify({ at, time: new Date(at).toISOString(), values })}\n`;

/** Never in powers of ten: 0.0000001° is not 1e-7 to every reader of CSV. */
function decimal(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toFixed(7) : text;
}
