import { describe, expect, it } from 'vitest';
import { type Groupable, groupVehicles } from './groups';

const at = (id: string, lat: number, lon: number, state: Groupable['state'] = 'parked'): Groupable => ({
  id,
  state,
  lat,
  lon,
});
const heap = [
  at('a', 48.58, 7.75),
  at('b', 48.58001, 7.75001, 'moving'),
  at('c', 48.58002, 7.75),
  at('d', 48.58, 7.75002, 'alarm'),
  at('e', 48.5801, 7.7501),
];

describe('groups', () => {
  it('far out, counts every vehicle once, by state', () => {
    const { groups, hidden } = groupVehicles([...heap, at('paris', 48.85, 2.35)], 6, undefined);
    expect(groups).toHaveLength(1);
    expect(groups[0]).toMatchObject({ count: 5, counts: { parked: 3, moving: 1, alarm: 1, idling: 0, silent: 0 } });
    expect(hidden).toEqual(new Set(['a', 'b', 'c', 'd', 'e']));
  });

  it('near, leaves an alarm by itself and groups only a real heap', () => {
    const { groups, hidden } = groupVehicles(heap, 13, undefined);
    expect(groups).toHaveLength(1);
    expect(hidden.has('d')).toBe(false);
    expect(groupVehicles(heap.slice(0, 3), 13, undefined).groups).toHaveLength(0);
  });

  it('never hides the chosen vehicle', () => {
    expect(groupVehicles(heap, 6, 'a').hidden.has('a')).toBe(false);
  });

  it('knows the members of a group', () => {
    const grouping = groupVehicles(heap, 6, undefined);
    expect(grouping.membersOf(grouping.groups[0]!.clusterId).sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });
});
