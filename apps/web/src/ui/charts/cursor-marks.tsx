'use client';

import { useSyncExternalStore } from 'react';
import { type ChartLine, pointNear } from './chart-line';
import styles from './chart-stack.module.css';
import { lengthOf, type TimeWindow } from './chart-window';
import { seriesToken } from './draw-plot';
import type { LinkedCursor } from './linked-cursor';
import { cursorLabel } from './time-ticks';

// What moves with the cursor: line, dots, values, the time. Kept apart and small, because it renders with every pointer move.

/** A value counts as "at the cursor" within this many pixels, and at least within two seconds. */
const TOLERANCE_PX = 12;
const LEAST_TOLERANCE_MS = 2_000;

/** The instant of the linked cursor, re-rendering when it moves. */
export const useCursorAt = (cursor: LinkedCursor): number | undefined =>
  useSyncExternalStore(cursor.subscribe, cursor.get, () => undefined);

const isInside = (at: number | undefined, window: TimeWindow): at is number =>
  at !== undefined && at >= window.from && at <= window.to;

const toleranceMs = (window: TimeWindow, widthPx: number) =>
  Math.max((lengthOf(window) / Math.max(widthPx, 1)) * TOLERANCE_PX, LEAST_TOLERANCE_MS);

interface CursorProps {
  readonly cursor: LinkedCursor;
  readonly window: TimeWindow;
  readonly lines: readonly ChartLine[];
  readonly widthPx: number;
}

interface MarksProps extends CursorProps {
  readonly ranges: readonly (readonly [number, number])[];
  readonly units: readonly string[];
  readonly heightPx: number;
}

/** The vertical line and a dot on every line that has a value there. */
export function CursorMarks({ cursor, window, lines, ranges, units, widthPx, heightPx }: MarksProps) {
  const at = useCursorAt(cursor);
  if (!isInside(at, window)) return null;
  const xOf = (instant: number) => ((instant - window.from) / lengthOf(window)) * widthPx;
  return (
    <>
      <div className={styles.cursorLine} style={{ left: xOf(at) }} />
      {lines.map((line) => {
        const point = pointNear(line, at, toleranceMs(window, widthPx));
        const [min, max] = ranges[Math.max(0, units.indexOf(line.unit))] ?? [0, 1];
        if (!point || point.value < min || point.value > max) return null;
        const left = line.join === 'step' ? xOf(at) : xOf(point.at);
        const top = (1 - (point.value - min) / (max - min)) * heightPx;
        return (
          <div
            key={line.id}
            className={styles.cursorDot}
            style={{ left, top, background: `var(--${seriesToken(line.colour)})` }}
          />
        );
      })}
    </>
  );
}

interface ValuesProps extends CursorProps {
  readonly formatValue: (value: number, decimals: number) => string;
}

/** Values at the cursor; with several lines each keeps its label, so that colour alone never tells them apart. */
export function CursorValues({ cursor, window, lines, widthPx, formatValue }: ValuesProps) {
  const at = useCursorAt(cursor);
  const several = lines.length > 1;
  return (
    <span className={styles.values}>
      {lines.map((line) => {
        const point = isInside(at, window) ? pointNear(line, at, toleranceMs(window, widthPx)) : undefined;
        if (!several && !point) return null;
        return (
          <span
            key={line.id}
            className={styles.valueAtCursor}
            style={several ? { color: `var(--${seriesToken(line.colour)})` } : undefined}
          >
            {several && (
              <i
                className={styles.sample}
                data-overlay={line.overlay || undefined}
                data-colour={line.isAlone ? undefined : line.colour}
                aria-hidden="true"
              />
            )}
            {several && line.label}
            {several && point && ' '}
            {point && formatValue(point.value, line.decimals)}
          </span>
        );
      })}
    </span>
  );
}

interface TimeProps {
  readonly cursor: LinkedCursor;
  readonly window: TimeWindow;
  readonly widthPx: number;
  readonly timeZone: string;
  readonly localeTag: string;
}

/** The instant under the cursor, on the axis of time. */
export function CursorTime({ cursor, window, widthPx, timeZone, localeTag }: TimeProps) {
  const at = useCursorAt(cursor);
  if (!isInside(at, window)) return null;
  const text = cursorLabel(at, lengthOf(window), timeZone, localeTag);
  const half = text.length * 3.8 + 10;
  const x = ((at - window.from) / lengthOf(window)) * widthPx;
  return (
    <span className={styles.cursorTime} style={{ left: Math.min(Math.max(x, half), Math.max(widthPx - half, half)) }}>
      {text}
    </span>
  );
}
