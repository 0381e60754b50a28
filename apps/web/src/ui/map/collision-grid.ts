// Where something is already drawn, in cells of the screen, so that a label can find out quickly whether there is room,
// and a click what lies under it.

export interface Rect {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

const CELL_PX = 64;

export interface CollisionGrid<T> {
  add(rect: Rect, item: T): void;
  /** Whether `rect` meets anything but what `except` says to overlook. */
  collides(rect: Rect, except?: (item: T) => boolean): boolean;
  /** Everything whose rectangle holds the point, within `slackPx`. */
  at(x: number, y: number, slackPx: number): T[];
}

/** A grid for one frame; cheap to build anew. */
export function createCollisionGrid<T>(): CollisionGrid<T> {
  const cells = new Map<number, { rect: Rect; item: T }[]>();
  const keyOf = (column: number, row: number) => row * 4096 + column;
  const forEachCell = (rect: Rect, visit: (key: number) => boolean) => {
    for (let row = Math.floor(rect.minY / CELL_PX); row <= Math.floor(rect.maxY / CELL_PX); row += 1)
      for (let column = Math.floor(rect.minX / CELL_PX); column <= Math.floor(rect.maxX / CELL_PX); column += 1)
        if (visit(keyOf(column, row))) return true;
    return false;
  };
  const meets = (a: Rect, b: Rect) => a.minX < b.maxX && a.maxX > b.minX && a.minY < b.maxY && a.maxY > b.minY;
  return {
    add(rect, item) {
      forEachCell(rect, (key) => {
        const cell = cells.get(key);
        if (cell) cell.push({ rect, item });
        else cells.set(key, [{ rect, item }]);
        return false;
      });
    },
    collides(rect, except) {
      return forEachCell(
        rect,
        (key) => cells.get(key)?.some((other) => meets(rect, other.rect) && !except?.(other.item)) ?? false,
      );
    },
    at(x, y, slackPx) {
      const point = { minX: x - slackPx, minY: y - slackPx, maxX: x + slackPx, maxY: y + slackPx };
      const found = new Set<T>();
      forEachCell(point, (key) => {
        for (const other of cells.get(key) ?? []) if (meets(point, other.rect)) found.add(other.item);
        return false;
      });
      return [...found];
    },
  };
}
