import type L from 'leaflet';
import type { Scheme } from '@/ui/theme/palette';
import { createBaseMapLayer } from './base-map-layer';
import './map.css';

// A Leaflet map with our ground: own vector base in its own pane at the bottom, the operator's raster tiles (if any) above,
// and everything of ours on top. When raster tiles fail, they are taken away and the own base is what is seen.

export interface MapOptions {
  readonly scheme: Scheme;
  readonly language: string;
  readonly center: readonly [lat: number, lon: number];
  readonly zoom: number;
  /** Glides and zoom animations; false for people who asked for less motion. */
  readonly animate?: boolean;
}

export type GroundKind = 'own' | 'tiles';

export interface TemoinMap {
  readonly leaflet: typeof L;
  readonly map: L.Map;
  setScheme(scheme: Scheme): void;
  /** Lays the operator's raster tiles over the own base. */
  setTiles(url: string, attribution: string): void;
  /** Shows the raster tiles or only the own base; `tiles` does nothing when none are configured. */
  setGround(ground: GroundKind): void;
  destroy(): void;
}

/** After this many failed tiles without one that came, the tile server counts as away. */
const TILE_ERRORS_UNTIL_AWAY = 4;

/** Makes a map in `container`, which must have a size. Leaflet and the base map are loaded on first use. */
export async function createMap(container: HTMLElement, options: MapOptions): Promise<TemoinMap> {
  const leaflet = (await import('leaflet')).default;
  const map = leaflet.map(container, {
    center: [options.center[0], options.center[1]],
    zoom: options.zoom,
    minZoom: 2,
    maxZoom: 18,
    zoomControl: false,
    attributionControl: false,
    worldCopyJump: true,
    keyboard: true,
    fadeAnimation: false,
    zoomAnimation: options.animate ?? true,
    markerZoomAnimation: options.animate ?? true,
    inertia: options.animate ?? true,
  });
  leaflet.control.attribution({ position: 'bottomright', prefix: false }).addTo(map);
  const basePane = map.createPane('base');
  basePane.style.zIndex = '150';
  basePane.style.pointerEvents = 'none';

  let scheme = options.scheme;
  let isGone = false;
  let base: Awaited<ReturnType<typeof createBaseMapLayer>>;
  void createBaseMapLayer(leaflet, scheme, options.language, 'base').then((made) => {
    if (isGone || !made) return;
    base = made;
    if (scheme !== options.scheme) base.setScheme(scheme);
    base.layer.addTo(map);
  });

  let tiles: ReturnType<typeof createTiles> | undefined;

  return {
    leaflet,
    map,
    setScheme(next) {
      if (next === scheme) return;
      scheme = next;
      base?.setScheme(next);
    },
    setTiles(url, attribution) {
      tiles?.forget();
      tiles = createTiles(leaflet, map, url, attribution);
    },
    setGround(ground) {
      tiles?.show(ground === 'tiles');
    },
    destroy() {
      isGone = true;
      tiles?.forget();
      map.remove();
    },
  };
}

/** The operator's raster tiles; they leave by themselves while their server does not answer. */
function createTiles(leaflet: typeof L, map: L.Map, url: string, attribution: string) {
  const layer = leaflet.tileLayer(url, {
    attribution,
    maxZoom: 19,
    className: 'temoin-raster',
    // OpenStreetMap's servers refuse requests that do not say from which page they come.
    referrerPolicy: 'strict-origin-when-cross-origin',
  });
  let errorsInARow = 0;
  let isWanted = true;
  layer.on('tileload', () => {
    errorsInARow = 0;
  });
  layer.on('tileerror', () => {
    errorsInARow += 1;
    if (errorsInARow >= TILE_ERRORS_UNTIL_AWAY) layer.remove();
  });
  const tryAgain = () => {
    errorsInARow = 0;
    if (isWanted) layer.addTo(map);
  };
  window.addEventListener('online', tryAgain);
  layer.addTo(map);
  return {
    show(isShown: boolean) {
      isWanted = isShown;
      if (isShown) tryAgain();
      else layer.remove();
    },
    forget() {
      window.removeEventListener('online', tryAgain);
      layer.remove();
    },
  };
}
