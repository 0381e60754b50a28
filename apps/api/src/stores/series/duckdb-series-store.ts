import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import type { MetricKey } from '@temoin/shared/metrics';
import type { Reading } from '@temoin/shared/telemetry';
import { AppError } from '../../http/app-error.ts';
import { createChartReducer } from './chart-reducer.ts';
import { appendReadings, type Source, sourceName } from './duckdb-append.ts';
import { readColumn } from './duckdb-columns.ts';
import { type DuckDbFile, type DuckDbOptions, isFatal, openDuckDbFile, workProblem } from './duckdb-file.ts';
import { columnsOf, METRIC_COLUMNS, type MetricColumn } from './metric-columns.ts';
import { createDigestSum, type DigestSum } from './reading-digest.ts';
import type { SeriesRange, SeriesStore } from './series-store.ts';
import { HOUR_MS, windowsByCount } from './time-windows.ts';

// The embedded series store: one DuckDB file, one wide row a reading (a column per metric, in wire steps), in order of
// arrival. What is said of a vehicle's extent comes from the small `sources` table; everything else is read from the rows.

/** Spans up to here are read at once; longer ones in windows of about so many readings, so that memory stays bounded. */
const AT_ONCE_MS = 48 * HOUR_MS;
const WINDOW_READINGS = 50_000;
const RESET = ['DELETE FROM readings', 'DELETE FROM sources', 'UPDATE meta SET position = 0'];

