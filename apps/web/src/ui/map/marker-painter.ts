import type { VehicleState } from '@temoin/shared/vehicles';
import { CHEVRON, STATE_SHAPES } from '@/ui/state-shapes';
import { FONT_SANS } from '@/ui/theme/fonts';
import { PALETTE, type Scheme } from '@/ui/theme/palette';
import type { Rect } from './collision-grid';

// How vehicles and groups of them are drawn on a canvas over a map: the shapes of lists with a casing of 2 px, so that they
// stand out on any ground. Shapes are rendered once per state, scheme and pixel ratio, then stamped.

const GLYPH_PX = 20;
const SPRITE_PX = 36;
const CASING_PX = 2;
const PLATE_FONT = `600 12px ${FONT_SANS}`;
const PLATE_HEIGHT = 19;
const RING_PX = 38;

const sprites = new Map<string, HTMLCanvasElement>();
const paths = new Map<string, Path2D>();

function pathOf(data: string): Path2D {
  let path = paths.get(data);
  if (!path) {
    path = new Path2D(data);
    paths.set(data, path);
  }
  return path;
}

function spriteOf(state: VehicleState, { scheme, ratio, isMuted = false }: Brush, sizePx: number): HTMLCanvasElement {
  const key = `${state} ${scheme} ${ratio} ${sizePx} ${isMuted}`;
  const known = sprites.get(key);
  if (known) return known;
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = Math.ceil(SPRITE_PX * ratio);
  const ctx = canvas.getContext('2d');
  if (ctx) {
    const scale = sizePx / 24;
    ctx.setTransform(ratio * scale, 0, 0, ratio * scale, canvas.width / 2, canvas.height / 2);
    ctx.lineJoin = 'round';
    ctx.lineCap = 'round';
    paintShape(ctx, state, scheme, CASING_PX / scale, isMuted);
  }
  sprites.set(key, canvas);
  return canvas;
}

function paintShape(
  ctx: CanvasRenderingContext2D,
  state: VehicleState,
  scheme: Scheme,
  casing: number,
  isMuted: boolean,
): void {
  const palette = PALETTE[scheme];
  const color = isMuted ? palette.control : palette[`state-${state}`];
  const shape = STATE_SHAPES[state];
  if (shape.body) {
    const body = pathOf(shape.body);
    ctx.strokeStyle = palette.surface;
    ctx.lineWidth = casing * 2 + 0.8;
    ctx.stroke(body);
    ctx.fillStyle = color;
    ctx.fill(body);
    ctx.strokeStyle = color;
    ctx.lineWidth = 0.8;
    ctx.stroke(body);
  }
  if (shape.line) {
    const line = pathOf(shape.line.path);
    // A hollow ring is filled with surface, or streets would run through it.
    ctx.fillStyle = palette.surface;
    ctx.fill(line);
    ctx.strokeStyle = palette.surface;
    ctx.lineWidth = shape.line.width + casing * 2;
    ctx.stroke(line);
    ctx.save();
    ctx.lineCap = 'butt';
    ctx.setLineDash([...(shape.line.dash ?? [])]);
    ctx.strokeStyle = color;
    ctx.lineWidth = shape.line.width;
    ctx.stroke(line);
    ctx.restore();
  }
  if (shape.mark) {
    ctx.strokeStyle = shape.body ? palette.surface : color;
    ctx.lineWidth = shape.mark.width;
    ctx.stroke(pathOf(shape.mark.path));
  }
}

export interface Brush {
  readonly ctx: CanvasRenderingContext2D;
  readonly scheme: Scheme;
  /** Device pixels per CSS pixel; the context is already scaled by it. */
  readonly ratio: number;
  /** Grey: what is drawn is a copy from before, not what is now. */
  readonly isMuted?: boolean;
}

/** A vehicle's glyph with its casing, centred on (x, y). `headingDeg` turns the arrow. */
export function paintGlyph(
  brush: Brush,
  x: number,
  y: number,
  state: VehicleState,
  headingDeg: number,
  sizePx = GLYPH_PX,
): void {
  const { ctx, ratio } = brush;
  const sprite = spriteOf(state, brush, sizePx);
  const side = sprite.width / ratio;
  if (!STATE_SHAPES[state].turns) {
    ctx.drawImage(sprite, x - side / 2, y - side / 2, side, side);
    return;
  }
  ctx.save();
  ctx.translate(x, y);
  ctx.rotate((headingDeg * Math.PI) / 180);
  ctx.drawImage(sprite, -side / 2, -side / 2, side, side);
  ctx.restore();
}

