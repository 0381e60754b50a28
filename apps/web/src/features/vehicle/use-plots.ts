'use client';
import { useDebouncedValue } from '@mantine/hooks';
import { useQueries, useQueryClient } from '@tanstack/react-query';
import type { MetricSeries, SeriesReply } from '@temoin/shared/history';
import { METRICS, type MetricKey } from '@temoin/shared/metrics';
import { useMemo, useRef, useState } from 'react';
import { extendSeries } from '@/lib/history/extend-series';
import { seriesQuery } from '@/lib/history/get-series';
import { earlier, reaches } from '@/lib/history/period';
import { localTimeZone } from '@/lib/history/zoned-time';
import type { TimeWindow } from '@/ui/charts/chart-window';
import type { PlotChoice } from './plot-choice';
import type { ReadingStream } from './reading-stream';
import { useSame } from './use-same';
import { useTail } from './use-track';

// The data of all charts of a page. While a window follows the newest data it is asked for now and then; in between the lines
// grow with what the socket brings. While somebody zooms, nothing is asked until the window rests.

export type Comparison = 0 | 1 | 7;

export interface PlotData {
  readonly series: readonly MetricSeries[];
  /** The same metrics of the period before, already moved onto this one. */
  readonly overlay: readonly MetricSeries[];
  readonly isPending: boolean;
  readonly error: unknown;
  readonly retry: () => void;
}

const RESTS_AFTER_MS = 180;
const ASK_AGAIN_AFTER_MS = 60_000;
const LEAST_BETWEEN_ASKS_MS = 15_000;

interface PlotsInput {
  readonly vehicleId: string;
  readonly plots: readonly PlotChoice[];
  readonly window: TimeWindow;
  readonly isFollowing: boolean;
  readonly newest: number;
  readonly compareDays: Comparison;
  readonly stream: ReadingStream;
}

export function usePlots({
  vehicleId,
  plots,
  window,
  isFollowing,
  newest,
  compareDays,
  stream,
}: PlotsInput): readonly PlotData[] {
  const zone = localTimeZone();
  const queries = useQueryClient();
  const [again] = useState(() => () => void queries.invalidateQueries({ queryKey: ['series', vehicleId] }));
  const tail = useTail(stream, again);
  const resting = useRestingWindow(window, isFollowing);
  const isGrowing = reaches(window, newest);
  const before = compareDays === 0 ? undefined : earlier(resting, compareDays, zone);

  const results = useQueries({
    queries: plots.map((plot) => ({
      ...seriesQuery(vehicleId, plot.metrics, resting.from, resting.to),
      refetchInterval: isGrowing ? ASK_AGAIN_AFTER_MS : (false as const),
    })),
  });
  const overlays = useQueries({
    queries: before ? plots.map((plot) => seriesQuery(vehicleId, plot.metrics, before.from, before.to)) : [],
  });

  const data = useSame(results.map((result) => result.data));
  const overlayData = useSame(overlays.map((result) => result.data));
  const grown = useGrownSeries(data, plots, tail, window);
  const shiftMs = before ? resting.from - before.from : 0;
  const shiftedData = useMemo(
    () => plots.map((plot, i) => shifted(overlayData[i], plot.metrics, shiftMs)),
    [overlayData, plots, shiftMs],
  );
  return plots.map((_, i) => ({
    series: grown[i] ?? [],
    overlay: before ? (shiftedData[i] ?? []) : [],
    isPending: results[i]?.isPending ?? true,
    error: results[i]?.data ? undefined : (results[i]?.error ?? undefined),
    retry: () => void results[i]?.refetch(),
  }));
}

/** The window to ask the server for: the one shown once it rests; a following one moves in steps, not every second. */
function useRestingWindow(window: TimeWindow, isFollowing: boolean): TimeWindow {
  const asked = useRef({ window, at: 0, length: 0 });
  const [rested] = useDebouncedValue(window, RESTS_AFTER_MS);
  if (!isFollowing) {
    asked.current = { window: rested, at: 0, length: 0 };
    return rested;
  }
  const length = window.to - window.from;
  const moved = Math.abs(window.to - asked.current.window.to);
  const isOther = asked.current.length !== length || moved > length;
  const isDue =
    moved > Math.max(ASK_AGAIN_AFTER_MS, length / 60) && Date.now() - asked.current.at > LEAST_BETWEEN_ASKS_MS;
  if (isOther || isDue) asked.current = { window, at: Date.now(), length };
  return asked.current.window;
}

function useGrownSeries(
  data: readonly (SeriesReply | undefined)[],
  plots: readonly PlotChoice[],
  tail: ReturnType<typeof useTail>,
  window: TimeWindow,
): readonly (readonly MetricSeries[])[] {
  const end = Math.floor(window.to / 1000);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the end counts by whole seconds, and only the end moves
  return useMemo(
    () =>
      plots.map((plot, i) => {
        const fresh = tail.filter((reading) => reading.at <= window.to + 2_000);
        return inOrder(data[i], plot.metrics).map((series) => extendSeries(series, fresh, window.from));
      }),
    [data, plots, tail, end],
  );
}

const inOrder = (reply: SeriesReply | undefined, metrics: readonly MetricKey[]): MetricSeries[] =>
  metrics.map((metric) => reply?.series.find((one) => one.metric === metric)).filter((one) => one !== undefined);

const shifted = (reply: SeriesReply | undefined, metrics: readonly MetricKey[], byMs: number): MetricSeries[] =>
  inOrder(reply, metrics).map((series) => ({
    ...series,
    at: series.at.map((at) => at + byMs),
    gaps: series.gaps.map((gap) => ({ from: gap.from + byMs, to: gap.to + byMs })),
  }));

/** How many readings are behind what is shown, and how many points are drawn, of the richest line. */
export function countsOf(all: readonly PlotData[]): { readonly readings: number; readonly points: number } {
  const series = all.flatMap((one) => one.series);
  const richest = series.reduce<MetricSeries | undefined>(
    (best, one) => (one.readings > (best?.readings ?? -1) ? one : best),
    undefined,
  );
  return { readings: richest?.readings ?? 0, points: richest?.at.length ?? 0 };
}

export const joinOf = (metric: MetricKey): 'line' | 'step' => (METRICS[metric].kind === 'number' ? 'line' : 'step');
