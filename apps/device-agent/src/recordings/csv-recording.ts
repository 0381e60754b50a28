import { parse } from 'csv-parse/sync';
import { type CsvForm, csvFormOf } from './csv-forms.ts';
import { parseIsoTime, parseMoroccanTime } from './instants.ts';
import { readLineBlocks } from './read-lines.ts';
import { judgeRow, type RawValues, type Row } from './recording.ts';
import { createSpreader } from './spread-seconds.ts';

// Lines, not records, are the unit here: none of the forms has line breaks inside its fields, and so a row with a broken
// quote costs itself and not the rest of the file.

const DELIMITERS = [',', ';', '\t'] as const;

export interface CsvHeader {
  readonly form: CsvForm;
  readonly delimiter: string;
  readonly columns: readonly string[];
}

/** What the first line of a file says about it; undefined when it is the header of no form that we know. */
export function readCsvHeader(line: string): CsvHeader | undefined {
  for (const delimiter of DELIMITERS) {
    const columns = splitRow(line, delimiter)?.map((column) => column.trim());
    const form = columns && csvFormOf(columns);
    if (form) return { form, delimiter, columns };
  }
  return undefined;
}

/** The fields of one line, or undefined when its quotes do not pair. */
function splitRow(line: string, delimiter: string): string[] | undefined {
  if (!line.includes('"')) return line.split(delimiter);
  try {
    return (parse(line, { delimiter, relax_column_count: true }) as string[][])[0];
  } catch {
    return undefined;
  }
}

/** Rows of a CSV file whose header was recognised. Blank lines are no rows. */
export async function* readCsvRows(path: string, header: CsvHeader): AsyncGenerator<Row> {
  const { form, delimiter, columns } = header;
  const index = new Map(columns.map((column, i) => [column, i]));
  const timeIndex = 'column' in form.time ? (index.get(form.time.column) ?? -1) : -1;
  const readValues = valueReader(form, index);
  const spreader = form.time.as === 'coarse_seconds' ? createSpreader(form.time.beginsAt) : undefined;
  let row = 0;
  let headerSeen = false;
  for await (const block of readLineBlocks(path)) {
    for (const line of block) {
      if (line.text.trim() === '') continue;
      if (!headerSeen) {
        headerSeen = true;
        continue;
      }
      row += 1;
      const fields = line.cut ? undefined : splitRow(line.text, delimiter);
      const whole = fields?.length === columns.length ? fields : undefined;
      if (spreader) {
        const seconds = whole ? parseNumber(whole[timeIndex] ?? '') : undefined;
        yield* spreader.push(row, seconds, whole ? readValues(whole) : {});
      } else yield judgeRow(row, whole && timeOf(form, whole[timeIndex] ?? ''), whole ? readValues(whole) : {});
    }
  }
  if (spreader) yield* spreader.finish();
}

function timeOf({ time }: CsvForm, text: string): number | undefined {
  switch (time.as) {
    case 'utc':
      return parseIsoTime(text);
    case 'morocco':
      return parseMoroccanTime(text);
    case 'utc_or_ms':
      return /^\d+$/.test(text) ? Number(text) : parseIsoTime(text);
    case 'seconds': {
      const seconds = parseNumber(text);
      return seconds === undefined || !Number.isFinite(seconds) ? undefined : time.beginsAt + seconds * 1000;
    }
    default:
      return undefined;
  }
}

/** Undefined for an empty field, NaN for one that is no number. */
function parseNumber(text: string): number | undefined {
  const trimmed = text.trim();
  return trimmed === '' ? undefined : Number(trimmed);
}

function valueReader(form: CsvForm, index: ReadonlyMap<string, number>): (fields: readonly string[]) => RawValues {
  const present = form.columns.flatMap((column) => {
    const at = index.get(column.from);
    return at === undefined ? [] : [{ ...column, at, whereAt: column.where && index.get(column.where.column) }];
  });
  return (fields) => {
    const values: RawValues = {};
    for (const { to, times = 1, at, where, whereAt } of present) {
      if (where && fields[whereAt ?? -1] !== where.is) continue;
      const value = parseNumber(fields[at] ?? '');
      if (value !== undefined) values[to] = value * times;
    }
    return values;
  };
}
