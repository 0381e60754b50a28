import { join } from 'node:path';
import type { MetricSeries } from '@temoin/shared/history';
import { METRICS, type MetricKey } from '@temoin/shared/metrics';
import pg from 'pg';
import { startEmbeddedPostgres } from '../apps/api/src/stores/postgres/embedded-postgres.ts';
import { createChartReducer } from '../apps/api/src/stores/series/chart-reducer.ts';
import { columnOf } from '../apps/api/src/stores/series/metric-columns.ts';
import type { StoredReading } from '../apps/api/src/stores/series/series-store.ts';

// The rival of the series benchmark: a plain table in PostgreSQL, one row a reading, a double for each metric charted, a key
// on vehicle and time; a chart reads all rows of its span and reduces them here.

/** Starts a PostgreSQL of its own in `folder`. */
export async function openPlainSeries(folder: string, metrics: readonly MetricKey[]) {
  const server = await startEmbeddedPostgres({
    folder: join(folder, 'postgres'),
    passwordFile: join(folder, 'password'),
    database: 'bench',
  });
  const pool = new pg.Pool({ connectionString: server.url, max: 4 });
  // Numbers as numbers: text would be an unfair handicap.
  pool.on('connect', (client) => client.setTypeParser(pg.types.builtins.INT8, Number));
  const columns = [...new Set(metrics)];
  const names = columns.map((metric) => `"${metric}"`);
  await pool.query(`CREATE TABLE readings (vehicle integer, at bigint, seq bigint, index integer,
    ${names.map((name) => `${name} double precision`).join(', ')}, PRIMARY KEY (vehicle, at, seq, index))`);
  const arrays = ['int', 'bigint', 'bigint', 'int', ...columns.map(() => 'double precision')].map(
    (type, i) => `$${i + 1}::${type}[]`,
  );

  return {
    append: async (readings: readonly StoredReading[]): Promise<void> => {
      await pool.query({
        name: 'append',
        text: `INSERT INTO readings SELECT * FROM unnest(${arrays.join(', ')}) ON CONFLICT DO NOTHING`,
        values: [
          readings.map((row) => Number(row.vehicleId.replace(/\D/g, ''))),
          readings.map((row) => row.reading.at),
          readings.map((row) => row.seq),
          readings.map((row) => row.index),
          ...columns.map((metric) => readings.map((row) => row.reading.values[metric] ?? null)),
        ],
      });
    },
    /** What autovacuum would do in a quiet moment: the planner knows the table, and its pages are marked as visible. */
    settle: () => pool.query('VACUUM ANALYZE readings'),
    chart: async (
      vehicle: number,
      from: number,
      to: number,
      wanted: readonly MetricKey[],
      points: number,
    ): Promise<MetricSeries[]> => {
      const list = wanted.map((metric) => `"${metric}"`);
      const { rows } = await pool.query<(number | null)[]>({
        ...{
          text: `SELECT at, ${list.join(', ')} FROM readings WHERE vehicle = $1 AND at >= $2 AND at < $3 ORDER BY at`,
        },
        ...{ values: [vehicle, from, to], rowMode: 'array' },
      } as pg.QueryConfig & { rowMode: 'array' });
      return wanted.map((metric, i) => {
        const reducer = createChartReducer(columnOf(metric), points);
        for (const row of rows) {
          const value = row[1 + i];
          if (value !== null && value !== undefined) reducer.add(row[0]!, Math.round(value * METRICS[metric].scale));
        }
        return reducer.finish();
      });
    },
    bytes: async (): Promise<number> =>
      Number((await pool.query(`SELECT pg_total_relation_size('readings') AS bytes`)).rows[0]?.bytes),
    stop: async (): Promise<void> => {
      await pool.end();
      await server.stop();
    },
  };
}
