import { type PlanePoint, toPlane } from '../geometry/plane.ts';
import { smoothLine } from '../geometry/smooth.ts';
import { MAIN_ROADS } from '../strasbourg/main-roads.ts';
import type { RoadLine } from '../strasbourg/road-line.ts';
import { createStreetFabric } from '../strasbourg/street-fabric.ts';
import { type Cut, findJunctions } from './find-junctions.ts';

/** Lines with their shapes in metres and, for each, where it meets others. */
export interface RoadNetwork {
  lines: RoadLine[];
  shapes: PlanePoint[][];
  cuts: Cut[][];
}

/** Finds the junctions of a set of lines. */
export function joinLines(lines: RoadLine[]): RoadNetwork {
  const shapes = lines.map((line) => line.points.map(toPlane));
  return { lines, shapes, cuts: findJunctions(lines, shapes) };
}

/** Main roads and generated streets; a generated street that hangs on nothing is left out of map and graph alike. */
export function createRoadNetwork(): RoadNetwork {
  const mainRoads = MAIN_ROADS.map((road) => ({ ...road, points: smoothLine(road.points) }));
  return largestPart(joinLines([...mainRoads, ...createStreetFabric(mainRoads)]));
}

function largestPart({ lines, shapes, cuts }: RoadNetwork): RoadNetwork {
  const parent = lines.map((_, line) => line);
  const rootOf = (line: number): number => {
    let root = line;
    while (parent[root] !== root) root = parent[root]!;
    parent[line] = root;
    return root;
  };
  cuts.forEach((lineCuts, line) => {
    for (const cut of lineCuts) parent[rootOf(line)] = rootOf(cut.other);
  });
  const sizes = new Map<number, number>();
  for (const line of parent.keys()) sizes.set(rootOf(line), (sizes.get(rootOf(line)) ?? 0) + 1);
  const main = [...sizes].reduce((a, b) => (b[1] > a[1] ? b : a))[0];
  const kept = [...parent.keys()].filter((line) => rootOf(line) === main);
  return { lines: kept.map((i) => lines[i]!), shapes: kept.map((i) => shapes[i]!), cuts: kept.map((i) => cuts[i]!) };
}
