import { createPlaceFinder } from '@temoin/map-data/place-finder';
import { buildRoadGraph } from '@temoin/map-data/road-graph';
import type { Pool } from '../stores/postgres/pool.ts';
import type { SeriesStore } from '../stores/series/series-store.ts';
import { createFactsProjection } from './facts-projection.ts';
import { createLedgerProjection } from './ledger-projection.ts';
import type { Projection } from './projection.ts';
import { createSeriesProjection } from './series-projection.ts';
import { createStateProjection, type PlaceOf } from './state-projection.ts';

let finder: PlaceOf | undefined;

/** Street and quarter of a place from our own map data. The map is read at the first question, which takes about a second. */
export const placeOf: PlaceOf = (lat, lon) => {
  finder ??= createPlaceFinder(buildRoadGraph());
  return finder(lat, lon);
};

/** All projections, made alike wherever they are made: else a rebuild elsewhere would not come out equal. */
export const createProjections = (pool: Pool, series: SeriesStore): Projection[] => [
  createSeriesProjection(series),
  createStateProjection(pool, placeOf),
  createLedgerProjection(pool),
  createFactsProjection(pool),
];
