import { toFluxValue } from '@influxdata/influxdb-client';
import { fluxTime, type InfluxPoints, lineOf, parseTime, READINGS } from './influx-points.ts';
import { nameOf, slotFor, type TakenSlots, takeSlot } from './influx-slots.ts';
import type { StoredReading } from './series-store.ts';

// Which line each reading of an append becomes. In everyday life a box's readings come in order of time: each is alone in its
// millisecond, and its slot is known without asking. Only where a reading is not newer than the newest stored one of its box
// and vehicle (late, repeated, or not known since a restart) is the server asked who stands where.

/** Readings further apart than this are looked up separately, so that one old straggler does not fetch years. */
const LOOK_UP_TOGETHER_MS = 3_600_000;

/** Newest instant known to be stored, by vehicle and box; what is missing is not known yet. */
export type NewestAt = Map<string, number>;

/** The lines of an append, and what becomes the newest instants once they are written. */
export async function linesOf(
  points: InfluxPoints,
  readings: readonly StoredReading[],
  newestAt: ReadonlyMap<string, number>,
): Promise<{ lines: string[]; newest: NewestAt }> {
  const groups = new Map<string, StoredReading[]>();
  for (const row of readings) {
    const name = `${row.vehicleId}\n${row.boxId}`;
    const group = groups.get(name);
    if (group) group.push(row);
    else groups.set(name, [row]);
  }
  const lines: string[] = [];
  const newest: NewestAt = new Map();
  for (const [name, rows] of groups) {
    const known = newestAt.get(name);
    const taken: TakenSlots =
      known !== undefined && isRising(rows, known) ? new Map() : await slotsAround(points, rows);
    for (const row of rows) lines.push(lineOf(row, slotFor(row, taken)));
    newest.set(
      name,
      rows.reduce((latest, row) => Math.max(latest, row.reading.at), known ?? Number.NEGATIVE_INFINITY),
    );
    if (known === undefined) newest.set(name, Math.max(newest.get(name)!, await newestStored(points, rows[0]!)));
  }
  return { lines, newest };
}

const isRising = (rows: readonly StoredReading[], after: number): boolean =>
  rows.every((row, i) => row.reading.at > (rows[i - 1]?.reading.at ?? after));

async function slotsAround(points: InfluxPoints, rows: readonly StoredReading[]): Promise<TakenSlots> {
  const taken: TakenSlots = new Map();
  for (const { from, to } of clustersOf(rows.map((row) => row.reading.at))) {
    const names = new Map<string, { boot?: string; seq?: string; index?: string }>();
    await points.query(
      `${ofSource(points, rows[0]!, from, to + 1)}
        |> filter(fn: (r) => r._field == "boot" or r._field == "seq" or r._field == "index")
        |> keep(columns: ["_time", "_value", "_field"])`,
      ({ _time, _field, _value }) => {
        const name = names.get(_time!) ?? {};
        name[_field as 'boot' | 'seq' | 'index'] = _value!;
        names.set(_time!, name);
      },
    );
    for (const [time, { boot, seq, index }] of names) {
      const { at, slot } = parseTime(time);
      takeSlot(taken, at, slot, nameOf(Number(boot), Number(seq), Number(index)));
    }
  }
  return taken;
}

async function newestStored(points: InfluxPoints, row: StoredReading): Promise<number> {
  let newest = Number.NEGATIVE_INFINITY;
  await points.query(
    `${ofSource(points, row, 0, Number.MAX_SAFE_INTEGER)}
      |> filter(fn: (r) => r._field == "seq") |> last() |> keep(columns: ["_time"])`,
    ({ _time }) => {
      newest = Math.max(newest, parseTime(_time!).at);
    },
  );
  return newest;
}

function clustersOf(instants: readonly number[]): { from: number; to: number }[] {
  const clusters: { from: number; to: number }[] = [];
  for (const at of [...instants].sort((a, b) => a - b)) {
    const open = clusters.at(-1);
    if (open && at - open.to <= LOOK_UP_TOGETHER_MS) open.to = at;
    else clusters.push({ from: at, to: at });
  }
  return clusters;
}

/** The beginning of a Flux query over one box in one vehicle. */
const ofSource = ({ bucket }: InfluxPoints, { vehicleId, boxId }: StoredReading, from: number, to: number): string =>
  `from(bucket: ${bucket}) |> range(start: ${fluxTime(from)}, stop: ${fluxTime(to)})
    |> filter(fn: (r) => r._measurement == "${READINGS}" and r.vehicle == ${toFluxValue(vehicleId)} and r.box == ${toFluxValue(boxId)})`;
