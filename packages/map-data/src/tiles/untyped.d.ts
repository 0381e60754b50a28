/** Shapes of the two libraries that bring no types, as far as they are used here. */
declare module 'vt-pbf' {
  export function fromGeojsonVt(
    layers: Record<string, { features: unknown[] }>,
    options: { version: number; extent: number },
  ): Uint8Array;
}

declare module 'topojson-client' {
  interface Topology {
    objects: Record<string, unknown>;
  }
  export function feature(topology: Topology, object: unknown): import('./cut-tiles.ts').MapGeoJson;
  export function mesh(
    topology: Topology,
    object: unknown,
    filter?: (a: unknown, b: unknown) => boolean,
  ): import('./cut-tiles.ts').MapGeometry;
}
