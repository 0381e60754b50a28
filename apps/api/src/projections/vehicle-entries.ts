import type { UnderstoodEntry } from '../stores/log/batch-log.ts';
import type { VehicleEntry } from './projection.ts';

/** A stretch of time in which a box sat in a vehicle, ms UTC; open ends are undefined, `from` included, `to` excluded. */
export interface Installation {
  readonly vehicleId: string;
  readonly from: number | undefined;
  readonly to: number | undefined;
}

/** Where boxes sat when. Throws `AppError('store_unavailable')` while nobody can say. */
export type InstallationsOf = (boxIds: readonly string[]) => Promise<ReadonlyMap<string, readonly Installation[]>>;

/** Splits an entry by the vehicle in which its box sat at each instant. An entry without contents counts by its arrival. */
export function toVehicleEntries(entry: UnderstoodEntry, installations: readonly Installation[]): VehicleEntry[] {
  const { readings, indexes, facts } = entry;
  const only = onlyVehicle(entry, installations);
  if (only) return [{ ...entry, ...only, part: 0, factIndexes: facts.map((_, i) => i) }];
  const vehicles = [...readings, ...facts].map(({ at }) => vehicleAt(installations, at));
  const different = [...new Set(vehicles)];
  return different.map((vehicleId, part) => {
    const ours = (i: number) => vehicles[i] === vehicleId;
    const oursToo = (i: number) => vehicles[readings.length + i] === vehicleId;
    return {
      ...entry,
      vehicleId,
      part,
      readings: readings.filter((_, i) => ours(i)),
      indexes: indexes.filter((_, i) => ours(i)),
      facts: facts.filter((_, i) => oursToo(i)),
      factIndexes: facts.flatMap((_, i) => (oursToo(i) ? [i] : [])),
      refusals: part === 0 ? entry.refusals : {},
      refusedReadings: part === 0 ? entry.refusedReadings : 0,
    };
  });
}

/** The usual case, without looking at each reading: one installation (or none at all) covers the whole batch. */
function onlyVehicle(
  { entry, readings, facts }: UnderstoodEntry,
  installations: readonly Installation[],
): { vehicleId: string | undefined } | undefined {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const { at } of readings) {
    if (at < first) first = at;
    if (at > last) last = at;
  }
  for (const { at } of facts) {
    if (at < first) first = at;
    if (at > last) last = at;
  }
  if (first > last) return { vehicleId: vehicleAt(installations, entry.receivedAt) };
  if (installations.length === 0) return { vehicleId: undefined };
  // The first of the list wins wherever it claims an instant, and a stretch that holds both ends holds what is between.
  const [newest] = installations;
  return newest && covers(newest, first) && covers(newest, last) ? { vehicleId: newest.vehicleId } : undefined;
}

const covers = ({ from, to }: Installation, at: number): boolean =>
  (from === undefined || at >= from) && (to === undefined || at < to);

function vehicleAt(installations: readonly Installation[], at: number): string | undefined {
  return installations.find((installation) => covers(installation, at))?.vehicleId;
}
