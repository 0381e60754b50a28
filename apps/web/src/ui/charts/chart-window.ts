// The window of time that a chart shows, and how zooming and moving change it. Pure: gestures, keys and buttons all end here.

export interface TimeWindow {
  /** ms UTC */
  readonly from: number;
  readonly to: number;
}

/** Closer than this there is nothing to see: readings are a tenth of a second apart at best. */
export const SHORTEST_WINDOW_MS = 5_000;
/** Ten years; longer windows are a mistake in a date field. */
export const LONGEST_WINDOW_MS = 3_653 * 86_400_000;

export const lengthOf = (window: TimeWindow): number => window.to - window.from;

/** Scales the window by `factor` (< 1 = closer), keeping the instant `pivot` where it is. Whole milliseconds. */
export function zoomAbout(window: TimeWindow, pivot: number, factor: number): TimeWindow {
  const length = lengthOf(window);
  const wanted = Math.min(Math.max(length * factor, SHORTEST_WINDOW_MS), LONGEST_WINDOW_MS);
  const inside = Math.min(Math.max(pivot, window.from), window.to);
  const share = length > 0 ? (inside - window.from) / length : 0.5;
  const from = Math.round(inside - share * wanted);
  return { from, to: from + Math.round(wanted) };
}

/** Moves the window by a share of its own length (0.5 = half a window later). */
export function moveBy(window: TimeWindow, share: number): TimeWindow {
  const by = Math.round(lengthOf(window) * share);
  return { from: window.from + by, to: window.to + by };
}

/** The window between two instants in either order, at least `SHORTEST_WINDOW_MS` long. */
export function windowBetween(a: number, b: number): TimeWindow {
  const from = Math.round(Math.min(a, b));
  const to = Math.round(Math.max(a, b));
  if (to - from >= SHORTEST_WINDOW_MS) return { from, to };
  const middle = (from + to) / 2;
  return { from: Math.round(middle - SHORTEST_WINDOW_MS / 2), to: Math.round(middle + SHORTEST_WINDOW_MS / 2) };
}

/** The instant at a share of the window's width. */
export const instantAt = (window: TimeWindow, share: number): number => window.from + share * lengthOf(window);
