/** How a road is drawn and what it is for; the words are also the `kind` in the map tiles. */
export type RoadClass = 'motorway' | 'major_road' | 'medium_road' | 'minor_road';

/** A point as [latitude, longitude] in degrees (WGS 84). */
export type LatLon = [number, number];

/** One road as drawn by hand or generated; where lines of one level meet, the road graph joins them. */
export interface RoadLine {
  name: string;
  ref?: string;
  class: RoadClass;
  speedLimitKmh: number;
  /** 0 = on the ground, 1 = carried over or under everything else (motorways), joined only at interchanges. */
  level: 0 | 1;
  quarter?: string;
  points: LatLon[];
}

/** Parses "lat lon, lat lon, …" in degrees; a compact way to keep hundreds of hand-placed points readable. */
export function path(text: string): LatLon[] {
  return text.split(',').map((pair) => {
    const [lat, lon] = pair.trim().split(/\s+/).map(Number);
    if (lat === undefined || lon === undefined || Number.isNaN(lat + lon)) throw new Error(`bad point "${pair}"`);
    return [lat, lon];
  });
}

function road(roadClass: RoadClass, level: 0 | 1) {
  return (name: string, speedLimitKmh: number, points: string, ref?: string): RoadLine => ({
    name,
    class: roadClass,
    speedLimitKmh,
    level,
    points: path(points),
    ...(ref === undefined ? {} : { ref }),
  });
}

export const motorway = road('motorway', 1);
export const major = road('major_road', 0);
export const medium = road('medium_road', 0);
export const minor = road('minor_road', 0);
