import type { VehicleState } from '@temoin/shared/vehicles';
import Supercluster from 'supercluster';
import type { StateCounts } from '@/ui/map/group-painter';

// Vehicles that would lie on one another become a box with their number. Far out everything near is grouped; from zoom 10 on
// only real heaps are, and an alarm or the chosen vehicle is always drawn by itself.

export interface Groupable {
  readonly id: string;
  readonly state: VehicleState;
  readonly lat: number;
  readonly lon: number;
}

export interface Group {
  readonly clusterId: number;
  readonly lat: number;
  readonly lon: number;
  readonly count: number;
  readonly counts: StateCounts;
}

export interface Grouping {
  readonly groups: readonly Group[];
  /** Ids of the vehicles that are inside a group and not drawn by themselves. */
  readonly hidden: ReadonlySet<string>;
  /** Ids of the vehicles of a group. */
  membersOf(clusterId: number): string[];
}

export const FAR_BELOW_ZOOM = 10;
const NEAR_FROM_ZOOM = 13;
const NEAR_UNTIL_ZOOM = 16;

const countsOf = (state: VehicleState): Record<VehicleState, number> => ({
  alarm: 0,
  moving: 0,
  idling: 0,
  parked: 0,
  silent: 0,
  [state]: 1,
});
const NOTHING: Grouping = { groups: [], hidden: new Set(), membersOf: () => [] };

type Counted = Record<VehicleState, number> & { id: string };

/** Groups vehicles for a whole zoom level. Rebuilt per tick: supercluster's index is static, and fast to build. */
export function groupVehicles(vehicles: readonly Groupable[], zoom: number, chosenId: string | undefined): Grouping {
  const isFar = zoom < FAR_BELOW_ZOOM;
  const isTown = zoom < NEAR_FROM_ZOOM;
  if (zoom > NEAR_UNTIL_ZOOM) return NOTHING;
  const level = Math.floor(zoom);
  const index = new Supercluster<Counted, Counted>({
    minZoom: level,
    maxZoom: level,
    // Wider than a group's box, so that two boxes never lie on one another.
    radius: isFar ? 60 : isTown ? 46 : 24,
    extent: 256,
    minPoints: isFar ? 2 : isTown ? 3 : 4,
    map: (properties) => ({ ...properties }),
    reduce: (into, from) => {
      for (const state of ['alarm', 'moving', 'idling', 'parked', 'silent'] as const) into[state] += from[state];
    },
  });
  const alone = (vehicle: Groupable) => vehicle.id === chosenId || (!isFar && vehicle.state === 'alarm');
  index.load(
    vehicles
      .filter((vehicle) => !alone(vehicle))
      .map(({ id, state, lat, lon }) => ({
        type: 'Feature',
        geometry: { type: 'Point', coordinates: [lon, lat] },
        properties: { id, ...countsOf(state) },
      })),
  );
  const groups: Group[] = [];
  const hidden = new Set<string>();
  const membersOf = (clusterId: number) =>
    index.getLeaves(clusterId, Number.POSITIVE_INFINITY).map((leaf) => leaf.properties.id);
  for (const found of index.getClusters([-180, -90, 180, 90], level)) {
    if (!('cluster' in found.properties) || !found.properties.cluster) continue;
    const { cluster_id: clusterId, point_count: count } = found.properties;
    const [lon = 0, lat = 0] = found.geometry.coordinates;
    groups.push({ clusterId, lat, lon, count, counts: found.properties });
    for (const id of membersOf(clusterId)) hidden.add(id);
  }
  return { groups, hidden, membersOf };
}
