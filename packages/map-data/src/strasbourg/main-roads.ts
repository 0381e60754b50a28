import { CENTRE_ROADS } from './centre-roads.ts';
import { KEHL_ROADS } from './kehl-roads.ts';
import { MOTORWAYS } from './motorways.ts';
import { NORTH_ROADS } from './north-roads.ts';
import type { RoadLine } from './road-line.ts';
import { SOUTH_ROADS } from './south-roads.ts';
import { WEST_ROADS } from './west-roads.ts';

/** Every hand-drawn road of the area, motorways first. */
export const MAIN_ROADS: RoadLine[] = [
  ...MOTORWAYS,
  ...CENTRE_ROADS,
  ...NORTH_ROADS,
  ...SOUTH_ROADS,
  ...WEST_ROADS,
  ...KEHL_ROADS,
];
