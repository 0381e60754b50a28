import {
  CenteredTextSymbolizer,
  type Feature,
  type Label,
  type LabelRule,
  type LabelSymbolizer,
  type Layout,
  LineLabelPlacement,
  LineLabelSymbolizer,
} from 'protomaps-leaflet';
import { FONT_SANS } from '@/ui/theme/fonts';
import { PALETTE, type Scheme } from '@/ui/theme/palette';
import { AREA, AREA_FROM_ZOOM, byZoom, WORLD } from './base-paint-rules';

// Names on the base map, most important first: what comes earlier takes the room. All in the type of the app.

type Geometry = Parameters<LabelSymbolizer['place']>[1];

const isKind =
  (...kinds: readonly string[]) =>
  (_zoom: number, feature: Feature) =>
    kinds.includes(String(feature.props.kind));

const SHIELD_EVERY_PX = 240;
const SHIELD_FONT = `600 12px ${FONT_SANS}`;

/** The number of a road in a small box, upright, every 240 px or so along the road. */
class RoadShield implements LabelSymbolizer {
  readonly #ground: string;
  readonly #edge: string;
  readonly #ink: string;

  constructor(ground: string, edge: string, ink: string) {
    this.#ground = ground;
    this.#edge = edge;
    this.#ink = ink;
  }

  place(layout: Layout, geometry: Geometry, feature: Feature): Label[] | undefined {
    const ref = feature.props.ref;
    if (typeof ref !== 'string' || !ref) return undefined;
    layout.scratch.font = SHIELD_FONT;
    const halfWidth = layout.scratch.measureText(ref).width / 2 + 6;
    const halfHeight = 9;
    const draw = (ctx: CanvasRenderingContext2D) => {
      ctx.globalAlpha = 1;
      ctx.beginPath();
      ctx.roundRect(-halfWidth, -halfHeight, 2 * halfWidth, 2 * halfHeight, 3);
      ctx.fillStyle = this.#ground;
      ctx.fill();
      ctx.lineWidth = 1;
      ctx.strokeStyle = this.#edge;
      ctx.stroke();
      ctx.font = SHIELD_FONT;
      ctx.fillStyle = this.#ink;
      ctx.textAlign = 'center';
      ctx.fillText(ref, 0, 4.5);
    };
    return pointsAlong(geometry, SHIELD_EVERY_PX).map((anchor) => ({
      anchor,
      bboxes: [
        {
          minX: anchor.x - halfWidth - 3,
          minY: anchor.y - halfHeight - 3,
          maxX: anchor.x + halfWidth + 3,
          maxY: anchor.y + halfHeight + 3,
        },
      ],
      draw,
      deduplicationKey: `shield ${ref}`,
      deduplicationDistance: SHIELD_EVERY_PX,
    }));
  }
}

/** Points in the middle of each stretch of about `everyPx` along the lines. */
function pointsAlong(lines: Geometry, everyPx: number): Geometry[number] {
  const found: Geometry[number] = [];
  for (const line of lines) {
    let next = everyPx / 2;
    let walked = 0;
    for (let i = 1; i < line.length; i += 1) {
      const from = line[i - 1]!;
      const to = line[i]!;
      const length = Math.hypot(to.x - from.x, to.y - from.y);
      for (; next <= walked + length; next += everyPx) {
        const part = length === 0 ? 0 : (next - walked) / length;
        const point = from.clone();
        point.x = from.x + (to.x - from.x) * part;
        point.y = from.y + (to.y - from.y) * part;
        found.push(point);
      }
      walked += length;
    }
  }
  return found;
}

const byRank = (a: Record<string, unknown>, b: Record<string, unknown>) => Number(a.rank ?? 9) - Number(b.rank ?? 9);