/** Opens the embedded series store; throws `store_unavailable` with what to do when its file cannot be used. */
export async function openDuckDbSeriesStore(options: DuckDbOptions): Promise<SeriesStore> {
  let file: Promise<DuckDbFile> | undefined;
  let sources = new Map<string, Source>();
  let closed = false;
  let turn: Promise<unknown> = Promise.resolve();

  const openFile = async (): Promise<DuckDbFile> => {
    const opened = await openDuckDbFile(options);
    sources = await loadSources(opened.writer);
    return opened;
  };
  /** The open file; opened anew after an error that made DuckDB refuse further work, such as a full disk. */
  const use = (): Promise<DuckDbFile> => {
    if (closed) throw new AppError('store_unavailable', 'The series store is closed');
    file ??= openFile().catch((error: unknown) => {
      file = undefined;
      throw error;
    });
    return file;
  };
  const working = async <T>(work: (opened: DuckDbFile) => Promise<T>): Promise<T> => {
    const opening = use();
    const opened = await opening;
    try {
      return await work(opened);
    } catch (error) {
      if (isFatal(error) && file === opening) {
        // Whoever comes next waits until this one is shut: the same file cannot be open twice.
        file = opened.close().then(openFile);
        file.catch(() => {
          file = undefined;
        });
      }
      throw workProblem(error);
    }
  };
  /** One after the other: there is one writing connection. */
  const inTurn = <T>(work: (opened: DuckDbFile) => Promise<T>): Promise<T> => {
    const mine = turn.then(() => working(work));
    turn = mine.catch(() => {});
    return mine;
  };
  const reading = <T>(read: (connection: DuckDBConnection) => Promise<T>): Promise<T> =>
    working((opened) => opened.reading(read));
  await use();

  const chunksOf = (sql: string) => reading(async (connection) => (await connection.run(sql)).fetchAllChunks());
  const sourcesOf = (vehicleId: string) =>
    [...sources.values()].filter((source) => source.vehicleId === vehicleId && source.readings > 0);

  /** The part of a range that holds readings of the vehicle, cut into windows; none when there is nothing. */
  const windowsOf = async (range: SeriesRange): Promise<{ where: string; order: string }[]> => {
    const mine = sourcesOf(range.vehicleId).sort((a, b) => (a.boxId < b.boxId ? -1 : 1));
    const from = Math.max(Math.ceil(range.from), Math.min(...mine.map((source) => source.firstAt)));
    const to = Math.min(Math.ceil(range.to), Math.max(...mine.map((source) => source.lastAt)) + 1);
    if (mine.length === 0 || !(from < to)) return [];
    const which = `source IN (${mine.map((source) => source.key).join(', ')})`;
    // Sources are numbered as they come; between equals the box decides, so that the order is the same after a rebuild.
    const rank =
      mine.length > 1 ? `, CASE source ${mine.map((source, i) => `WHEN ${source.key} THEN ${i}`).join(' ')} END` : '';
    const between = (start: number, end: number) => ({
      where: `${which} AND at_ms >= ${start} AND at_ms < ${end}`,
      order: `at_ms, boot, seq, idx${rank}`,
    });
    if (to - from <= AT_ONCE_MS) return [between(from, to)];
    const hours = await reading((connection) =>
      connection.runAndReadAll(
        `SELECT (at_ms // ${HOUR_MS})::DOUBLE AS hour, count(*)::DOUBLE FROM readings WHERE ${between(from, to).where} GROUP BY hour ORDER BY hour`,
      ),
    );
    const counts = hours.getRows() as [number, number][];
    return windowsByCount(counts, { from, to }, WINDOW_READINGS).map((window) => between(window.from, window.to));
  };

  return {
    kind: 'duckdb',
    append: (readings, cursor) =>
      inTurn(async (opened) => {
        for (const source of await appendReadings(opened, sources, readings, cursor)) {
          sources.set(sourceName(source.vehicleId, source.boxId), source);
        }
      }),
    cursor: () =>
      inTurn(
        async ({ writer }) => (await writer.runAndReadAll('SELECT position FROM meta')).getRows()[0]![0] as bigint,
      ),
    chart: async (range, metrics, points) => {
      const columns = columnsOf(metrics);
      const reducers = columns.map((column) => createChartReducer(column, points));
      const present = columns.map((column) => `${column.name} IS NOT NULL`).join(' OR ');
      for (const { where } of await windowsOf(range)) {
        const select = `SELECT at_ms::DOUBLE, ${selected(columns)} FROM readings WHERE ${where} AND (${present}) ORDER BY at_ms`;
        for (const chunk of await chunksOf(select)) {
          const at = readColumn(chunk, 0, 'double').items;
          reducers.forEach((reducer, i) => {
            const steps = readColumn(chunk, 1 + i, kindOf(columns[i]!));
            for (let row = 0; row < at.length; row += 1) if (steps.has(row)) reducer.add(at[row]!, steps.items[row]!);
          });
        }
      }
      const byKey = new Map(columns.map((column, i) => [column.key, reducers[i]!.finish()]));
      return metrics.map((metric) => byKey.get(metric)!);
    },
    async *readings(range, metrics) {
      const columns = columnsOf(metrics);
      const present = metrics ? `AND (${columns.map((column) => `${column.name} IS NOT NULL`).join(' OR ')})` : '';
      for (const { where, order } of await windowsOf(range)) {
        const select = `SELECT at_ms::DOUBLE, ${selected(columns)} FROM readings WHERE ${where} ${present} ORDER BY ${order}`;
        for (const chunk of await chunksOf(select)) yield* readingsOf(chunk, columns);
      }
    },
    span: async (vehicleId) => {
      await use();
      const mine = sourcesOf(vehicleId);
      const readings = mine.reduce((sum, source) => sum + source.readings, 0);
      if (readings === 0) return { readings };
      return { from: Math.min(...mine.map((s) => s.firstAt)), to: Math.max(...mine.map((s) => s.lastAt)), readings };
    },
    digest: () => reading((connection) => digestOf(connection)),
    reset: () =>
      inTurn(async ({ writer }) => {
        await writer.run('BEGIN');
        try {
          for (const statement of RESET) await writer.run(statement);
          await writer.run('COMMIT');
        } catch (error) {
          await writer.run('ROLLBACK').catch(() => {});
          throw error;
        }
        sources = new Map();
        // Gives the room back; refused while somebody reads, and then done by DuckDB itself later.
        await writer.run('CHECKPOINT').catch(() => {});
      }),
    close: async () => {
      await turn;
      closed = true;
      const opened = await file?.catch(() => undefined);
      file = undefined;
      await opened?.close();
    },
  };
}

