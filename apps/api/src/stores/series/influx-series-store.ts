import { toFluxValue } from '@influxdata/influxdb-client';
import type { MetricKey } from '@temoin/shared/metrics';
import type { Reading } from '@temoin/shared/telemetry';
import { AppError } from '../../http/app-error.ts';
import { createChartReducer } from './chart-reducer.ts';
import { linesOf, type NewestAt } from './influx-append.ts';
import {
  CURSOR,
  createInfluxPoints,
  cursorLine,
  fluxTime,
  type InfluxPoints,
  parseTime,
  READINGS,
} from './influx-points.ts';
import { type InfluxServer, type InfluxSettings, meetInflux } from './influx-server.ts';
import { columnsOf, METRIC_COLUMNS, type MetricColumn } from './metric-columns.ts';
import { createDigestSum } from './reading-digest.ts';
import type { SeriesRange, SeriesStore } from './series-store.ts';
import { HOUR_MS, type TimeWindow, windowsByCount } from './time-windows.ts';

// The series at scale: InfluxDB 1.8 or 2.x through the official client, with Flux that both know (0.65). A point is a
// reading: tags vehicle and box, whole-number fields `m<id>` in wire steps, and boot, seq and index, by which two readings
// of one instant are told apart (see influx-slots.ts). The cursor is a point of its own, written only once all readings of
// the append are durable: a crash between the two repeats an append, which changes nothing.

const WINDOW_READINGS = 50_000;
/** Spans up to here are fetched without asking first how many readings they hold. */
const AT_ONCE_MS = 24 * HOUR_MS;

/** Meets the server, creates what is missing; throws `store_unavailable` while it is away. */
export async function openInfluxSeriesStore(settings: InfluxSettings): Promise<SeriesStore> {
  const points = createInfluxPoints(settings);
  const server: InfluxServer = await meetInflux(settings);
  await server.provision();
  let newestAt: NewestAt = new Map();
  let turn: Promise<unknown> = Promise.resolve();
  let closed = false;
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(() => {
      if (closed) throw new AppError('store_unavailable', 'The series store is closed');
      return work();
    });
    turn = mine.catch(() => {});
    return mine;
  };

  const windowsOf = async ({ vehicleId, from, to }: SeriesRange): Promise<TimeWindow[]> => {
    const range = { from: Math.max(0, Math.ceil(from)), to: Math.min(Math.ceil(to), LAST_MS) };
    if (range.from >= range.to) return [];
    if (range.to - range.from <= AT_ONCE_MS) return [range];
    const counts = new Map<number, number>();
    await points.query(
      `${ofVehicle(points, vehicleId, range)} |> filter(fn: (r) => r._field == "seq")
        |> aggregateWindow(every: 1h, fn: count, createEmpty: false) |> keep(columns: ["_time", "_value"])`,
      ({ _time, _value }) => {
        // A window is named by its end, which a range may cut short.
        const hour = Math.floor((parseTime(_time!).at - 1) / HOUR_MS);
        counts.set(hour, (counts.get(hour) ?? 0) + Number(_value));
      },
    );
    const hours = [...counts].filter(([, count]) => count > 0).sort((a, b) => a[0] - b[0]);
    return windowsByCount(hours, range, WINDOW_READINGS);
  };

  return {
    kind: 'influx',
    append: (readings, cursor) =>
      inTurn(async () => {
        const { lines, newest } = await linesOf(points, readings, newestAt);
        try {
          await points.write(lines);
          await points.write([cursorLine(cursor)]);
        } catch (error) {
          // Part of it may be there: ask again who stands where.
          for (const name of newest.keys()) newestAt.delete(name);
          throw error;
        }
        for (const [name, at] of newest) newestAt.set(name, at);
      }),
    cursor: () =>
      inTurn(async () => {
        let position = 0n;
        await points.query(
          `from(bucket: ${points.bucket}) |> range(start: ${fluxTime(0)}, stop: ${fluxTime(HOUR_MS)})
            |> filter(fn: (r) => r._measurement == "${CURSOR}") |> last() |> keep(columns: ["_value"])`,
          ({ _value }) => {
            position = BigInt(_value!);
          },
        );
        return position;
      }),
    chart: async (range, metrics, most) => {
      const columns = columnsOf(metrics);
      const reducers = new Map(columns.map((column) => [column.name, createChartReducer(column, most)]));
      for (const window of await windowsOf(range)) {
        const samples = new Map<string, { at: number; step: number }[]>(columns.map((column) => [column.name, []]));
        await points.query(
          `${ofVehicle(points, range.vehicleId, window)} |> filter(fn: (r) => ${anyField(columns)})
            |> keep(columns: ["_time", "_value", "_field"])`,
          ({ _time, _value, _field }) => samples.get(_field!)!.push({ at: parseTime(_time!).at, step: Number(_value) }),
        );
        for (const [name, list] of samples) {
          // One table a box: in order each, but not together.
          list.sort((a, b) => a.at - b.at);
          for (const { at, step } of list) reducers.get(name)!.add(at, step);
        }
      }
      const byKey = new Map(columns.map((column) => [column.key, reducers.get(column.name)!.finish()]));
      return metrics.map((metric) => byKey.get(metric)!);
    },
    async *readings(range, metrics) {
      const columns = columnsOf(metrics);
      for (const window of await windowsOf(range)) {
        for (const row of await rowsOf(points, range.vehicleId, window, columns)) {
          if (!metrics || row.steps.size > 0) yield readingOf(row, columns);
        }
      }
    },
    span: async (vehicleId) => {
      const found = { from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY, readings: 0 };
      await points.query(
        `all = ${ofVehicle(points, vehicleId, { from: 0, to: LAST_MS })} |> filter(fn: (r) => r._field == "seq")
          all |> first() |> keep(columns: ["_time"]) |> yield(name: "first")
          all |> last() |> keep(columns: ["_time"]) |> yield(name: "last")
          all |> count() |> keep(columns: ["_value"]) |> yield(name: "count")`,
        ({ result, _time, _value }) => {
          if (result === 'count') found.readings += Number(_value);
          else if (result === 'first') found.from = Math.min(found.from, parseTime(_time!).at);
          else found.to = Math.max(found.to, parseTime(_time!).at);
        },
      );
      return found.readings > 0 ? found : { readings: 0 };
    },
    digest: async () => {
      const vehicles = new Set<string>();
      await points.query(
        `from(bucket: ${points.bucket}) |> range(start: ${fluxTime(0)}, stop: ${fluxTime(LAST_MS)})
          |> filter(fn: (r) => r._measurement == "${READINGS}" and r._field == "seq") |> first() |> keep(columns: ["vehicle"])`,
        ({ vehicle }) => vehicles.add(vehicle!),
      );
      const digests: { vehicleId: string; readings: number; digest: string }[] = [];
      for (const vehicleId of [...vehicles].sort()) {
        const sum = createDigestSum();
        for (const window of await windowsOf({ vehicleId, from: 0, to: LAST_MS })) {
          for (const row of await rowsOf(points, vehicleId, window, METRIC_COLUMNS)) {
            sum.begin(row.boxId, row.at, row.boot, row.seq, row.index);
            for (const { id, name } of METRIC_COLUMNS) {
              const step = row.steps.get(name);
              if (step !== undefined) sum.metric(id, step);
            }
            sum.end();
          }
        }
        digests.push({ vehicleId, readings: sum.readings(), digest: sum.hex() });
      }
      return digests;
    },
    reset: () =>
      inTurn(async () => {
        await server.forget([CURSOR, READINGS]);
        newestAt = new Map();
      }),
    close: async () => {
      await turn;
      closed = true;
    },
  };
}

