import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BarSpan, barSegments } from './ledger-segments';

describe('barSegments', () => {
  it('merges spans that touch and keeps those apart that do not', () => {
    const minute = (n: number, kind: BarSpan['kind'] = 'received') => ({
      from: n * 60_000,
      to: (n + 1) * 60_000,
      kind,
    });
    const day = 86_400_000;
    expect(barSegments([minute(0), minute(1), minute(2)], 0, day)).toHaveLength(1);
    expect(barSegments([minute(0), minute(60)], 0, day)).toHaveLength(2);
    expect(barSegments([minute(0), minute(1, 'late')], 0, day).map((s) => s.kind)).toEqual(['received', 'late']);
  });

  it('paints what is missing last and never thinner than can be seen', () => {
    const segments = barSegments(
      [
        { from: 500, to: 501, kind: 'missing' },
        { from: 0, to: 1000, kind: 'received' },
      ],
      0,
      86_400_000,
    );
    expect(segments.at(-1)?.kind).toBe('missing');
    expect(segments.at(-1)!.width).toBeGreaterThanOrEqual(0.006);
  });

  it('clips to the bar, whatever comes', () => {
    const span = fc.record({
      from: fc.integer({ min: -1000, max: 2000 }),
      to: fc.integer({ min: -1000, max: 3000 }),
      kind: fc.constantFrom('received' as const, 'late' as const, 'missing' as const),
    });
    void fc.assert(
      fc.property(fc.array(span), (spans) => {
        const upright = spans.filter((s) => s.to >= s.from);
        for (const segment of barSegments(upright, 0, 1000)) {
          expect(segment.left).toBeGreaterThanOrEqual(0);
          expect(segment.left + segment.width).toBeLessThanOrEqual(1 + 1e-9);
        }
      }),
    );
    expect(barSegments([{ from: 0, to: 1, kind: 'received' }], 5, 5)).toEqual([]);
  });
});
