/** Exact: one international mile is 1.609344 km. */
export const KM_PER_MILE = 1.609_344;
/** Exact: one knot is 1.852 km/h. */
export const KMH_PER_KNOT = 1.852;
/** Mean radius of the Earth (IUGG R1), in metres. */
export const EARTH_RADIUS_M = 6_371_008.8;

const RAD = Math.PI / 180;

/** Great-circle distance in metres (haversine) between two WGS84 positions in degrees. */
export function haversineM(latA: number, lonA: number, latB: number, lonB: number): number {
  const sinLat = Math.sin(((latB - latA) * RAD) / 2);
  const sinLon = Math.sin(((lonB - lonA) * RAD) / 2);
  const h = sinLat * sinLat + Math.cos(latA * RAD) * Math.cos(latB * RAD) * sinLon * sinLon;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(h)));
}
