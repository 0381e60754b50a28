// Which stretches of a completeness bar are drawn. Spans come in any number (one a batch at worst); a bar has a few hundred
// pixels, so neighbours of one kind that touch at that resolution become one, and what is missing never becomes too thin to see.

export type SegmentKind = 'received' | 'late' | 'missing';

export interface BarSpan {
  readonly from: number;
  readonly to: number;
  readonly kind: SegmentKind;
}

export interface BarSegment {
  readonly kind: SegmentKind;
  /** Shares of the bar's length, 0…1. */
  readonly left: number;
  readonly width: number;
}

/** Holes between spans of one kind that are shorter than this share of the bar are not drawn. */
const FINEST_SHARE = 0.001;
/** Least width by kind: a missing stretch must be seen. */
const LEAST_SHARE: Record<SegmentKind, number> = { received: 0.002, late: 0.003, missing: 0.006 };
/** Painted in this order: what is missing lies on top. */
const ORDER: readonly SegmentKind[] = ['received', 'late', 'missing'];

/** The segments of a bar from `from` to `to` (ms UTC), clipped to it, at most about a thousand a kind. */
export function barSegments(spans: readonly BarSpan[], from: number, to: number): BarSegment[] {
  const length = to - from;
  if (!(length > 0)) return [];
  return ORDER.flatMap((kind) => {
    const merged: { left: number; right: number }[] = [];
    const ofKind = spans
      .filter((span) => span.kind === kind && span.to >= from && span.from <= to)
      .sort((a, b) => a.from - b.from);
    for (const span of ofKind) {
      const left = Math.max(0, (span.from - from) / length);
      const right = Math.min(1, (span.to - from) / length);
      const last = merged.at(-1);
      if (last && left - last.right < FINEST_SHARE) last.right = Math.max(last.right, right);
      else merged.push({ left, right });
    }
    return merged.map(({ left, right }) => {
      const width = Math.min(1, Math.max(right - left, LEAST_SHARE[kind]));
      return { kind, left: Math.min(left, 1 - width), width };
    });
  });
}
