import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { zxyToTileId } from 'pmtiles';

/** One gzipped vector tile. */
export interface Tile {
  z: number;
  x: number;
  y: number;
  bytes: Uint8Array;
}

export interface TileArea {
  minLon: number;
  minLat: number;
  maxLon: number;
  maxLat: number;
}

export interface ArchiveInfo {
  name: string;
  attribution: string;
  layers: { id: string; minzoom: number; maxzoom: number; fields: Record<string, string> }[];
  area: TileArea;
  minZoom: number;
  maxZoom: number;
  centre: { lon: number; lat: number; zoom: number };
}

interface Entry {
  id: number;
  offset: number;
  length: number;
  run: number;
}

const HEADER_BYTES = 127;
const ROOT_LIMIT_BYTES = 16_384 - HEADER_BYTES;
const LEAF_ENTRIES = 2048;

/**
 * Writes a PMTiles 3 archive (github.com/protomaps/PMTiles, spec v3): one file that a browser reads by HTTP ranges.
 * Equal tiles are stored once and neighbouring equal ones share an entry, so oceans and plains cost nothing.
 */
export function writePmtiles(tiles: readonly Tile[], info: ArchiveInfo): Uint8Array {
  const { entries, data, contents } = layOut(tiles);
  const metadata = gzipSync(
    JSON.stringify({
      name: info.name,
      attribution: info.attribution,
      type: 'baselayer',
      version: '1',
      vector_layers: info.layers,
    }),
  );
  let root = directory(entries);
  let leaves: Uint8Array = new Uint8Array();
  if (root.length > ROOT_LIMIT_BYTES) ({ root, leaves } = splitDirectory(entries));
  if (root.length > ROOT_LIMIT_BYTES) throw new Error('the root directory does not fit the first 16 KiB');
  const header = headerOf(info, root.length, metadata.length, leaves.length, data.length, {
    addressed: tiles.length,
    entries: entries.length,
    contents,
  });
  return Buffer.concat([header, root, metadata, leaves, data]);
}

function layOut(tiles: readonly Tile[]): { entries: Entry[]; data: Uint8Array; contents: number } {
  const byId = tiles.map((tile) => ({ id: zxyToTileId(tile.z, tile.x, tile.y), bytes: tile.bytes }));
  byId.sort((a, b) => a.id - b.id);
  const places = new Map<string, { offset: number; length: number }>();
  const parts: Uint8Array[] = [];
  const entries: Entry[] = [];
  let size = 0;
  for (const { id, bytes } of byId) {
    const digest = createHash('sha256').update(bytes).digest('base64');
    let place = places.get(digest);
    if (!place) {
      place = { offset: size, length: bytes.length };
      places.set(digest, place);
      parts.push(bytes);
      size += bytes.length;
    }
    const last = entries[entries.length - 1];
    if (last && last.offset === place.offset && last.id + last.run === id) last.run++;
    else entries.push({ id, run: 1, ...place });
  }
  return { entries, data: Buffer.concat(parts), contents: places.size };
}

function splitDirectory(entries: readonly Entry[]): { root: Uint8Array; leaves: Uint8Array } {
  const parts: Uint8Array[] = [];
  const rootEntries: Entry[] = [];
  let offset = 0;
  for (let i = 0; i < entries.length; i += LEAF_ENTRIES) {
    const leaf = directory(entries.slice(i, i + LEAF_ENTRIES));
    rootEntries.push({ id: entries[i]!.id, offset, length: leaf.length, run: 0 });
    parts.push(leaf);
    offset += leaf.length;
  }
  return { root: directory(rootEntries), leaves: Buffer.concat(parts) };
}

function directory(entries: readonly Entry[]): Uint8Array {
  const bytes: number[] = [];
  varint(bytes, entries.length);
  let previousId = 0;
  for (const { id } of entries) {
    varint(bytes, id - previousId);
    previousId = id;
  }
  for (const { run } of entries) varint(bytes, run);
  for (const { length } of entries) varint(bytes, length);
  entries.forEach(({ offset }, i) => {
    const before = entries[i - 1];
    varint(bytes, before && offset === before.offset + before.length ? 0 : offset + 1);
  });
  return gzipSync(Uint8Array.from(bytes));
}

function varint(bytes: number[], value: number): void {
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  bytes.push(rest);
}

function headerOf(
  info: ArchiveInfo,
  rootLength: number,
  metadataLength: number,
  leavesLength: number,
  dataLength: number,
  counts: { addressed: number; entries: number; contents: number },
): Uint8Array {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('PMTiles', 0, 'latin1');
  header.writeUInt8(3, 7);
  let at = 8;
  let offset = HEADER_BYTES;
  for (const length of [rootLength, metadataLength, leavesLength, dataLength]) {
    at = header.writeBigUInt64LE(BigInt(offset), at);
    at = header.writeBigUInt64LE(BigInt(length), at);
    offset += length;
  }
  for (const count of [counts.addressed, counts.entries, counts.contents]) {
    at = header.writeBigUInt64LE(BigInt(count), at);
  }
  const [clustered, gzip, vectorTiles] = [1, 2, 1];
  for (const byte of [clustered, gzip, gzip, vectorTiles, info.minZoom, info.maxZoom]) at = header.writeUInt8(byte, at);
  const { area, centre } = info;
  for (const degrees of [area.minLon, area.minLat, area.maxLon, area.maxLat]) at = writeDegrees(header, degrees, at);
  at = header.writeUInt8(centre.zoom, at);
  at = writeDegrees(header, centre.lon, at);
  writeDegrees(header, centre.lat, at);
  return header;
}

function writeDegrees(header: Buffer, degrees: number, at: number): number {
  return header.writeInt32LE(Math.round(degrees * 1e7), at);
}
