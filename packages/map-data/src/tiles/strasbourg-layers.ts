import { ribbon } from '../geometry/ribbon.ts';
import { smoothLine } from '../geometry/smooth.ts';
import { createRoadNetwork } from '../graph/road-network.ts';
import { LAND_AREAS, type LandKind } from '../strasbourg/land.ts';
import { PLACES, type PlaceKind } from '../strasbourg/places.ts';
import { QUARTERS } from '../strasbourg/quarters.ts';
import { RAILWAYS } from '../strasbourg/railways.ts';
import type { LatLon, RoadClass } from '../strasbourg/road-line.ts';
import {
  SURROUNDING_LAND,
  SURROUNDING_PLACES,
  SURROUNDING_RAILWAYS,
  SURROUNDING_ROADS,
  SURROUNDING_WATER,
} from '../strasbourg/surroundings.ts';
import { WATER_AREAS, WATER_LINES } from '../strasbourg/water.ts';
import type { MapFeature } from './cut-tiles.ts';
import type { TileArea } from './pmtiles-writer.ts';

/** Covered at the far zooms, with what is known of the surroundings. */
export const REGION_AREA: TileArea = { minLon: 7.25, minLat: 48.25, maxLon: 8.25, maxLat: 48.9 };
/** Covered at every zoom. */
export const STRASBOURG_AREA: TileArea = { minLon: 7.61, minLat: 48.485, maxLon: 7.87, maxLat: 48.67 };

const ROAD_MIN_ZOOM: Record<RoadClass, number> = { motorway: 8, major_road: 9, medium_road: 11, minor_road: 12 };
const LAND_MIN_ZOOM: Record<LandKind, number> = { urban: 8, forest: 8, industrial: 10, park: 11, cemetery: 12 };
const PLACE_MIN_ZOOM: Record<PlaceKind, number> = { city: 8, town: 10, village: 11, suburb: 12, quarter: 13, park: 13 };
const ROAD_ORDER: RoadClass[] = ['minor_road', 'medium_road', 'major_road', 'motorway'];

/** The layers of the Strasbourg map; features later in a layer are meant to be drawn over earlier ones. */
export function strasbourgLayers(): Record<string, MapFeature[]> {
  return { earth: earth(), landuse: landuse(), water: water(), roads: roads(), places: places() };
}

/** Land reaches past the area, since a zoom 8 tile is far wider than the city; there is no sea within it. */
function earth(): MapFeature[] {
  return [
    area(
      [
        [47.5, 6.5],
        [47.5, 9],
        [49.8, 9],
        [49.8, 6.5],
      ],
      { kind: 'earth' },
    ),
  ];
}

function landuse(): MapFeature[] {
  const urban = QUARTERS.map(({ name, outline }) => ({ kind: 'urban' as const, name, outline }));
  const order: LandKind[] = ['urban', 'industrial', 'forest', 'park', 'cemetery'];
  return [...urban, ...LAND_AREAS, ...SURROUNDING_LAND]
    .sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
    .map(({ kind, name, outline }) => area(smoothLine(outline, true), { kind, name, min_zoom: LAND_MIN_ZOOM[kind] }));
}

/** Rivers are written twice: as the area they cover, and as a centre line for thin drawing far out and for the name. */
function water(): MapFeature[] {
  const lines = [...WATER_LINES, ...SURROUNDING_WATER].map((river) => ({ ...river, points: smoothLine(river.points) }));
  return [
    ...WATER_AREAS.map(({ kind, name, shore }) => area(smoothLine(shore, true), { kind, name, min_zoom: 10 })),
    ...lines.map(({ kind, name, points, widthM }) =>
      area(ribbon(points, widthM), { kind, name, min_zoom: widthM >= 60 ? 8 : widthM >= 20 ? 11 : 13 }),
    ),
    ...lines.map(({ kind, name, points, widthM }) =>
      line(points, { kind, name, min_zoom: widthM >= 200 ? 8 : widthM >= 20 ? 9 : 11 }),
    ),
  ];
}

function roads(): MapFeature[] {
  const rails = [...RAILWAYS, ...SURROUNDING_RAILWAYS].map(({ kind, name, points }) =>
    line(smoothLine(points), { kind: 'rail', class: kind, name, min_zoom: kind === 'main' ? 10 : 12 }),
  );
  const outside = SURROUNDING_ROADS.map((road) => ({ ...road, points: smoothLine(road.points) }));
  const streets = [...outside, ...createRoadNetwork().lines]
    .sort((a, b) => ROAD_ORDER.indexOf(a.class) - ROAD_ORDER.indexOf(b.class))
    .map((road) =>
      line(road.points, {
        kind: road.class,
        class: road.class,
        name: road.name,
        ...(road.ref && { ref: road.ref }),
        min_zoom: ROAD_MIN_ZOOM[road.class],
      }),
    );
  return [...rails, ...streets];
}

function places(): MapFeature[] {
  return [...PLACES, ...SURROUNDING_PLACES].map(({ kind, name, rank, lat, lon }) => ({
    type: 'Feature',
    properties: { kind, name, rank, min_zoom: PLACE_MIN_ZOOM[kind] },
    geometry: { type: 'Point', coordinates: [lon, lat] },
  }));
}

function line(points: readonly LatLon[], properties: MapFeature['properties']): MapFeature {
  return { type: 'Feature', properties, geometry: { type: 'LineString', coordinates: points.map(lonLat) } };
}

function area(outline: readonly LatLon[], properties: MapFeature['properties']): MapFeature {
  const ring = [...outline, outline[0]!].map(lonLat);
  return { type: 'Feature', properties, geometry: { type: 'Polygon', coordinates: [ring] } };
}

function lonLat([lat, lon]: LatLon): [number, number] {
  return [lon, lat];
}
