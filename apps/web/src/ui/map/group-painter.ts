import type { VehicleState } from '@temoin/shared/vehicles';
import { FONT_SANS } from '@/ui/theme/fonts';
import { PALETTE } from '@/ui/theme/palette';
import type { Rect } from './collision-grid';
import { type Brush, paintGlyph } from './marker-painter';

export type StateCounts = Readonly<Record<VehicleState, number>>;

const FONT = `600 14px ${FONT_SANS}`;
const HEIGHT = 30;
/** Order of the shares in the bar: what moves first, as in the counts above the list. */
const SHARES: readonly VehicleState[] = ['alarm', 'moving', 'idling', 'parked', 'silent'];

/** A group of vehicles: count, a thin bar of state shares, and a small triangle if it holds an alarm. Returns its box. */
export function paintGroup(brush: Brush, x: number, y: number, counts: StateCounts, countText: string): Rect {
  const { ctx, scheme } = brush;
  const palette = PALETTE[scheme];
  ctx.font = FONT;
  const width = Math.max(40, Math.ceil(ctx.measureText(countText).width) + 24);
  const left = Math.round(x - width / 2);
  const top = Math.round(y - HEIGHT / 2);
  ctx.beginPath();
  ctx.roundRect(left, top, width, HEIGHT, 8);
  ctx.fillStyle = palette.surface;
  ctx.fill();
  ctx.lineWidth = 1.2;
  ctx.strokeStyle = palette.control;
  ctx.stroke();
  ctx.fillStyle = palette.ink;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'alphabetic';
  ctx.fillText(countText, left + width / 2, top + 17.5);
  paintShares(brush, left + 6, top + 21.5, width - 12, counts);
  if (counts.alarm > 0) paintGlyph(brush, left + width - 2, top + 1, 'alarm', 0, 15);
  return { minX: left, minY: top, maxX: left + width, maxY: top + HEIGHT };
}

function paintShares({ ctx, scheme }: Brush, left: number, top: number, width: number, counts: StateCounts): void {
  const palette = PALETTE[scheme];
  const present = SHARES.filter((state) => counts[state] > 0);
  const total = present.reduce((sum, state) => sum + counts[state], 0);
  const room = width - (present.length - 1);
  let x = left;
  for (const state of present) {
    const share = Math.max(2, (room * counts[state]) / total);
    if (state === 'silent') {
      ctx.lineWidth = 0.8;
      ctx.strokeStyle = palette['state-silent'];
      ctx.strokeRect(x + 0.4, top + 0.4, Math.max(1.2, share - 0.8), 3.2);
    } else {
      ctx.fillStyle = palette[`state-${state}`];
      ctx.fillRect(x, top, share, 4);
    }
    x += share + 1;
  }
}
