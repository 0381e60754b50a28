import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cutTiles } from './tiles/cut-tiles.ts';
import { type TileArea, writePmtiles } from './tiles/pmtiles-writer.ts';
import { REGION_AREA, STRASBOURG_AREA, strasbourgLayers } from './tiles/strasbourg-layers.ts';
import { worldLayers } from './tiles/world-layers.ts';

/**
 * Writes the two base maps into dist/. The world stops at zoom 7, where Natural Earth has no more to say; a viewer
 * enlarges it beneath the Strasbourg map, whose own tiles begin at zoom 8.
 */
const WORLD: TileArea = { minLon: -180, minLat: -85.05, maxLon: 180, maxLat: 85.05 };
const DIST = new URL('../dist/', import.meta.url);

function write(file: string, bytes: Uint8Array, tileCount: number): void {
  const path = fileURLToPath(new URL(file, DIST));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  console.log(`${file}: ${tileCount} tiles, ${Math.round(bytes.length / 1024)} KiB`);
}

function buildWorld(): void {
  const tiles = [
    ...cutTiles(worldLayers('110m'), WORLD, 0, 2),
    ...cutTiles(worldLayers('50m'), WORLD, 3, 4),
    ...cutTiles(worldLayers('10m'), WORLD, 5, 7),
  ];
  const layer = (id: string, fields: Record<string, string>) => ({ id, minzoom: 0, maxzoom: 7, fields });
  const info = {
    name: 'Temoin world',
    attribution: 'Natural Earth',
    layers: [
      layer('earth', { kind: 'String' }),
      layer('boundaries', { kind: 'String', kind_detail: 'Number' }),
      layer('places', { kind: 'String', name: 'String', rank: 'Number', min_zoom: 'Number' }),
    ],
    area: WORLD,
    minZoom: 0,
    maxZoom: 7,
    centre: { lon: 7.75, lat: 48.58, zoom: 4 },
  };
  write('world.pmtiles', writePmtiles(tiles, info), tiles.length);
}

function buildStrasbourg(): void {
  const layers = strasbourgLayers();
  const tiles = [...cutTiles(layers, REGION_AREA, 8, 12), ...cutTiles(layers, STRASBOURG_AREA, 13, 15)];
  const layer = (id: string, fields: Record<string, string>) => ({ id, minzoom: 8, maxzoom: 15, fields });
  const named = { kind: 'String', name: 'String', min_zoom: 'Number' };
  const info = {
    name: 'Temoin Strasbourg',
    attribution: 'Temoin, plan indicatif',
    layers: [
      layer('earth', { kind: 'String' }),
      layer('landuse', named),
      layer('water', named),
      layer('roads', { ...named, class: 'String', ref: 'String' }),
      layer('places', { ...named, rank: 'Number' }),
    ],
    area: REGION_AREA,
    minZoom: 8,
    maxZoom: 15,
    centre: { lon: 7.75, lat: 48.58, zoom: 13 },
  };
  write('strasbourg.pmtiles', writePmtiles(tiles, info), tiles.length);
}

buildWorld();
buildStrasbourg();
