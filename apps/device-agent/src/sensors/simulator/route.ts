import { type RoadClass, type RoadEdge, type RoadGraph, shortestPath } from '@temoin/map-data/road-graph';
import { haversineM } from '@temoin/shared/units';
import type { Random } from './random.ts';

// A way through the town as a driver meets it: points along the road with the speed one may drive there, the speed that the
// bend allows, and the crossings at which one may have to stop.

export interface RoutePoint {
  readonly lat: number;
  readonly lon: number;
  /** Metres from the start of the route. */
  readonly atM: number;
  /** Speed on the stretch that begins here: limit and bend, m/s. */
  readonly freeMps: number;
  readonly courseDeg: number;
}

export interface Route {
  readonly points: readonly RoutePoint[];
  readonly lengthM: number;
  /** Where the driver must stop, and for how long. */
  readonly stops: readonly { readonly atM: number; readonly waitS: number }[];
}

/** Sideways acceleration that drivers take in bends, m/s² (Reymond et al. 2001 give 2–4 for ordinary drivers). */
const COMFORTABLE_SIDEWAYS = 2.5;
/** Where crossings have lights; elsewhere one only looks right and left. */
const SIGNAL_CLASSES: ReadonlySet<RoadClass> = new Set(['major_road', 'medium_road']);

const kerbsideOf = new WeakMap<RoadGraph, readonly number[]>();

/** Nodes at which a car may stand: those of small streets, never a motorway or a main road. */
export function kerbsideNodes(graph: RoadGraph): readonly number[] {
  const known = kerbsideOf.get(graph);
  if (known) return known;
  const nodes = graph.out.flatMap((edges, node) =>
    edges.some((edge) => graph.edges[edge]?.class === 'minor_road') ? [node] : [],
  );
  kerbsideOf.set(graph, nodes);
  return nodes;
}

/** The quickest way from node to node, or undefined when there is none. */
export function planRoute(graph: RoadGraph, from: number, to: number, random: Random): Route | undefined {
  const edges = shortestPath(
    graph,
    from,
    to,
    (edge) => (edge.lengthM / edge.speedLimitKmh) * 3.6 * (0.9 + 0.2 * hashOf(edge.id)),
  );
  if (!edges || edges.length === 0) return undefined;
  const points = joinEdges(edges);
  const lengthM = points.at(-1)?.atM ?? 0;
  return { points, lengthM, stops: planStops(graph, edges, random) };
}

/** Drivers do not all take the same street: a fixed taste per edge breaks ties between near-equal ways. */
const hashOf = (id: number): number => ((Math.imul(id + 1, 0x9e37_79b1) >>> 0) % 1000) / 1000;

function joinEdges(edges: readonly RoadEdge[]): RoutePoint[] {
  const raw: { lat: number; lon: number; limitMps: number }[] = [];
  for (const edge of edges) {
    for (const [lat, lon] of edge.points) {
      const last = raw.at(-1);
      if (last && haversineM(last.lat, last.lon, lat, lon) < 0.5) last.limitMps = edge.speedLimitKmh / 3.6;
      else raw.push({ lat, lon, limitMps: edge.speedLimitKmh / 3.6 });
    }
  }
  const points: RoutePoint[] = [];
  let atM = 0;
  raw.forEach((point, i) => {
    const next = raw[i + 1] ?? point;
    const before = raw[i - 1] ?? point;
    const courseDeg = i + 1 < raw.length ? courseFrom(point, next) : (points.at(-1)?.courseDeg ?? 0);
    const freeMps = Math.min(point.limitMps, bendSpeedMps(before, point, next));
    points.push({ lat: point.lat, lon: point.lon, atM, freeMps, courseDeg });
    atM += haversineM(point.lat, point.lon, next.lat, next.lon);
  });
  return points;
}

type Place = { readonly lat: number; readonly lon: number };

export function courseFrom(a: Place, b: Place): number {
  const north = b.lat - a.lat;
  const east = (b.lon - a.lon) * Math.cos((a.lat * Math.PI) / 180);
  return (Math.atan2(east, north) * (180 / Math.PI) + 360) % 360;
}

/** v = √(a·r) with the radius of the bend taken from how sharply the line turns over its two neighbouring pieces. */
function bendSpeedMps(before: Place, at: Place, next: Place): number {
  const turnDeg = Math.abs(((courseFrom(at, next) - courseFrom(before, at) + 540) % 360) - 180);
  if (before === at || next === at || turnDeg < 5) return Number.POSITIVE_INFINITY;
  const pieceM = Math.min(
    40,
    (haversineM(before.lat, before.lon, at.lat, at.lon) + haversineM(at.lat, at.lon, next.lat, next.lon)) / 2,
  );
  const radiusM = pieceM / ((turnDeg * Math.PI) / 180);
  return Math.max(3, Math.sqrt(COMFORTABLE_SIDEWAYS * Math.max(radiusM, 5)));
}

function planStops(graph: RoadGraph, edges: readonly RoadEdge[], random: Random): Route['stops'] {
  const stops: { atM: number; waitS: number }[] = [];
  let atM = 0;
  for (const edge of edges) {
    atM += edge.lengthM;
    const crossing = (graph.out[edge.to]?.length ?? 0) >= 3;
    const lastStop = stops.at(-1)?.atM ?? 0;
    if (!crossing || atM - lastStop < 120 || edge.class === 'motorway') continue;
    if (SIGNAL_CLASSES.has(edge.class) ? random.chance(0.28) : random.chance(0.15)) {
      stops.push({
        atM: atM - 4,
        waitS: SIGNAL_CLASSES.has(edge.class) ? random.between(6, 45) : random.between(2, 6),
      });
    }
  }
  return stops;
}
