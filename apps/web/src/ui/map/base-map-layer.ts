import type L from 'leaflet';
import type { LabelRule, LeafletLayerOptions, PaintRule } from 'protomaps-leaflet';
import { PALETTE, type Scheme } from '@/ui/theme/palette';
import { AREA, WORLD } from './base-paint-rules';

// The own base map: two tile files of this site, the world in outline and the simulator's area in detail. It needs no other
// server, so it is there without a network, and it lies beneath whatever raster tiles the operator has chosen.

interface TileFile {
  readonly url: string;
  readonly maxZoom: number;
}

const HEADER_BYTES = 127;
const MAX_ZOOM_AT = 101;

/** Reads the head of a PMTiles v3 file; undefined when it is absent or something else. */
async function findTileFile(url: string): Promise<TileFile | undefined> {
  try {
    const response = await fetch(url, {
      headers: { range: `bytes=0-${HEADER_BYTES - 1}` },
      signal: AbortSignal.timeout(10_000),
    });
    if (response.status !== 206) return undefined;
    const head = new Uint8Array(await response.arrayBuffer());
    const isPmtiles3 = new TextDecoder().decode(head.subarray(0, 7)) === 'PMTiles' && head[7] === 3;
    return isPmtiles3 ? { url, maxZoom: head[MAX_ZOOM_AT] ?? 0 } : undefined;
  } catch {
    return undefined;
  }
}

/** What protomaps-leaflet's layer offers beyond a grid layer; its types say only "any". */
interface VectorLayer extends L.GridLayer {
  paintRules: PaintRule[];
  labelRules: LabelRule[];
  backgroundColor: string;
  clearLayout(): void;
  rerenderTiles(): void;
}

export interface BaseMapLayer {
  readonly layer: L.GridLayer;
  /** Repaints in the colours of the other scheme. */
  setScheme(scheme: Scheme): void;
}

/** Builds the base map layer for `pane`; undefined if this site has no tile files. */
export async function createBaseMapLayer(
  leaflet: typeof L,
  scheme: Scheme,
  language: string,
  pane: string,
): Promise<BaseMapLayer | undefined> {
  const [world, area] = await Promise.all([
    findTileFile('/basemap/world.pmtiles'),
    findTileFile('/basemap/strasbourg.pmtiles'),
  ]);
  const sources: NonNullable<LeafletLayerOptions['sources']> = {};
  if (world) sources[WORLD] = { url: world.url, maxDataZoom: world.maxZoom };
  if (area) sources[AREA] = { url: area.url, maxDataZoom: area.maxZoom };
  if (Object.keys(sources).length === 0) return undefined;
  // protomaps-leaflet expects Leaflet as a global.
  (globalThis as { L?: typeof L }).L = leaflet;
  const [{ leafletLayer }, { basePaintRules }, { baseLabelRules }] = await Promise.all([
    import('protomaps-leaflet'),
    import('./base-paint-rules'),
    import('./base-label-rules'),
  ]);
  const fontsReady = document.fonts
    .load('400 14px "IBM Plex Sans Variable"')
    .then(() => ({ status: 'ok', reason: new Error() }));
  const layer = leafletLayer({
    sources,
    pane,
    attribution: '',
    lang: language,
    maxZoom: 19,
    backgroundColor: PALETTE[scheme]['map-water'],
    paintRules: basePaintRules(scheme),
    labelRules: baseLabelRules(scheme),
    tasks: [fontsReady],
  } as LeafletLayerOptions) as unknown as VectorLayer;
  return {
    layer,
    setScheme(next) {
      layer.backgroundColor = PALETTE[next]['map-water'];
      layer.paintRules = basePaintRules(next);
      layer.labelRules = baseLabelRules(next);
      layer.clearLayout();
      layer.rerenderTiles();
    },
  };
}
