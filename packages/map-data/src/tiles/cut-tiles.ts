import { gzipSync } from 'node:zlib';
import GeoJSONVT from 'geojson-vt';
import { fromGeojsonVt } from 'vt-pbf';
import type { Tile, TileArea } from './pmtiles-writer.ts';

export type MapGeometry =
  | { type: 'Point'; coordinates: [number, number] }
  | { type: 'LineString'; coordinates: [number, number][] }
  | { type: 'MultiLineString' | 'Polygon'; coordinates: [number, number][][] }
  | { type: 'MultiPolygon'; coordinates: [number, number][][][] };

/** GeoJSON order: [longitude, latitude]. `min_zoom` = first zoom at which a thing is written into tiles. */
export interface MapFeature {
  type: 'Feature';
  properties: Record<string, string | number>;
  geometry: MapGeometry;
}

export interface MapGeoJson {
  type: 'FeatureCollection';
  features: MapFeature[];
}

const EXTENT = 4096;
const BUFFER = 64;

/** Cuts layers into gzipped vector tiles for every tile of the zooms that meets the area and holds anything. */
export function cutTiles(
  layers: Record<string, MapFeature[]>,
  area: TileArea,
  minZoom: number,
  maxZoom: number,
): Tile[] {
  const indexes = Object.entries(layers).map(([name, features]) => ({
    name,
    index: new GeoJSONVT(
      { type: 'FeatureCollection', features },
      { maxZoom, tolerance: 3, extent: EXTENT, buffer: BUFFER },
    ),
  }));
  const tiles: Tile[] = [];
  for (let z = minZoom; z <= maxZoom; z++) {
    const last = 2 ** z - 1;
    const from = tileOf(area.minLon, area.maxLat, z);
    const to = tileOf(area.maxLon, area.minLat, z);
    for (let x = Math.max(0, from.x); x <= Math.min(last, to.x); x++) {
      for (let y = Math.max(0, from.y); y <= Math.min(last, to.y); y++) {
        const content: Record<string, { features: unknown[] }> = {};
        for (const { name, index } of indexes) {
          const features = (index.getTile(z, x, y)?.features ?? []).filter((f) => Number(f.tags?.min_zoom ?? 0) <= z);
          if (features.length > 0) content[name] = { features };
        }
        if (Object.keys(content).length === 0) continue;
        const bytes = gzipSync(fromGeojsonVt(content, { version: 2, extent: EXTENT }), { level: 9 });
        tiles.push({ z, x, y, bytes });
      }
    }
  }
  return tiles;
}

function tileOf(lon: number, lat: number, z: number): { x: number; y: number } {
  const clamped = Math.min(85.0511, Math.max(-85.0511, lat));
  const mercator = Math.asinh(Math.tan((clamped * Math.PI) / 180));
  return {
    x: Math.floor(((lon + 180) / 360) * 2 ** z),
    y: Math.floor((0.5 - mercator / (2 * Math.PI)) * 2 ** z),
  };
}
