import type { VehicleState } from '@temoin/shared/vehicles';
import { STATE_SHAPES } from './state-shapes';

interface StateGlyphProps {
  readonly state: VehicleState;
  /** 12 in text, 16 in lists, 20 on maps, 24 in heads; px. */
  readonly size?: number;
  /** Where the arrow points, degrees from north; 45 without one, as in the legend. */
  readonly headingDeg?: number | undefined;
  /** Grey, for what is only a copy of before. */
  readonly muted?: boolean;
  /** Name for screen readers; leave out beside words that say the same. */
  readonly label?: string;
}

/** A vehicle's state as shape and colour. */
export function StateGlyph({ state, size = 16, headingDeg, muted = false, label }: StateGlyphProps) {
  const shape = STATE_SHAPES[state];
  const color = muted ? 'var(--control)' : `var(--state-${state})`;
  const turn = shape.turns ? `rotate(${headingDeg ?? 45})` : undefined;
  const drawing = (
    <svg
      width={size}
      height={size}
      viewBox="-12 -12 24 24"
      overflow="visible"
      fill="none"
      strokeLinecap="round"
      strokeLinejoin="round"
      style={{ flex: 'none', display: 'block' }}
      aria-hidden
    >
      <g transform={turn}>
        {shape.body && <path d={shape.body} fill={color} stroke={color} strokeWidth={0.8} />}
        {shape.line && (
          <path
            d={shape.line.path}
            stroke={color}
            strokeWidth={shape.line.width}
            strokeLinecap="butt"
            strokeDasharray={shape.line.dash?.join(' ')}
          />
        )}
        {shape.mark && (
          <path d={shape.mark.path} stroke={shape.body ? 'var(--surface)' : color} strokeWidth={shape.mark.width} />
        )}
      </g>
    </svg>
  );
  if (label === undefined) return drawing;
  return (
    <>
      {drawing}
      <span className="visually-hidden">{label}</span>
    </>
  );
}
