import type L from 'leaflet';

// A marker that glides between fixes for at most a second and then stands: where the vehicle is between fixes beyond that is
// not known, so it is never drawn ahead of its last fix.

const GLIDE_MS = 900;
/** Farther than this it jumps: a glide over kilometres would draw a way that nobody drove. */
const FARTHEST_GLIDE_DEG = 0.01;

export interface GlidingMarker {
  readonly element: HTMLElement;
  moveTo(lat: number, lon: number, glide: boolean): void;
  remove(): void;
}

/** Puts an empty element on the map, centred on its place; what it looks like is the caller's. */
export function createGlidingMarker(leaflet: typeof L, map: L.Map, zIndexOffset: number): GlidingMarker {
  const element = document.createElement('div');
  const icon = leaflet.divIcon({ className: '', html: element, iconSize: [0, 0] });
  const marker = leaflet.marker([0, 0], { icon, interactive: false, keyboard: false, zIndexOffset });
  let frame = 0;
  let shown = false;
  return {
    element,
    moveTo(lat, lon, glide) {
      cancelAnimationFrame(frame);
      const from = marker.getLatLng();
      const isFar = Math.abs(from.lat - lat) > FARTHEST_GLIDE_DEG || Math.abs(from.lng - lon) > FARTHEST_GLIDE_DEG;
      if (!shown || isFar || !glide) {
        marker.setLatLng([lat, lon]);
        if (!shown) marker.addTo(map);
        shown = true;
        return;
      }
      const startAt = performance.now();
      const step = (now: number) => {
        const share = Math.min(1, (now - startAt) / GLIDE_MS);
        marker.setLatLng([from.lat + (lat - from.lat) * share, from.lng + (lon - from.lng) * share]);
        if (share < 1) frame = requestAnimationFrame(step);
      };
      frame = requestAnimationFrame(step);
    },
    remove() {
      cancelAnimationFrame(frame);
      marker.remove();
      shown = false;
    },
  };
}
