// Web Mercator in the unit square: (0, 0) is the north-west corner of the world, (1, 1) the south-east one. Times
// 256 · 2^zoom these are the pixels of a web map.

export interface UnitPoint {
  readonly x: number;
  readonly y: number;
}

const MAX_LATITUDE = 85.0511287798;

export function toUnit(lat: number, lon: number): UnitPoint {
  const sin = Math.sin((Math.max(-MAX_LATITUDE, Math.min(MAX_LATITUDE, lat)) * Math.PI) / 180);
  return { x: lon / 360 + 0.5, y: 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI) };
}

export const worldPx = (zoom: number): number => 256 * 2 ** zoom;

/** Pixels per metre on the ground at this latitude. */
export const pxPerMetre = (lat: number, zoom: number): number =>
  worldPx(zoom) / (40_075_016.686 * Math.cos((lat * Math.PI) / 180));
