import { createHash } from 'node:crypto';
import type { SeriesStore, StoredReading } from '../stores/series/series-store.ts';
import type { Projection } from './projection.ts';

/** The time series, in the SeriesStore, which keeps the cursor with the readings. */
export function createSeriesProjection(series: SeriesStore): Projection {
  return {
    name: 'series',
    cursor: () => series.cursor(),
    async apply(entries, cursor) {
      const readings: StoredReading[] = [];
      for (const { entry, vehicleId, readings: ours, indexes } of entries) {
        if (vehicleId === undefined) continue;
        const { boxId, boot, seq } = entry;
        for (const [i, reading] of ours.entries())
          readings.push({ vehicleId, boxId, boot, seq, index: indexes[i] ?? i, reading });
      }
      await series.append(readings, cursor);
    },
    reset: () => series.reset(),
    async digest() {
      const hash = createHash('sha256');
      const lines = (await series.digest()).map((d) => `${d.vehicleId} ${d.readings} ${d.digest}\n`);
      for (const line of lines.sort()) hash.update(line);
      return hash.digest('hex');
    },
  };
}
