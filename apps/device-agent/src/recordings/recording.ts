import type { ErrorCode, RefusalCounts } from '@temoin/shared/errors';
import { atResolution, type MetricKey } from '@temoin/shared/metrics';
import { type ClockTrust, type Reading, screenReadings } from '@temoin/shared/telemetry';

// A recorded drive, whatever form it was written in. One row of the source gives one reading or one refusal with its code,
// never nothing: rows read = readings + refused, so that whoever replays a drive can account for every line of it.

export type Row =
  | { readonly row: number; readonly reading: Reading; readonly refusedValues: RefusalCounts }
  | { readonly row: number; readonly refused: ErrorCode };

export interface Recording {
  /** The file's name without its extension. */
  readonly label: string;
  readonly path: string;
  /** How the file is written, for example `driveplotr` or `nmea`. */
  readonly form: string;
  readonly bytes: number;
  /** `gps` where the source carries absolute times, `file` where they are counted from an assumed beginning. */
  readonly clockTrust: ClockTrust;
  /** Rows from the start, numbered from 1, in the order of the source; reads as it goes. */
  rows(): AsyncIterable<Row>;
}

/** Values by metric before they are judged; NaN stands for text that should have been a number. */
export type RawValues = { [key in MetricKey]?: number };

/** A reading if anything of the row can be kept, else why not. Draws the same line as the service (`screenReadings`). */
export function judgeRow(row: number, at: number | undefined, raw: RawValues): Row {
  if (at === undefined) return { row, refused: 'row_unreadable' };
  const values: RawValues = {};
  for (const [key, value] of Object.entries(raw) as [MetricKey, number][]) {
    // + 0 turns −0 into 0, which is what comes back from the wire.
    values[key] = Number.isFinite(value) ? atResolution(key, value) + 0 : value;
  }
  const screened = screenReadings([{ at: Math.round(at), values }], 'gps', Date.now());
  const [reading] = screened.readings;
  if (reading) return { row, reading, refusedValues: screened.refusals };
  if (screened.refusals.time_in_future) return { row, refused: 'time_in_future' };
  if (screened.refusals.time_out_of_range) return { row, refused: 'time_out_of_range' };
  return { row, refused: 'reading_empty' };
}
