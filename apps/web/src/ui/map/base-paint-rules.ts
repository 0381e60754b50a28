import { LineSymbolizer, type PaintRule, PolygonSymbolizer } from 'protomaps-leaflet';
import { PALETTE, type Scheme } from '@/ui/theme/palette';

// How the own base map is painted: land, built-up ground, parks, water, then railways, then roads from small to large, all
// casings of a rank below its fills so that crossings look joined. Widths in CSS pixels by zoom.

/** Names of the two tile files as sources of one layer. */
export const WORLD = 'world';
export const AREA = 'area';
/** From this zoom on the detailed area is drawn, the world's own coarse lines stop. */
export const AREA_FROM_ZOOM = 8;

type Kind = 'motorway' | 'major_road' | 'medium_road' | 'minor_road';

/** Straight lines between stops of [zoom, px]; flat outside. */
export function byZoom(stops: readonly (readonly [number, number])[]): (zoom: number) => number {
  return (zoom) => {
    const after = stops.findIndex(([at]) => at >= zoom);
    if (after === 0) return stops[0]?.[1] ?? 0;
    if (after < 0) return stops.at(-1)?.[1] ?? 0;
    const [z0, w0] = stops[after - 1] ?? [0, 0];
    const [z1, w1] = stops[after] ?? [1, 0];
    // Widths double with each zoom like the ground does, so the steps between are geometric.
    return w0 <= 0 ? w1 : w0 * (w1 / w0) ** ((zoom - z0) / (z1 - z0));
  };
}

export const ROAD_WIDTH: Readonly<Record<Kind, (zoom: number) => number>> = {
  motorway: byZoom([
    [8, 1.2],
    [11, 3],
    [13, 5.6],
    [15, 9],
    [18, 26],
  ]),
  major_road: byZoom([
    [9, 0.9],
    [11, 2],
    [13, 4.2],
    [15, 8],
    [18, 26],
  ]),
  medium_road: byZoom([
    [11, 1.2],
    [13, 3],
    [15, 6.5],
    [18, 22],
  ]),
  minor_road: byZoom([
    [12, 0.7],
    [13, 1.4],
    [15, 4.2],
    [18, 17],
  ]),
};
const FROM_ZOOM: Readonly<Record<Kind, number>> = { motorway: 7, major_road: 9, medium_road: 11, minor_road: 12 };
/** Below this zoom a road is too slim for an edge. */
const CASING_FROM_ZOOM: Readonly<Record<Kind, number>> = {
  motorway: 10,
  major_road: 12,
  medium_road: 13,
  minor_road: 14,
};

const isKind = (kind: string) => (_zoom: number, feature: { props: Record<string, unknown> }) =>
  feature.props.kind === kind;
const isOneOf = (kinds: readonly string[]) => (_zoom: number, feature: { props: Record<string, unknown> }) =>
  kinds.includes(String(feature.props.kind));
const isTunnel = (feature: { props: Record<string, unknown> }) => feature.props.tunnel === true;

const URBAN = ['urban_area', 'residential', 'urban', 'built_up', 'industrial', 'commercial', 'port'];
const GREEN = ['park', 'forest', 'wood', 'grass', 'nature_reserve', 'cemetery', 'garden', 'meadow'];

/** Paint rules of the base map in the map colours of `scheme`. */
export function basePaintRules(scheme: Scheme): PaintRule[] {
  const color = PALETTE[scheme];
  const fill = (dataSource: string, dataLayer: string, paint: string, more: Partial<PaintRule> = {}): PaintRule => ({
    dataSource,
    dataLayer,
    symbolizer: new PolygonSymbolizer({ fill: paint }),
    ...more,
  });
  const casing = (kind: Kind): PaintRule => ({
    dataSource: AREA,
    dataLayer: 'roads',
    minzoom: CASING_FROM_ZOOM[kind],
    filter: isKind(kind),
    symbolizer: new LineSymbolizer({
      color: kind === 'motorway' ? color['map-motorway-casing'] : color['map-casing'],
      width: (zoom: number) => ROAD_WIDTH[kind](zoom) + (kind === 'minor_road' ? 1.2 : 2),
      lineCap: 'round',
      lineJoin: 'round',
    }),
  });
  const surface = (kind: Kind): PaintRule => ({
    dataSource: AREA,
    dataLayer: 'roads',
    minzoom: FROM_ZOOM[kind],
    filter: (zoom, feature) => isKind(kind)(zoom, feature) && !isTunnel(feature),
    symbolizer: new LineSymbolizer({
      color:
        kind === 'motorway' ? color['map-motorway'] : kind === 'minor_road' ? color['map-minor'] : color['map-main'],
      width: ROAD_WIDTH[kind],
      lineCap: 'round',
      lineJoin: 'round',
    }),
  });
  return [
    fill(WORLD, 'earth', color['map-land']),
    fill(WORLD, 'landuse', color['map-urban'], { filter: isOneOf(URBAN), maxzoom: AREA_FROM_ZOOM + 3 }),
    fill(WORLD, 'water', color['map-water'], {
      filter: (_zoom, feature) => feature.geomType === 3,
      symbolizer: new PolygonSymbolizer({ fill: color['map-water'] }),
    }),
    {
      dataSource: WORLD,
      dataLayer: 'water',
      filter: (_zoom, feature) => feature.geomType === 2,
      maxzoom: AREA_FROM_ZOOM + 2,
      symbolizer: new LineSymbolizer({
        color: color['map-water'],
        width: byZoom([
          [3, 0.5],
          [6, 1],
          [10, 2],
        ]),
      }),
    },
    fill(AREA, 'earth', color['map-land']),
    fill(AREA, 'landuse', color['map-urban'], { filter: isOneOf(URBAN) }),
    fill(AREA, 'landuse', color['map-park'], { filter: isOneOf(GREEN) }),
    fill(AREA, 'water', color['map-water'], { filter: (_zoom, feature) => feature.geomType === 3 }),
    {
      dataSource: AREA,
      dataLayer: 'water',
      filter: (_zoom, feature) => feature.geomType === 2,
      symbolizer: new LineSymbolizer({
        color: color['map-water'],
        width: byZoom([
          [9, 1],
          [13, 2.5],
          [16, 8],
        ]),
        lineCap: 'round',
        lineJoin: 'round',
      }),
    },
    ...boundaryRules(color['map-label']),
    {
      dataSource: AREA,
      dataLayer: 'roads',
      minzoom: 11,
      filter: isKind('rail'),
      symbolizer: new LineSymbolizer({
        color: scheme === 'light' ? '#C3C8C6' : '#2A3236',
        width: byZoom([
          [11, 0.8],
          [14, 1.6],
          [17, 2.4],
        ]),
        dash: [5, 3],
      }),
    },
    casing('minor_road'),
    surface('minor_road'),
    casing('medium_road'),
    surface('medium_road'),
    casing('major_road'),
    surface('major_road'),
    casing('motorway'),
    surface('motorway'),
  ];
}

function boundaryRules(color: string): PaintRule[] {
  const symbolizer = new LineSymbolizer({
    color,
    opacity: 0.45,
    width: byZoom([
      [2, 0.5],
      [6, 0.9],
      [10, 1.2],
    ]),
    dash: [4, 3],
  });
  return [
    { dataSource: WORLD, dataLayer: 'boundaries', maxzoom: 12, symbolizer },
    { dataSource: AREA, dataLayer: 'boundaries', minzoom: 13, symbolizer },
  ];
}
