import type { Token } from '@/ui/theme/palette';
import type { ChartLine, Hole } from './chart-line';
import { axisTicks } from './value-axis';

// The drawing of one plot on a canvas, given the scales: grid, bands, holes, lines. Positions in CSS pixels.

export type PlotColours = (token: Token) => string;

export interface PlotBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Band {
  readonly from: number;
  readonly to: number;
}

const SERIES_TOKENS = [
  'series-1',
  'series-2',
  'series-3',
  'series-4',
  'series-5',
  'series-6',
  'series-7',
  'series-8',
] as const;

/** The token of a line's colour, 1–8. */
export const seriesToken = (colour: number): Token => SERIES_TOKENS[(((colour - 1) % 8) + 8) % 8]!;

/** Colours 5–6 and 7–8 are told apart by dashes as well; another period by finer ones. */
export function dashOf(line: Pick<ChartLine, 'colour' | 'overlay' | 'isAlone'>): number[] {
  if (line.overlay) return [2, 3];
  if (line.isAlone) return [];
  if (line.colour > 6) return [2, 3];
  return line.colour > 4 ? [6, 3] : [];
}

/** Hatches the holes over the grid: nothing is known there, so nothing else may show. `x` gives px from the left of the canvas. */
export function drawHoles(
  ctx: CanvasRenderingContext2D,
  box: PlotBox,
  holes: readonly Hole[],
  x: (at: number) => number,
  colour: PlotColours,
  scale: number,
) {
  for (const hole of holes) {
    const left = Math.max(x(hole.from), box.left);
    const right = Math.min(x(hole.to), box.left + box.width);
    if (right <= box.left || left >= box.left + box.width) continue;
    const width = Math.max(right - left, 2 * scale);
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, box.top, width, box.height);
    ctx.clip();
    ctx.fillStyle = colour('bg');
    ctx.fillRect(left, box.top, width, box.height);
    ctx.strokeStyle = colour('line');
    ctx.lineWidth = scale;
    ctx.beginPath();
    const step = 9 * scale;
    const first = Math.floor((left - box.height) / step) * step;
    for (let at = first; at < left + width; at += step) {
      ctx.moveTo(at, box.top + box.height);
      ctx.lineTo(at + box.height, box.top);
    }
    ctx.stroke();
    ctx.restore();
    if (width < 5 * scale) continue;
    ctx.save();
    ctx.strokeStyle = colour('ink3');
    ctx.lineWidth = scale;
    ctx.setLineDash([3 * scale, 3 * scale]);
    ctx.beginPath();
    for (const edge of [left, left + width]) {
      if (edge <= box.left + 1 || edge >= box.left + box.width - 1) continue;
      ctx.moveTo(Math.round(edge) + 0.5, box.top);
      ctx.lineTo(Math.round(edge) + 0.5, box.top + box.height);
    }
    ctx.stroke();
    ctx.restore();
  }
}

/** Soft bands where values are dangerous. `y` gives px from the top of the canvas. */
export function drawBands(
  ctx: CanvasRenderingContext2D,
  box: PlotBox,
  bands: readonly Band[],
  y: (value: number) => number,
  colour: PlotColours,
) {
  ctx.save();
  ctx.beginPath();
  ctx.rect(box.left, box.top, box.width, box.height);
  ctx.clip();
  ctx.fillStyle = colour('critical-soft');
  for (const band of bands) {
    const top = y(band.to);
    ctx.fillRect(box.left, top, box.width, y(band.from) - top);
  }
  ctx.restore();
}

/** How many value ticks a plot of this height takes. */
export const valueTickCount = (heightPx: number): number => Math.max(2, Math.round(heightPx / 48));

export const valueTicks = (min: number, max: number, heightPx: number): number[] =>
  axisTicks(min, max, valueTickCount(heightPx));
