import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { AppError } from '../../http/app-error.ts';
import { METRIC_COLUMNS } from './metric-columns.ts';

// The DuckDB file: opening, schema, connections, and what its errors mean. One process may have it open. Memory and threads
// are limited, because the store lives inside the service; extensions and files beside its own are switched off.

/** Version of the tables; another one means: rebuild from the log. */
const SCHEMA_VERSION = 1;
const READERS = 3;

export interface DuckDbOptions {
  readonly path: string;
  /** Most memory for the store's own work, MiB. */
  readonly memoryMb?: number;
  readonly threads?: number;
}

export interface TableColumn {
  readonly name: string;
  readonly kind: 'int' | 'big';
}

export interface DuckDbFile {
  readonly writer: DuckDBConnection;
  /** Columns of `readings` in the table's own order, which is by age: a metric that came later stands last. */
  readonly columns: readonly TableColumn[];
  /** Runs `read` on one of a few connections; waits for its turn when all are busy. */
  reading<T>(read: (connection: DuckDBConnection) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Opens or creates the file; throws `store_unavailable` with what to do when it is corrupt, busy or of another version. */
export async function openDuckDbFile({ path, memoryMb = 512, threads = 2 }: DuckDbOptions): Promise<DuckDbFile> {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
  let instance: DuckDBInstance | undefined;
  try {
    instance = await DuckDBInstance.create(path, {
      threads: String(threads),
      memory_limit: `${memoryMb}MB`,
      enable_external_access: 'false',
      autoload_known_extensions: 'false',
      autoinstall_known_extensions: 'false',
    });
    const writer = await instance.connect();
    await prepareSchema(writer);
    const readers: DuckDBConnection[] = [];
    for (let i = 0; i < READERS; i += 1) readers.push(await instance.connect());
    return pooled(instance, writer, readers, await readColumns(writer));
  } catch (error) {
    instance?.closeSync();
    throw openProblem(path, error);
  }
}

function pooled(
  instance: DuckDBInstance,
  writer: DuckDBConnection,
  readers: DuckDBConnection[],
  columns: readonly TableColumn[],
): DuckDbFile {
  const idle = [...readers];
  const waiting: ((connection: DuckDBConnection) => void)[] = [];
  return {
    writer,
    columns,
    reading: async (read) => {
      const connection = idle.pop() ?? (await new Promise<DuckDBConnection>((resolve) => waiting.push(resolve)));
      try {
        return await read(connection);
      } finally {
        const next = waiting.shift();
        if (next) next(connection);
        else idle.push(connection);
      }
    },
    close: async () => {
      // Whoever still reads ends first: closing beneath a running query would end the process.
      while (idle.length < readers.length) await new Promise((resolve) => setTimeout(resolve, 5));
      for (const connection of [writer, ...readers]) connection.closeSync();
      instance.closeSync();
    },
  };
}

/** Creates what is missing; a metric that is new in the catalogue becomes a column, empty for the past. */
async function prepareSchema(writer: DuckDBConnection): Promise<void> {
  const metricColumns = METRIC_COLUMNS.map((column) => `${column.name} ${sqlType(column.wide)}`);
  await writer.run('BEGIN');
  await writer.run('CREATE TABLE IF NOT EXISTS meta (version INTEGER NOT NULL, position BIGINT NOT NULL)');
  await writer.run(`INSERT INTO meta SELECT ${SCHEMA_VERSION}, 0 WHERE NOT EXISTS (SELECT 1 FROM meta)`);
  // A source is one box in one vehicle, with what is known of its readings: small, and kept up with every append.
  await writer.run(`CREATE TABLE IF NOT EXISTS sources (source INTEGER NOT NULL, vehicle VARCHAR NOT NULL, box VARCHAR NOT NULL,
    boot BIGINT NOT NULL, seq BIGINT NOT NULL, readings BIGINT NOT NULL, first_at BIGINT NOT NULL, last_at BIGINT NOT NULL)`);
  await writer.run(`CREATE TABLE IF NOT EXISTS readings (source INTEGER NOT NULL, at_ms BIGINT NOT NULL, boot BIGINT NOT NULL,
    seq BIGINT NOT NULL, idx INTEGER NOT NULL, ${metricColumns.join(', ')})`);
  await writer.run('CREATE TABLE IF NOT EXISTS metrics (id INTEGER NOT NULL, scale DOUBLE NOT NULL)');
  await checkVersion(writer);
  await addNewMetrics(writer);
  await writer.run('COMMIT');
}

const sqlType = (wide: boolean) => (wide ? 'BIGINT' : 'INTEGER');

async function checkVersion(writer: DuckDBConnection): Promise<void> {
  const [row] = (await writer.runAndReadAll('SELECT version FROM meta')).getRows();
  if (row?.[0] !== SCHEMA_VERSION) throw new Error(`it has version ${row?.[0]}, this program knows ${SCHEMA_VERSION}`);
}

async function addNewMetrics(writer: DuckDBConnection): Promise<void> {
  const scales = new Map((await writer.runAndReadAll('SELECT id, scale FROM metrics')).getRows() as [number, number][]);
  const kinds = new Map((await readColumns(writer)).map(({ name, kind }) => [name, kind]));
  for (const { name, id, scale, wide, key } of METRIC_COLUMNS) {
    const known = scales.get(id);
    if (known !== undefined && known !== scale)
      throw new Error(`${key} was stored in steps of 1/${known}, now of 1/${scale}`);
    if (known === undefined) await writer.run(`INSERT INTO metrics VALUES (${id}, ${scale})`);
    if (!kinds.has(name)) await writer.run(`ALTER TABLE readings ADD COLUMN ${name} ${sqlType(wide)}`);
    else if (wide && kinds.get(name) === 'int') await writer.run(`ALTER TABLE readings ALTER ${name} TYPE BIGINT`);
  }
}

async function readColumns(writer: DuckDBConnection): Promise<TableColumn[]> {
  const described = await writer.runAndReadAll(
    "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 'readings' ORDER BY column_index",
  );
  return (described.getRows() as [string, string][]).map(([name, type]) => ({
    name,
    kind: type === 'BIGINT' ? 'big' : 'int',
  }));
}

function openProblem(path: string, cause: unknown): AppError {
  const why = cause instanceof Error ? cause.message : String(cause);
  if (/lock/i.test(why) && /conflict|could not set/i.test(why)) {
    return new AppError(
      'store_unavailable',
      `The series file ${path} is open in another process; stop that one first.`,
      { cause },
    );
  }
  if (/no space left/i.test(why)) {
    return new AppError(
      'store_unavailable',
      `The disk of the series file ${path} is full; make room and start again.`,
      { cause },
    );
  }
  const advice =
    'It holds nothing that the log does not: move it away, start again, and the series is rebuilt from the log.';
  return new AppError('store_unavailable', `The series file ${path} cannot be used (${firstLine(why)}). ${advice}`, {
    cause,
  });
}

/** After these DuckDB refuses all further work on the open file, until it is opened again. */
export const isFatal = (error: unknown): boolean =>
  error instanceof Error && /database has been invalidated|^FATAL|INTERNAL Error/i.test(error.message);

/** A failure while working, as a code: `store_unavailable`, with the cause for the log. */
export const workProblem = (error: unknown): AppError =>
  error instanceof AppError
    ? error
    : new AppError(
        'store_unavailable',
        `The series store failed: ${firstLine(error instanceof Error ? error.message : String(error))}`,
        {
          cause: error,
        },
      );

const firstLine = (text: string): string => text.split('\n', 1)[0]?.slice(0, 300) ?? '';