/** Label rules of the base map in the map colours of `scheme`. */
export function baseLabelRules(scheme: Scheme): LabelRule[] {
  const color = PALETTE[scheme];
  const name = (font: {
    size: (zoom: number) => number;
    weight: number;
    fill?: string;
    italic?: boolean;
    maxLineChars?: number;
  }) =>
    new CenteredTextSymbolizer({
      labelProps: ['name'],
      fontFamily: FONT_SANS,
      fontSize: font.size,
      fontWeight: font.weight,
      ...(font.italic ? { fontStyle: 'italic' } : {}),
      fill: font.fill ?? color['map-label'],
      stroke: color['map-halo'],
      width: 2,
      lineHeight: 1.45,
      maxLineChars: font.maxLineChars ?? 18,
    });
  const alongLine = (size: number, fill: string, italic: boolean, position: LineLabelPlacement) =>
    new LineLabelSymbolizer({
      labelProps: ['name'],
      font: `${italic ? 'italic ' : ''}400 ${size}px ${FONT_SANS}`,
      fill,
      stroke: color['map-halo'],
      width: italic ? 0 : 3,
      position,
      repeatDistance: 420,
    });
  const placesOf = (
    dataSource: string,
    kinds: readonly string[],
    minzoom: number,
    maxzoom: number | undefined,
    symbolizer: LabelSymbolizer,
  ): LabelRule => ({
    dataSource,
    dataLayer: 'places',
    minzoom,
    ...(maxzoom === undefined ? {} : { maxzoom }),
    filter: isKind(...kinds),
    sort: byRank,
    symbolizer,
  });
  const parkInk = scheme === 'light' ? '#4C6650' : '#7F9A86';
  return [
    placesOf(
      AREA,
      ['city'],
      AREA_FROM_ZOOM,
      15,
      name({
        size: byZoom([
          [8, 14],
          [13, 19],
          [15, 22],
        ]),
        weight: 600,
      }),
    ),
    placesOf(
      AREA,
      ['town'],
      11,
      15,
      name({
        size: byZoom([
          [11, 12],
          [13, 14.5],
          [15, 17],
        ]),
        weight: 500,
      }),
    ),
    {
      dataSource: AREA,
      dataLayer: 'roads',
      minzoom: 10,
      filter: isKind('motorway'),
      symbolizer: new RoadShield(color.surface, color.control, color.ink2),
    },
    {
      dataSource: AREA,
      dataLayer: 'roads',
      minzoom: 12,
      filter: isKind('major_road'),
      symbolizer: new RoadShield(color.surface, color.control, color.ink2),
    },
    {
      dataSource: AREA,
      dataLayer: 'water',
      minzoom: 11,
      filter: isKind('river'),
      symbolizer: alongLine(14, color['map-water-label'], true, LineLabelPlacement.Center),
    },
    placesOf(
      AREA,
      ['village', 'suburb'],
      12,
      16,
      name({
        size: byZoom([
          [12, 12],
          [15, 15],
        ]),
        weight: 400,
      }),
    ),
    placesOf(
      AREA,
      ['quarter', 'neighbourhood'],
      13,
      undefined,
      name({
        size: byZoom([
          [13, 12],
          [16, 14],
        ]),
        weight: 400,
      }),
    ),
    placesOf(
      AREA,
      ['park'],
      13,
      undefined,
      name({
        size: byZoom([
          [13, 12],
          [16, 13],
        ]),
        weight: 400,
        fill: parkInk,
      }),
    ),
    {
      dataSource: AREA,
      dataLayer: 'roads',
      minzoom: 14,
      filter: isKind('major_road'),
      symbolizer: alongLine(12, color['map-label'], false, LineLabelPlacement.Center),
    },
    {
      dataSource: AREA,
      dataLayer: 'roads',
      minzoom: 14,
      filter: isKind('medium_road'),
      symbolizer: alongLine(12, color['map-label'], false, LineLabelPlacement.Center),
    },
    {
      dataSource: AREA,
      dataLayer: 'roads',
      minzoom: 15,
      filter: isKind('minor_road'),
      symbolizer: alongLine(12, color['map-label'], false, LineLabelPlacement.Center),
    },
    {
      dataSource: AREA,
      dataLayer: 'water',
      minzoom: 12,
      filter: isKind('canal', 'stream', 'dock', 'lake'),
      symbolizer: alongLine(12, color['map-water-label'], true, LineLabelPlacement.Center),
    },
    placesOf(
      WORLD,
      ['country'],
      2,
      7,
      name({
        size: byZoom([
          [2, 11],
          [6, 15],
        ]),
        weight: 500,
      }),
    ),
    placesOf(
      WORLD,
      ['city', 'town', 'locality'],
      4,
      12,
      name({
        size: byZoom([
          [4, 11],
          [8, 14],
        ]),
        weight: 400,
      }),
    ),
    {
      dataSource: WORLD,
      dataLayer: 'water',
      minzoom: 3,
      filter: isKind('ocean', 'sea', 'lake'),
      symbolizer: name({
        size: byZoom([
          [3, 11],
          [7, 13],
        ]),
        weight: 400,
        italic: true,
        fill: color['map-water-label'],
      }),
    },
  ];
}
