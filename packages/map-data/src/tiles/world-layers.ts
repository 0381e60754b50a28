import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { feature, mesh } from 'topojson-client';
import type { MapFeature } from './cut-tiles.ts';
import { worldPlaces } from './world-places.ts';

const resolve = createRequire(import.meta.url).resolve;

/** Land, borders and names of the world at one of Natural Earth's three degrees of detail (public domain). */
export function worldLayers(detail: '110m' | '50m' | '10m'): Record<string, MapFeature[]> {
  const topology = JSON.parse(readFileSync(resolve(`world-atlas/countries-${detail}.json`), 'utf8'));
  const { land, countries } = topology.objects;
  const earth = feature(topology, land).features.map(({ geometry }) => {
    return { type: 'Feature' as const, properties: { kind: 'earth' }, geometry };
  });
  const borders: MapFeature = {
    type: 'Feature',
    properties: { kind: 'country', kind_detail: 2 },
    geometry: mesh(topology, countries, (a, b) => a !== b),
  };
  return { earth, boundaries: [borders], places: worldPlaces() };
}
