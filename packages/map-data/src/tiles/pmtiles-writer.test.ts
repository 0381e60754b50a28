import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { PMTiles, type Source, tileIdToZxy } from 'pmtiles';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../geometry/random.ts';
import { type ArchiveInfo, writePmtiles } from './pmtiles-writer.ts';

const info: ArchiveInfo = {
  name: 'test',
  attribution: '© test',
  layers: [{ id: 'earth', minzoom: 0, maxzoom: 15, fields: {} }],
  area: { minLon: -180, minLat: -85, maxLon: 180, maxLat: 85 },
  minZoom: 0,
  maxZoom: 15,
  centre: { lon: 7.75, lat: 48.58, zoom: 12 },
};

function open(archive: Uint8Array): PMTiles {
  const source: Source = {
    getKey: () => 'memory',
    getBytes: async (offset, length) => ({ data: Uint8Array.from(archive.subarray(offset, offset + length)).buffer }),
  };
  return new PMTiles(source);
}

function tileAt(id: number, text: string) {
  const [z, x, y] = tileIdToZxy(id);
  return { z, x, y, bytes: gzipSync(text) };
}

async function textAt(archive: PMTiles, id: number): Promise<string | undefined> {
  const [z, x, y] = tileIdToZxy(id);
  const tile = await archive.getZxy(z, x, y);
  return tile && Buffer.from(tile.data).toString();
}

describe('a PMTiles archive', () => {
  it('gives every tile back and nothing for the others', async () => {
    const contents = fc.dictionary(fc.nat(5000).map(String), fc.constantFrom('sea', 'land', 'town'), { minKeys: 1 });
    await fc.assert(
      fc.asyncProperty(contents, async (byId) => {
        const archive = open(
          writePmtiles(
            Object.entries(byId).map(([id, text]) => tileAt(Number(id), text)),
            info,
          ),
        );
        for (const [id, text] of Object.entries(byId)) expect(await textAt(archive, Number(id))).toBe(text);
        for (const id of [0, 17, 4999]) expect(await textAt(archive, id)).toBe(byId[id]);
      }),
      { numRuns: 40 },
    );
  });

  it('splits a directory too big for the first 16 KiB into leaves', async () => {
    const random = createRandom('irregular enough that gzip cannot squeeze the directory');
    let id = 0;
    const ids = Array.from({ length: 20_000 }, () => (id += 1 + Math.floor(random() * 40)));
    const textOf = (tileId: number) => `tile ${tileId} `.repeat(1 + (tileId % 13)) + String(tileId * 7919);
    const tiles = ids.map((tileId) => tileAt(tileId, textOf(tileId)));
    const archive = open(writePmtiles(tiles, info));
    const header = await archive.getHeader();
    expect(header.leafDirectoryLength).toBeGreaterThan(0);
    for (const tileId of [ids[0]!, ids[2047]!, ids[2048]!, ids[19_999]!]) {
      expect(await textAt(archive, tileId)).toBe(textOf(tileId));
    }
  });

  it('describes itself', async () => {
    const archive = open(writePmtiles([tileAt(0, 'x')], info));
    expect(await archive.getHeader()).toMatchObject({ specVersion: 3, maxZoom: 15, centerZoom: 12, minLon: -180 });
    expect(await archive.getMetadata()).toMatchObject({ attribution: '© test', vector_layers: [{ id: 'earth' }] });
  });
});