const LAST_MS = Date.UTC(2262, 0, 1);

/** The beginning of a Flux query over one vehicle. */
const ofVehicle = ({ bucket }: InfluxPoints, vehicleId: string, { from, to }: TimeWindow): string =>
  `from(bucket: ${bucket}) |> range(start: ${fluxTime(from)}, stop: ${fluxTime(to)})
    |> filter(fn: (r) => r._measurement == "${READINGS}" and r.vehicle == ${toFluxValue(vehicleId)})`;

const anyField = (columns: readonly { name: string }[]): string =>
  columns.map(({ name }) => `r._field == "${name}"`).join(' or ');

interface PointRow {
  readonly boxId: string;
  readonly at: number;
  boot: number;
  seq: number;
  index: number;
  readonly steps: Map<string, number>;
}

/** The readings of a window with the columns asked for, in order of (at, boot, seq, index, box). */
async function rowsOf(
  points: InfluxPoints,
  vehicleId: string,
  window: TimeWindow,
  columns: readonly MetricColumn[],
): Promise<PointRow[]> {
  const rows = new Map<string, PointRow>();
  const names = [{ name: 'boot' }, { name: 'seq' }, { name: 'index' }];
  const fields =
    columns.length === METRIC_COLUMNS.length ? '' : ` |> filter(fn: (r) => ${anyField([...names, ...columns])})`;
  await points.query(
    `${ofVehicle(points, vehicleId, window)}${fields} |> keep(columns: ["_time", "_value", "_field", "box"])`,
    ({ _time, _value, _field, box }) => {
      // Flux gives a table per field; a point is put together again by its box and time.
      const name = `${_time} ${box}`;
      let row = rows.get(name);
      if (!row) {
        row = { boxId: box!, at: parseTime(_time!).at, boot: 0, seq: 0, index: 0, steps: new Map() };
        rows.set(name, row);
      }
      if (_field === 'boot' || _field === 'seq' || _field === 'index') row[_field] = Number(_value);
      else row.steps.set(_field!, Number(_value));
    },
  );
  return [...rows.values()].sort(
    (a, b) => a.at - b.at || a.boot - b.boot || a.seq - b.seq || a.index - b.index || (a.boxId < b.boxId ? -1 : 1),
  );
}

function readingOf(row: PointRow, columns: readonly MetricColumn[]): Reading {
  const values: { [key in MetricKey]?: number } = {};
  for (const { key, name, scale } of columns) {
    const step = row.steps.get(name);
    if (step !== undefined) values[key] = step / scale;
  }
  return { at: row.at, values };
}
