'use client';

import { useElementSize } from '@mantine/hooks';
import { type ReactNode, useMemo, useRef } from 'react';
import type { ChartLine, Hole } from './chart-line';
import { extremesOf, unitsOf } from './chart-line';
import { ChartPanel } from './chart-panel';
import styles from './chart-stack.module.css';
import type { TimeWindow } from './chart-window';
import { commonHoles } from './common-holes';
import { CursorTime } from './cursor-marks';
import type { Band } from './draw-plot';
import { valueTickCount } from './draw-plot';
import type { LinkedCursor } from './linked-cursor';
import { stepFor, tickLabel, ticksBetween } from './time-ticks';
import { useChartGestures } from './use-chart-gestures';
import { type AxisBounds, axisRange } from './value-axis';

export interface StackedPlot {
  readonly id: string;
  readonly title: string;
  /** Unit(s) and notes after the title, in grey. */
  readonly note: string;
  /** At most two units in all: the first is on the left axis, the second on the right one. */
  readonly lines: readonly ChartLine[];
  /** Typed ends, left axis then right axis. */
  readonly bounds: readonly AxisBounds[];
  readonly bands: readonly Band[];
  /** Buttons that belong to this plot. */
  readonly actions?: ReactNode;
  /** Shown in the plot's place while there is nothing to draw (loading, error, no reading). */
  readonly instead?: ReactNode;
}

export interface ChartStackProps {
  readonly plots: readonly StackedPlot[];
  readonly window: TimeWindow;
  readonly onWindow: (window: TimeWindow) => void;
  readonly onReset: () => void;
  readonly cursor: LinkedCursor;
  readonly heightPx: number;
  readonly localeTag: string;
  readonly timeZone: string;
  readonly formatValue: (value: number, decimals: number) => string;
  readonly wordsOfHole: (hole: Hole) => string;
  /** What the charts show, in words, and how they are used by keyboard. */
  readonly words: string;
}

const AXIS_PX = 48;
const NARROW_AXIS_PX = 38;

/** Plots above one another on one axis of time, with one cursor. */
export function ChartStack(props: ChartStackProps) {
  const { plots, window, cursor, heightPx, localeTag, timeZone } = props;
  const { ref: frame, width: frameWidth } = useElementSize();
  const area = useRef<HTMLDivElement>(null);
  const axisPx = frameWidth < 520 ? NARROW_AXIS_PX : AXIS_PX;
  const hasRight = plots.some((plot) => unitsOf(plot.lines).length > 1);
  const widthPx = Math.max(0, Math.floor(frameWidth - axisPx - (hasRight ? axisPx : 0)));

  const marked = useChartGestures(area, {
    window,
    onWindow: props.onWindow,
    onReset: props.onReset,
    cursor,
    instants: () => plots.find((plot) => plot.lines[0]?.at.length)?.lines[0]?.at ?? [],
  });

  const stepMs = stepFor(window.to - window.from, widthPx);
  const timeTicks = useMemo(
    () => ticksBetween(window.from, window.to, stepMs, timeZone),
    [window.from, window.to, stepMs, timeZone],
  );
  const xOf = (at: number) => ((at - window.from) / (window.to - window.from)) * widthPx;

  return (
    <div
      ref={frame}
      className={styles.stack}
      style={{ '--axis': `${axisPx}px`, '--axis-right': hasRight ? `${axisPx}px` : '0px' } as React.CSSProperties}
    >
      {plots.map((plot, index) => (
        <ChartPanel
          key={plot.id}
          plot={plot}
          ranges={rangesOf(plot, window, heightPx)}
          window={window}
          timeTicks={timeTicks}
          widthPx={widthPx}
          heightPx={heightPx}
          cursor={cursor}
          marked={marked}
          toldAbove={plots
            .slice(0, index)
            .flatMap((above) => commonHoles(above.lines))
            .sort(byStart)}
          formatValue={props.formatValue}
          wordsOfHole={props.wordsOfHole}
        />
      ))}
      <div className={styles.timeAxis} aria-hidden="true">
        {timeTicks.map((at) => (
          <span key={at} className={styles.timeTick} style={{ left: xOf(at) }} data-edge={edgeOf(xOf(at), widthPx)}>
            {tickLabel(at, stepMs, timeZone, localeTag)}
          </span>
        ))}
        <CursorTime cursor={cursor} window={window} widthPx={widthPx} timeZone={timeZone} localeTag={localeTag} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the plots are worked by keys; the words say how */}
      {/* biome-ignore lint/a11y/useSemanticElements: a group of drawings, not of fields */}
      <div ref={area} className={styles.gestures} tabIndex={0} role="group" aria-label={props.words} />
    </div>
  );
}

const byStart = (a: Hole, b: Hole) => a.from - b.from;

const edgeOf = (x: number, widthPx: number) => (x < 18 ? 'first' : x > widthPx - 18 ? 'last' : undefined);

function rangesOf(plot: StackedPlot, window: TimeWindow, heightPx: number): [number, number][] {
  return unitsOf(plot.lines).map((unit, side) => {
    const lines = plot.lines.filter((line) => line.unit === unit);
    const leastSpan = lines.reduce((least, line) => Math.max(least, line.leastSpan ?? 0), 0);
    return axisRange(
      extremesOf(lines, window.from, window.to),
      plot.bounds[side] ?? {},
      valueTickCount(heightPx),
      leastSpan,
    );
  });
}