const kindOf = (column: MetricColumn) => (column.wide ? 'double' : 'int');
const selected = (columns: readonly MetricColumn[]) =>
  columns.map((column) => (column.wide ? `${column.name}::DOUBLE` : column.name)).join(', ');

async function loadSources(writer: DuckDBConnection): Promise<Map<string, Source>> {
  const rows = await writer.runAndReadAll(
    `SELECT source, vehicle, box, boot::DOUBLE, seq::DOUBLE, readings::DOUBLE, first_at::DOUBLE, last_at::DOUBLE FROM sources`,
  );
  type Row = [number, string, string, number, number, number, number, number];
  return new Map(
    (rows.getRows() as Row[]).map(([key, vehicleId, boxId, boot, seq, readings, firstAt, lastAt]) => [
      sourceName(vehicleId, boxId),
      { key, vehicleId, boxId, boot, seq, readings, firstAt, lastAt },
    ]),
  );
}

function* readingsOf(chunk: DuckDBDataChunk, columns: readonly MetricColumn[]): Generator<Reading> {
  const at = readColumn(chunk, 0, 'double').items;
  const steps = columns.map((column, i) => readColumn(chunk, 1 + i, kindOf(column)));
  for (let row = 0; row < at.length; row += 1) {
    const values: { [key in MetricKey]?: number } = {};
    for (let i = 0; i < columns.length; i += 1) {
      if (steps[i]!.has(row)) values[columns[i]!.key] = steps[i]!.items[row]! / columns[i]!.scale;
    }
    yield { at: at[row]!, values };
  }
}

/** Reads every row once, and trusts none of the running totals: the digest says what is really there. */
async function digestOf(
  connection: DuckDBConnection,
): Promise<{ vehicleId: string; readings: number; digest: string }[]> {
  // One transaction, so that a source that appears meanwhile is in neither of the two queries.
  await connection.run('BEGIN');
  try {
    return await sumRows(connection, [...(await loadSources(connection)).values()]);
  } finally {
    await connection.run('COMMIT');
  }
}

async function sumRows(connection: DuckDBConnection, sources: readonly Source[]) {
  const sums = new Map<string, DigestSum>();
  const bySource = new Map<number, { boxId: string; sum: DigestSum }>();
  for (const { key, vehicleId, boxId } of sources) {
    const sum = sums.get(vehicleId) ?? createDigestSum();
    sums.set(vehicleId, sum);
    bySource.set(key, { boxId, sum });
  }
  const rows = await connection.stream(
    `SELECT source, at_ms::DOUBLE, boot::DOUBLE, seq::DOUBLE, idx, ${selected(METRIC_COLUMNS)} FROM readings`,
  );
  for (let chunk = await rows.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await rows.fetchChunk())
    addChunk(chunk, bySource);
  return [...sums]
    .filter(([, sum]) => sum.readings() > 0)
    .map(([vehicleId, sum]) => ({ vehicleId, readings: sum.readings(), digest: sum.hex() }))
    .sort((a, b) => (a.vehicleId < b.vehicleId ? -1 : 1));
}

function addChunk(chunk: DuckDBDataChunk, bySource: ReadonlyMap<number, { boxId: string; sum: DigestSum }>): void {
  const source = readColumn(chunk, 0, 'int').items;
  const [at, boot, seq] = [1, 2, 3].map((i) => readColumn(chunk, i, 'double').items) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const index = readColumn(chunk, 4, 'int').items;
  const steps = METRIC_COLUMNS.map((column, i) => readColumn(chunk, 5 + i, kindOf(column)));
  for (let row = 0; row < at.length; row += 1) {
    const { boxId, sum } = bySource.get(source[row]!)!;
    sum.begin(boxId, at[row]!, boot[row]!, seq[row]!, index[row]!);
    for (let i = 0; i < steps.length; i += 1)
      if (steps[i]!.has(row)) sum.metric(METRIC_COLUMNS[i]!.id, steps[i]!.items[row]!);
    sum.end();
  }
}
