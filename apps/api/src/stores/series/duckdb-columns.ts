import { BIGINT, type DuckDBAppender, DuckDBDataChunk, INTEGER } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';

// Columns in and out of DuckDB as typed arrays. The package's own item-by-item setters cost about 0.3 µs a cell, most of it
// for absent values (bit arithmetic on big integers), and a reading has over forty cells of which a dozen are present: whole
// columns through the bindings beneath are several times faster.

/** Rows in one of DuckDB's data chunks. */
const CHUNK_ROWS = duckdb.vector_size();
const HIGH = 0x1_0000_0000;

export interface ColumnWriter {
  /** Sets one cell of the current row; cells not set stay absent. Whole numbers only, and only 32 bits in an `int` column. */
  set(column: number, value: number): void;
  endRow(): void;
  /** Hands the last, unfinished chunk over. */
  finish(): void;
}

/** Fills `appender`, chunk by chunk, with columns of 32 (`int`) or 64 bits (`big`). */
export function createColumnWriter(appender: DuckDBAppender, kinds: readonly ('int' | 'big')[]): ColumnWriter {
  const types = kinds.map((kind) => (kind === 'int' ? INTEGER : BIGINT));
  const columns = kinds.map((kind) => ({
    kind,
    items: new Int32Array(kind === 'int' ? CHUNK_ROWS : 2 * CHUNK_ROWS),
    valid: new Uint8Array(CHUNK_ROWS / 8),
    present: 0,
  }));
  let row = 0;

  const handOver = () => {
    if (row === 0) return;
    const chunk = DuckDBDataChunk.create(types, row);
    columns.forEach((column, index) => {
      const vector = duckdb.data_chunk_get_vector(chunk.chunk, index);
      if (column.present > 0) {
        duckdb.copy_data_to_vector(vector, 0, column.items.buffer, 0, row * (column.kind === 'int' ? 4 : 8));
      }
      if (column.present < row) {
        duckdb.vector_ensure_validity_writable(vector);
        duckdb.copy_data_to_vector_validity(vector, 0, column.valid.buffer, 0, Math.ceil(row / 64) * 8);
      }
      column.valid.fill(0);
      column.present = 0;
    });
    appender.appendDataChunk(chunk);
    row = 0;
  };

  return {
    set: (index, value) => {
      const column = columns[index]!;
      if (column.kind === 'int') column.items[row] = value;
      else {
        column.items[2 * row] = value % HIGH;
        column.items[2 * row + 1] = Math.floor(value / HIGH);
      }
      column.valid[row >> 3]! |= 1 << (row & 7);
      column.present += 1;
    },
    endRow: () => {
      row += 1;
      if (row === CHUNK_ROWS) handOver();
    },
    finish: handOver,
  };
}

export interface ReadColumn {
  readonly items: Int32Array | Float64Array;
  has(row: number): boolean;
}

/** One column of a result chunk: `int` for INTEGER, `double` for DOUBLE. Valid while the chunk is referenced. */
export function readColumn(chunk: DuckDBDataChunk, index: number, kind: 'int' | 'double'): ReadColumn {
  const rows = chunk.rowCount;
  const vector = duckdb.data_chunk_get_vector(chunk.chunk, index);
  const bytes = duckdb.vector_get_data(vector, rows * (kind === 'int' ? 4 : 8));
  const items =
    kind === 'int'
      ? new Int32Array(bytes.buffer, bytes.byteOffset, rows)
      : new Float64Array(bytes.buffer, bytes.byteOffset, rows);
  // Nothing comes back when no value is absent, whatever the declared type says.
  const valid = duckdb.vector_get_validity(vector, Math.ceil(rows / 64) * 8) as Uint8Array | null;
  return { items, has: valid ? (row) => ((valid[row >> 3]! >> (row & 7)) & 1) === 1 : () => true };
}
