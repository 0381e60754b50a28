import { METRIC_KEYS } from '@temoin/shared/metrics';
import type { Reading } from '@temoin/shared/telemetry';
import type { SeriesStore } from '../../stores/series/series-store.ts';

// Every reading at full resolution. The two forms carry the same: `at` is the reading's own time in ms UTC, and a metric
// that was not measured at that instant is absent (NDJSON) or empty (CSV), never repeated from before.

const CHUNK_CHARACTERS = 64 * 1024;

export type ExportFormat = 'csv' | 'ndjson';

const HEADER = `at,time,${METRIC_KEYS.join(',')}\n`;

function csvLine({ at, values }: Reading): string {
  let line = `${at},${new Date(at).toISOString()}`;
  for (const key of METRIC_KEYS) line += `,${values[key] ?? ''}`;
  return `${line}\n`;
}

/** Text of the readings of a span (`from` included, `to` excluded, ms UTC), in pieces of some 64 KB. */
export async function* exportReadings(
  series: SeriesStore,
  vehicleId: string,
  { from = 0, to = 8_640_000_000_000_000 }: { from?: number | undefined; to?: number | undefined },
  format: ExportFormat,
): AsyncGenerator<string> {
  let text = format === 'csv' ? HEADER : '';
  for await (const reading of series.readings({ vehicleId, from, to })) {
    text += format === 'csv' ? csvLine(reading) : `${JSON.stringify(reading)}\n`;
    if (text.length < CHUNK_CHARACTERS) continue;
    yield text;
    text = '';
  }
  if (text) yield text;
}
