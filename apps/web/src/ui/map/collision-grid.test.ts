import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCollisionGrid, type Rect } from './collision-grid';

const rects = fc
  .tuple(
    fc.integer({ min: -200, max: 1500 }),
    fc.integer({ min: -200, max: 900 }),
    fc.integer({ min: 1, max: 180 }),
    fc.integer({ min: 1, max: 90 }),
  )
  .map(([x, y, width, height]): Rect => ({ minX: x, minY: y, maxX: x + width, maxY: y + height }));

const meet = (a: Rect, b: Rect) => a.minX < b.maxX && a.maxX > b.minX && a.minY < b.maxY && a.maxY > b.minY;

describe('collision grid', () => {
  it('answers as comparing every pair would', () => {
    fc.assert(
      fc.property(fc.array(rects, { maxLength: 30 }), rects, (placed, probe) => {
        const grid = createCollisionGrid<number>();
        for (const [index, rect] of placed.entries()) grid.add(rect, index);
        expect(grid.collides(probe)).toBe(placed.some((rect) => meet(rect, probe)));
      }),
    );
  });

  it('overlooks what it is told to', () => {
    const grid = createCollisionGrid<string>();
    grid.add({ minX: 0, minY: 0, maxX: 10, maxY: 10 }, 'own glyph');
    const label = { minX: 5, minY: 5, maxX: 50, maxY: 20 };
    expect(grid.collides(label)).toBe(true);
    expect(grid.collides(label, (item) => item === 'own glyph')).toBe(false);
  });

  it('finds what lies under a point, each thing once', () => {
    const grid = createCollisionGrid<string>();
    grid.add({ minX: 60, minY: 60, maxX: 70, maxY: 70 }, 'on a border of cells');
    expect(grid.at(65, 65, 4)).toEqual(['on a border of cells']);
    expect(grid.at(200, 65, 4)).toEqual([]);
  });
});