/** A small chevron outside a moving alarm's triangle, towards where it heads. */
export function paintChevron({ ctx, scheme }: Brush, x: number, y: number, headingDeg: number): void {
  ctx.save();
  ctx.translate(x, y);
  ctx.rotate((headingDeg * Math.PI) / 180);
  ctx.scale(GLYPH_PX / 24, GLYPH_PX / 24);
  ctx.lineCap = 'round';
  ctx.lineJoin = 'round';
  ctx.strokeStyle = PALETTE[scheme].surface;
  ctx.lineWidth = 5.6;
  ctx.stroke(pathOf(CHEVRON));
  ctx.strokeStyle = PALETTE[scheme]['state-alarm'];
  ctx.lineWidth = 2.6;
  ctx.stroke(pathOf(CHEVRON));
  ctx.restore();
}

/** The still halo of an alarm. */
export function paintHalo({ ctx, scheme }: Brush, x: number, y: number): void {
  const color = PALETTE[scheme]['state-alarm'];
  ctx.beginPath();
  ctx.arc(x, y, RING_PX / 2, 0, 2 * Math.PI);
  ctx.fillStyle = `${color}33`;
  ctx.fill();
  ctx.lineWidth = 1;
  ctx.strokeStyle = `${color}99`;
  ctx.stroke();
}

/** The ring of the chosen vehicle, filled with surface. */
export function paintRing({ ctx, scheme }: Brush, x: number, y: number): void {
  ctx.beginPath();
  ctx.arc(x, y, RING_PX / 2 - 1, 0, 2 * Math.PI);
  ctx.fillStyle = PALETTE[scheme].surface;
  ctx.fill();
  ctx.lineWidth = 2.2;
  ctx.strokeStyle = PALETTE[scheme].ink;
  ctx.stroke();
}

/** A thin ring under the pointer or the keyboard's choice in the list. */
export function paintHover({ ctx, scheme }: Brush, x: number, y: number): void {
  ctx.beginPath();
  ctx.arc(x, y, 16, 0, 2 * Math.PI);
  ctx.lineWidth = 1.6;
  ctx.strokeStyle = PALETTE[scheme].accent;
  ctx.stroke();
}

/** Dashed circle of what is known about a stale position. */
export function paintStale({ ctx, scheme }: Brush, x: number, y: number, radiusPx: number): void {
  const color = PALETTE[scheme]['state-silent'];
  ctx.beginPath();
  ctx.arc(x, y, radiusPx, 0, 2 * Math.PI);
  ctx.fillStyle = `${color}1F`;
  ctx.fill();
  ctx.save();
  ctx.setLineDash([4, 3]);
  ctx.lineWidth = 1.2;
  ctx.strokeStyle = color;
  ctx.stroke();
  ctx.restore();
}

const plateWidths = new Map<string, number>();

/** Where a plate's box sits when its top edge is `belowPx` under (x, y). */
export function plateRect({ ctx }: Brush, x: number, y: number, text: string, belowPx: number): Rect {
  let width = plateWidths.get(text);
  if (width === undefined) {
    ctx.font = PLATE_FONT;
    width = Math.ceil(ctx.measureText(text).width) + 16;
    if (plateWidths.size > 20_000) plateWidths.clear();
    plateWidths.set(text, width);
  }
  const left = Math.round(x - width / 2);
  const top = Math.round(y + belowPx);
  return { minX: left, minY: top, maxX: left + width, maxY: top + PLATE_HEIGHT };
}

/** The same box beside the mark: to the right when `sidePx` is positive, else to the left. */
export const plateBeside = (rect: Rect, x: number, y: number, sidePx: number): Rect => {
  const width = rect.maxX - rect.minX;
  const left = Math.round(sidePx > 0 ? x + sidePx : x + sidePx - width);
  const top = Math.round(y - PLATE_HEIGHT / 2);
  return { minX: left, minY: top, maxX: left + width, maxY: top + PLATE_HEIGHT };
};

/** A plate in its box; the chosen vehicle's is of ink. */
export function paintPlate({ ctx, scheme }: Brush, rect: Rect, text: string, isChosen: boolean): void {
  const palette = PALETTE[scheme];
  const width = rect.maxX - rect.minX;
  ctx.beginPath();
  ctx.roundRect(rect.minX, rect.minY, width, PLATE_HEIGHT, 4);
  ctx.fillStyle = isChosen ? palette.ink : palette.surface;
  ctx.fill();
  if (!isChosen) {
    ctx.lineWidth = 1;
    ctx.strokeStyle = palette.line;
    ctx.stroke();
  }
  ctx.font = PLATE_FONT;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'alphabetic';
  ctx.fillStyle = isChosen ? palette.surface : palette.ink;
  ctx.fillText(text, rect.minX + width / 2, rect.minY + 13.6);
}

/** Forgets measured widths, once the real font has arrived. */
export const forgetMeasures = (): void => plateWidths.clear();
