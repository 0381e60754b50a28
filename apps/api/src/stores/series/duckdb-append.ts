import { setImmediate } from 'node:timers/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { type ColumnWriter, createColumnWriter } from './duckdb-columns.ts';
import type { DuckDbFile, TableColumn } from './duckdb-file.ts';
import { METRIC_COLUMNS, type MetricColumn, toStep } from './metric-columns.ts';
import type { StoredReading } from './series-store.ts';

// One append: which readings are new, and writing them with their cursor in one transaction.
//
// "Is it there already?" costs nothing in everyday life: a source (a box in a vehicle) counts its batches up, so what is
// above the highest stored (boot, seq) is new; and the same reading has the same instant, so what is newer than the newest
// stored is new as well (uploads of the old format have no count). Only the rest, late or repeated, is looked up, and by
// time, along which the file is in order. So the table needs no index, which would make every append slower.

/** One box in one vehicle, and the highest batch and the extent of what is stored of it. */
export interface Source {
  readonly key: number;
  readonly vehicleId: string;
  readonly boxId: string;
  readonly boot: number;
  readonly seq: number;
  readonly readings: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

interface Group {
  source: Source;
  readonly isNew: boolean;
  readonly rows: StoredReading[];
}

const ROWS_BEFORE_A_BREATH = 4096;
const KEYS = ['source', 'at_ms', 'boot', 'seq', 'idx'];

export const sourceName = (vehicleId: string, boxId: string): string => `${vehicleId}\n${boxId}`;

/**
 * Writes what is new of `readings` and the cursor in one transaction, and answers the sources that changed. The caller
 * takes them over only once this has resolved; when it rejects, nothing was written.
 */
export async function appendReadings(
  { writer, columns }: Pick<DuckDbFile, 'writer' | 'columns'>,
  sources: ReadonlyMap<string, Source>,
  readings: readonly StoredReading[],
  cursor: bigint,
): Promise<Source[]> {
  const groups = groupBySource(readings, sources);
  await writer.run('BEGIN');
  try {
    for (const group of groups) await dropKnown(writer, group);
    const changed = groups.filter((group) => group.rows.length > 0);
    await writeReadings(writer, columns, changed);
    await writeSources(writer, changed);
    await writer.run(`UPDATE meta SET position = ${cursor}`);
    await writer.run('COMMIT');
    return changed.map((group) => group.source);
  } catch (error) {
    await writer.run('ROLLBACK').catch(() => {});
    throw error;
  }
}

function groupBySource(readings: readonly StoredReading[], sources: ReadonlyMap<string, Source>): Group[] {
  const groups = new Map<string, Group>();
  let nextKey = Math.max(-1, ...Array.from(sources.values(), (source) => source.key)) + 1;
  let last: Group | undefined;
  for (const row of readings) {
    // Readings come in runs of one source: mostly the group is the one before.
    if (last?.source.vehicleId !== row.vehicleId || last.source.boxId !== row.boxId) {
      const name = sourceName(row.vehicleId, row.boxId);
      last = groups.get(name) ?? newGroup(row, sources.get(name), nextKey);
      if (last.isNew && last.source.key === nextKey) nextKey += 1;
      groups.set(name, last);
    }
    last.rows.push(row);
  }
  return [...groups.values()];
}

function newGroup({ vehicleId, boxId }: StoredReading, known: Source | undefined, key: number): Group {
  const nothing = { boot: -1, seq: -1, readings: 0, firstAt: Number.MAX_SAFE_INTEGER, lastAt: Number.MIN_SAFE_INTEGER };
  return { source: known ?? { key, vehicleId, boxId, ...nothing }, isNew: known === undefined, rows: [] };
}

/** Removes from the group what is stored already, or comes twice in it, and brings its source up to date. */
async function dropKnown(writer: DuckDBConnection, group: Group): Promise<void> {
  const { source, rows } = group;
  const late = rows.filter(
    (row) =>
      row.reading.at <= source.lastAt &&
      (row.boot < source.boot || (row.boot === source.boot && row.seq <= source.seq)),
  );
  if (late.length > 0 || !isRising(rows)) {
    const seen = await storedNames(writer, source.key, late);
    const fresh = rows.filter((row) => {
      const name = nameOf(row.boot, row.seq, row.index);
      return !seen.has(name) && seen.add(name);
    });
    rows.length = 0;
    for (const row of fresh) rows.push(row);
  }
  group.source = withRows(source, rows);
}

const nameOf = (boot: number, seq: number, index: number): string => `${boot}:${seq}:${index}`;

const isRising = (rows: readonly StoredReading[]): boolean =>
  rows.every((row, i) => {
    const before = rows[i - 1];
    if (!before || row.boot > before.boot) return true;
    return row.boot === before.boot && (row.seq > before.seq || (row.seq === before.seq && row.index > before.index));
  });

async function storedNames(
  writer: DuckDBConnection,
  source: number,
  rows: readonly StoredReading[],
): Promise<Set<string>> {
  if (rows.length === 0) return new Set();
  const bounds = (of: (row: StoredReading) => number) => {
    const values = rows.map(of);
    return `BETWEEN ${values.reduce((a, b) => Math.min(a, b))} AND ${values.reduce((a, b) => Math.max(a, b))}`;
  };
  const stored = await writer.runAndReadAll(
    `SELECT boot::DOUBLE, seq::DOUBLE, idx FROM readings WHERE source = ${source} AND at_ms ${bounds((row) => row.reading.at)}
     AND boot ${bounds((row) => row.boot)} AND seq ${bounds((row) => row.seq)}`,
  );
  return new Set(
    (stored.getRows() as [number, number, number][]).map(([boot, seq, index]) => nameOf(boot, seq, index)),
  );
}

/** The source once `rows` are stored as well. */
function withRows(source: Source, rows: readonly StoredReading[]): Source {
  let { boot, seq, firstAt, lastAt } = source;
  for (const row of rows) {
    if (row.boot > boot || (row.boot === boot && row.seq > seq)) ({ boot, seq } = row);
    firstAt = Math.min(firstAt, row.reading.at);
    lastAt = Math.max(lastAt, row.reading.at);
  }
  return { ...source, boot, seq, firstAt, lastAt, readings: source.readings + rows.length };
}

async function writeReadings(
  connection: DuckDBConnection,
  columns: readonly TableColumn[],
  groups: readonly Group[],
): Promise<void> {
  const appender = await connection.createAppender('readings');
  try {
    const writer = createColumnWriter(
      appender,
      columns.map((column) => column.kind),
    );
    const writeRow = rowWriter(writer, columns);
    let written = 0;
    for (const { source, rows } of groups) {
      for (const row of rows) {
        writeRow(source.key, row);
        written += 1;
        // A long catch-up must not keep the same process from answering.
        if (written % ROWS_BEFORE_A_BREATH === 0) await setImmediate();
      }
    }
    writer.finish();
    appender.flushSync();
  } catch (error) {
    // Otherwise closing would still write what was handed over.
    appender.clear();
    throw error;
  } finally {
    appender.closeSync();
  }
}

/** Writes a reading into the columns as the table has them. */
function rowWriter(writer: ColumnWriter, columns: readonly TableColumn[]) {
  const position = new Map(columns.map(({ name }, index) => [name, index]));
  const [source, at, bootAt, seqAt, indexAt] = KEYS.map((name) => position.get(name)!) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const places = new Map<string, { index: number; column: MetricColumn }>(
    METRIC_COLUMNS.map((column) => [column.key, { index: position.get(column.name)!, column }]),
  );
  return (key: number, { boot, seq, index, reading }: StoredReading): void => {
    writer.set(source, key);
    writer.set(at, reading.at);
    writer.set(bootAt, boot);
    writer.set(seqAt, seq);
    writer.set(indexAt, index);
    for (const metric in reading.values) {
      const value = reading.values[metric as keyof typeof reading.values];
      const place = places.get(metric);
      if (value !== undefined && place) writer.set(place.index, toStep(place.column, value));
    }
    writer.endRow();
  };
}

/** Only whole numbers go into the text; names of a new source, which come from outside, go as parameters. */
async function writeSources(writer: DuckDBConnection, groups: readonly Group[]): Promise<void> {
  for (const { source, isNew } of groups) {
    if (isNew)
      await writer.run(`INSERT INTO sources VALUES (${source.key}, $1, $2, -1, -1, 0, 0, 0)`, [
        source.vehicleId,
        source.boxId,
      ]);
  }
  if (groups.length === 0) return;
  const rows = groups.map(
    ({ source: s }) => `(${s.key}, ${s.boot}, ${s.seq}, ${s.readings}, ${s.firstAt}, ${s.lastAt})`,
  );
  await writer.run(`UPDATE sources SET boot = v.boot, seq = v.seq, readings = v.readings, first_at = v.first_at, last_at = v.last_at
    FROM (VALUES ${rows.join(', ')}) AS v (source, boot, seq, readings, first_at, last_at) WHERE sources.source = v.source`);
}
