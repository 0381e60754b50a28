'use client';

import { type Hole, unitsOf } from './chart-line';
import type { StackedPlot } from './chart-stack';
import styles from './chart-stack.module.css';
import type { TimeWindow } from './chart-window';
import { commonHoles, isTold, placeHoleWords, textWidthPx } from './common-holes';
import { CursorMarks, CursorValues } from './cursor-marks';
import { valueTicks } from './draw-plot';
import type { LinkedCursor } from './linked-cursor';
import { PlotCanvas } from './plot-canvas';
import type { Marked } from './use-chart-gestures';
import { tickDecimals } from './value-axis';

export interface ChartPanelProps {
  readonly plot: StackedPlot;
  readonly ranges: readonly (readonly [number, number])[];
  readonly window: TimeWindow;
  readonly timeTicks: readonly number[];
  readonly widthPx: number;
  readonly heightPx: number;
  readonly cursor: LinkedCursor;
  readonly marked: Marked | undefined;
  /** Holes that plots above have put into words. */
  readonly toldAbove: readonly Hole[];
  readonly formatValue: (value: number, decimals: number) => string;
  readonly wordsOfHole: (hole: Hole) => string;
}

const NARROW_PX = 440;

/** One plot with its title at upper left, values at the cursor at upper right, and value axes beside it. */
export function ChartPanel(props: ChartPanelProps) {
  const { plot, ranges, window, timeTicks, widthPx, heightPx, cursor, marked, formatValue } = props;
  const xOf = (at: number) => ((at - window.from) / (window.to - window.from)) * widthPx;
  const units = unitsOf(plot.lines);
  const isNarrow = widthPx < NARROW_PX;
  const valuesPx = plot.lines.length > 1 ? plot.lines.reduce((sum, line) => sum + textWidthPx(line.label) + 56, 0) : 70;
  const words = placeHoleWords(
    commonHoles(plot.lines).filter((hole) => !isTold(hole, props.toldAbove)),
    props.wordsOfHole,
    xOf,
    {
      leftPx: textWidthPx(plot.title + plot.note) + (plot.actions ? 64 : 24),
      // A narrow head takes two lines: no room above for words.
      rightPx: isNarrow ? 0 : widthPx - valuesPx,
      widthPx,
    },
  );
  return (
    <section className={styles.panel} aria-label={plot.title}>
      <header className={styles.head} data-narrow={(isNarrow && plot.lines.length > 1) || undefined}>
        <h2 className={styles.title}>{plot.title}</h2>
        <span className={styles.note}>{plot.note}</span>
        {plot.actions}
        <span className={styles.spacer} />
        <CursorValues cursor={cursor} window={window} lines={plot.lines} widthPx={widthPx} formatValue={formatValue} />
      </header>
      <div className={styles.plot} style={{ height: heightPx }}>
        <ValueAxis side="left" range={ranges[0]} heightPx={heightPx} formatValue={formatValue} />
        {units.length > 1 && <ValueAxis side="right" range={ranges[1]} heightPx={heightPx} formatValue={formatValue} />}
        <div className={styles.canvas} style={{ width: widthPx, height: heightPx }}>
          {widthPx > 0 && (
            <PlotCanvas
              lines={plot.lines}
              window={window}
              ranges={ranges}
              units={units}
              bands={plot.bands}
              timeTicks={timeTicks}
              widthPx={widthPx}
              heightPx={heightPx}
            />
          )}
          {plot.instead && <div className={styles.instead}>{plot.instead}</div>}
          {words.map((placed) => (
            <HoleWords
              key={placed.hole.from}
              placed={placed}
              left={xOf(placed.hole.from)}
              right={xOf(placed.hole.to)}
            />
          ))}
          {marked && <div className={styles.marked} style={markedStyle(marked, xOf)} />}
          <CursorMarks
            cursor={cursor}
            window={window}
            lines={plot.lines}
            ranges={ranges}
            units={units}
            widthPx={widthPx}
            heightPx={heightPx}
          />
        </div>
      </div>
    </section>
  );
}

const markedStyle = (marked: Marked, xOf: (at: number) => number) => {
  const left = Math.min(xOf(marked.from), xOf(marked.to));
  return { left, width: Math.abs(xOf(marked.to) - xOf(marked.from)) };
};

function HoleWords({
  placed,
  left,
  right,
}: {
  placed: ReturnType<typeof placeHoleWords>[number];
  left: number;
  right: number;
}) {
  return (
    <>
      {placed.place === 'above' && (
        <div className={styles.bracket} style={{ left, width: Math.max(right - left, 2) }} />
      )}
      <div className={styles.holeWords} data-place={placed.place} style={{ left: placed.centrePx }}>
        {placed.words}
      </div>
    </>
  );
}

interface ValueAxisProps {
  readonly side: 'left' | 'right';
  readonly range: readonly [number, number] | undefined;
  readonly heightPx: number;
  readonly formatValue: (value: number, decimals: number) => string;
}

function ValueAxis({ side, range, heightPx, formatValue }: ValueAxisProps) {
  if (!range) return null;
  const [min, max] = range;
  const ticks = valueTicks(min, max, heightPx);
  const decimals = tickDecimals(ticks);
  return (
    <div className={styles.valueAxis} data-side={side} aria-hidden="true">
      {ticks.map((value) => (
        <span key={value} style={{ top: (1 - (value - min) / (max - min)) * heightPx }}>
          {formatValue(value, decimals)}
        </span>
      ))}
    </div>
  );
}
