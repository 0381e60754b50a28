import { distanceM, type PlanePoint, toLatLon } from './geometry/plane.ts';
import type { Cut } from './graph/find-junctions.ts';
import { createNodeIndex } from './graph/node-index.ts';
import { createRoadNetwork, joinLines, type RoadNetwork } from './graph/road-network.ts';
import { quarterAt } from './strasbourg/places.ts';
import type { RoadClass, RoadLine } from './strasbourg/road-line.ts';

export { shortestPath } from './graph/shortest-path.ts';
export type { RoadClass } from './strasbourg/road-line.ts';

/** One direction of one stretch of road between two junctions; `points` are [lat, lon] in degrees, ends included. */
export interface RoadEdge {
  id: number;
  from: number;
  to: number;
  class: RoadClass;
  name: string;
  ref?: string;
  quarter?: string;
  speedLimitKmh: number;
  points: [number, number][];
  lengthM: number;
}

export interface RoadGraph {
  nodes: { lat: number; lon: number }[];
  edges: RoadEdge[];
  /** For each node the indexes of the edges that leave it. */
  out: number[][];
}

/** The routable road network of Strasbourg and Kehl: the same input gives the same nodes and edges, in the same order. */
export function buildRoadGraph(): RoadGraph {
  return graphFrom(createRoadNetwork());
}

/** Joins drawn lines into a graph; every line may be driven both ways. */
export function graphOf(lines: RoadLine[]): RoadGraph {
  return graphFrom(joinLines(lines));
}

function graphFrom({ lines, shapes, cuts }: RoadNetwork): RoadGraph {
  const index = createNodeIndex();
  const edges: RoadEdge[] = [];
  lines.forEach((line, i) => {
    for (const stretch of stretches(line, shapes[i]!, cuts[i]!, index.nodeAt)) addBothWays(edges, line, stretch);
  });
  const out: number[][] = index.points.map(() => []);
  for (const edge of edges) out[edge.from]!.push(edge.id);
  const nodes = index.points.map((point) => {
    const [lat, lon] = toLatLon(point);
    return { lat, lon };
  });
  return { nodes, edges, out };
}

interface Stretch {
  from: number;
  to: number;
  points: PlanePoint[];
}

/** Cuts one line at its junctions; a stretch that starts and ends at one node is a drawing slip and is left out. */
function stretches(
  line: RoadLine,
  shape: PlanePoint[],
  cuts: readonly Cut[],
  nodeAt: (at: PlanePoint, motorway: boolean, ground: boolean) => { node: number; at: PlanePoint },
): Stretch[] {
  const isMotorway = line.level === 1;
  const end = (along: number): Omit<Cut, 'other'> => {
    return { along, at: shape[along]!, touchesMotorway: isMotorway, touchesGround: !isMotorway };
  };
  const all = [...cuts, end(0), end(shape.length - 1)].sort((a, b) => a.along - b.along);
  const found: Stretch[] = [];
  let last: { node: number; at: PlanePoint; along: number } | undefined;
  for (const cut of all) {
    const { node, at } = nodeAt(cut.at, cut.touchesMotorway, cut.touchesGround);
    if (node === last?.node) continue;
    if (last) {
      const points = [last.at];
      for (let k = Math.floor(last.along) + 1; k < cut.along; k++) {
        const between = shape[k]!;
        if (distanceM(between, points[points.length - 1]!) > 2 && distanceM(between, at) > 2) points.push(between);
      }
      found.push({ from: last.node, to: node, points: [...points, at] });
    }
    last = { node, at, along: cut.along };
  }
  return found;
}

function addBothWays(edges: RoadEdge[], line: RoadLine, stretch: Stretch): void {
  const points = stretch.points.map(toLatLon);
  let lengthM = 0;
  for (let i = 1; i < stretch.points.length; i++) lengthM += distanceM(stretch.points[i - 1]!, stretch.points[i]!);
  const middle = points[points.length >> 1]!;
  const quarter = line.quarter ?? quarterAt(middle[0], middle[1]);
  const { name, ref, class: roadClass, speedLimitKmh } = line;
  const about = { class: roadClass, name, ...(ref && { ref }), ...(quarter && { quarter }), speedLimitKmh, lengthM };
  edges.push({ id: edges.length, from: stretch.from, to: stretch.to, ...about, points });
  edges.push({ id: edges.length, from: stretch.to, to: stretch.from, ...about, points: [...points].reverse() });
}
