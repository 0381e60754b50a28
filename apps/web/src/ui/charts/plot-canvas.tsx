'use client';

import { useEffect, useRef, useState } from 'react';
import type uPlot from 'uplot';
import { useStore } from 'zustand';
import { preferences } from '@/lib/preferences';
import { PALETTE } from '@/ui/theme/palette';
import { alignLines, type ChartLine } from './chart-line';
import type { TimeWindow } from './chart-window';
import { commonHoles } from './common-holes';
import { type Band, dashOf, drawBands, drawHoles, type PlotColours, seriesToken, valueTicks } from './draw-plot';
import 'uplot/dist/uPlot.min.css';

// One plot on a uPlot canvas: grid, bands, holes and lines. Axis labels, cursor, words and gestures lie over it as HTML, so
// this one only draws. uPlot (and nothing else here) is loaded when the first chart is shown.

export interface PlotCanvasProps {
  readonly lines: readonly ChartLine[];
  readonly window: TimeWindow;
  /** Left, and right when the lines have two units. */
  readonly ranges: readonly (readonly [number, number])[];
  /** Unit of each range; a line is drawn on the range of its unit. */
  readonly units: readonly string[];
  readonly bands: readonly Band[];
  readonly timeTicks: readonly number[];
  readonly widthPx: number;
  readonly heightPx: number;
}

let loading: Promise<typeof uPlot> | undefined;

const load = (): Promise<typeof uPlot> => {
  loading ??= import('uplot').then(
    (module) => module.default,
    (error: unknown) => {
      // The next chart tries again: a chunk may have been missed on a bad connection.
      loading = undefined;
      throw error;
    },
  );
  return loading;
};

const scaleOf = (props: PlotCanvasProps, line: ChartLine): string =>
  props.units.indexOf(line.unit) === 1 ? 'y1' : 'y0';

/** What uPlot cannot change once made; when it differs, the plot is made anew. */
const shapeOf = (props: PlotCanvasProps): string =>
  JSON.stringify(props.lines.map((line) => [line.id, line.colour, line.join, line.overlay, scaleOf(props, line)]));

function optionsOf(latest: { readonly current: PlotCanvasProps }, UPlot: typeof uPlot): uPlot.Options {
  const colour: PlotColours = (token) => PALETTE[preferences.getState().scheme][token];
  const hairline = { show: true, stroke: () => colour('line'), width: 1 };
  const none = { show: false };
  const range = (side: 0 | 1) => (): uPlot.Range.MinMax => [
    ...(latest.current.ranges[side] ?? latest.current.ranges[0] ?? [0, 1]),
  ];
  return {
    width: latest.current.widthPx,
    height: latest.current.heightPx,
    ms: 1,
    pxAlign: 1,
    padding: [1, 0, 1, 0],
    legend: none,
    cursor: none,
    select: { show: false, left: 0, top: 0, width: 0, height: 0 },
    scales: {
      x: { time: false, range: () => [latest.current.window.from, latest.current.window.to] },
      y0: { range: range(0) },
      y1: { range: range(1) },
    },
    axes: [
      {
        scale: 'x',
        size: 0,
        gap: 0,
        ticks: none,
        grid: hairline,
        splits: () => [...latest.current.timeTicks],
        values: (_, all) => all.map(() => ''),
      },
      {
        scale: 'y0',
        size: 0,
        gap: 0,
        ticks: none,
        grid: hairline,
        splits: (_, __, min, max) => valueTicks(min, max, latest.current.heightPx),
        values: (_, all) => all.map(() => ''),
      },
    ],
    series: [
      {},
      ...latest.current.lines.map(
        (line): uPlot.Series => ({
          scale: scaleOf(latest.current, line),
          stroke: () => colour(seriesToken(line.colour)),
          width: line.overlay ? 1.25 : 1.75,
          dash: dashOf(line),
          points: { show: (u, i) => isSparse(u, i), size: 4 },
          spanGaps: false,
          ...(line.join === 'step' && UPlot.paths.stepped ? { paths: UPlot.paths.stepped({ align: 1 }) } : {}),
        }),
      ),
    ],
    hooks: {
      drawAxes: [
        (u) => {
          const box = { left: u.bbox.left, top: u.bbox.top, width: u.bbox.width, height: u.bbox.height };
          drawBands(u.ctx, box, latest.current.bands, (value) => u.valToPos(value, 'y0', true), colour);
          const holes = commonHoles(latest.current.lines);
          drawHoles(u.ctx, box, holes, (at) => u.valToPos(at, 'x', true), colour, UPlot.pxRatio);
        },
      ],
    },
  };
}

/** Single points between two holes would draw no line at all: then points are shown. */
function isSparse(u: uPlot, series: number): boolean {
  const column = u.data[series] ?? [];
  let count = 0;
  for (const value of column) if (typeof value === 'number' && ++count > 40) return false;
  return count > 0;
}

/** The canvas of one plot; redraws when data, window, size or colours change. */
export function PlotCanvas(props: PlotCanvasProps) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const [made, setMade] = useState(0);
  const scheme = useStore(preferences, (state) => state.scheme);
  const shape = shapeOf(props);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the plot is made anew only when its shape changes; the rest is read from `latest`
  useEffect(() => {
    let gone = false;
    load().then(
      (UPlot) => {
        if (gone || !host.current) return;
        plot.current = new UPlot(
          optionsOf(latest, UPlot),
          alignLines(latest.current.lines) as uPlot.AlignedData,
          host.current,
        );
        setMade((n) => n + 1);
      },
      () => undefined,
    );
    return () => {
      gone = true;
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [shape]);

  const { lines, window, ranges, timeTicks, bands, widthPx, heightPx } = props;
  const drawn = useRef<readonly ChartLine[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: everything listed is drawn, though read from `latest`
  useEffect(() => {
    const u = plot.current;
    if (!u) return;
    if (u.width !== widthPx || u.height !== heightPx) u.setSize({ width: widthPx, height: heightPx });
    if (drawn.current !== lines || u.data.length !== lines.length + 1) {
      drawn.current = lines;
      u.setData(alignLines(lines) as uPlot.AlignedData);
    } else u.setScale('x', { min: window.from, max: window.to });
    u.redraw(true, true);
  }, [made, lines, window.from, window.to, JSON.stringify(ranges), timeTicks, bands, widthPx, heightPx, scheme]);

  return <div ref={host} aria-hidden="true" style={{ width: widthPx, height: heightPx }} />;
}
