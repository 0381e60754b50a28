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
  const instants = [...readings.map((r) => r.at), ...facts.map((f) => f.at)];
  const vehicles = (instants.length > 0 ? instants : [entry.entry.receivedAt]).map((at) =>
    vehicleAt(installations, at),
  );
  const different = [...new Set(vehicles)];
  if (different.length <= 1)
    return [{ ...entry, vehicleId: different[0], part: 0, factIndexes: facts.map((_, i) => i) }];
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

function vehicleAt(installations: readonly Installation[], at: number): string | undefined {
  return installations.find(({ from, to }) => (from === undefined || at >= from) && (to === undefined || at < to))
    ?.vehicleId;
}
