import * as z from 'zod';
import { METRIC_KEYS, type MetricKey } from '../metrics/index.ts';

export { createOdometer, distanceKm, GAP_MS, type Moving } from './distance.ts';

const metricKey = z.enum(METRIC_KEYS as unknown as [MetricKey, ...MetricKey[]]);

/** Most points a chart gets; the server chooses them so that no minimum or maximum is lost. */
export const MAX_CHART_POINTS = 1000;

/** `GET /v1/vehicles/:id/series?metrics=rpm,obdSpeedKmh&from=…&to=…&points=1000`; times in ms UTC. */
export const SeriesQuery = z.object({
  metrics: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(metricKey).min(1).max(8)),
  from: z.coerce.number().int(),
  to: z.coerce.number().int(),
  points: z.coerce.number().int().min(10).max(MAX_CHART_POINTS).default(MAX_CHART_POINTS),
});
export type SeriesQuery = z.infer<typeof SeriesQuery>;

export const Gap = z.object({ from: z.number().int(), to: z.number().int() }).meta({ id: 'Gap' });
export type Gap = z.infer<typeof Gap>;

/** One metric over a span: parallel arrays of instants and values; gaps are holes that a line must not bridge. */
export const MetricSeries = z
  .object({
    metric: metricKey,
    at: z.array(z.number().int()),
    value: z.array(z.number()),
    gaps: z.array(Gap),
    /** Over all readings of the span, not just the points chosen. */
    readings: z.number().int(),
    min: z.number().optional(),
    mean: z.number().optional(),
    max: z.number().optional(),
  })
  .meta({ id: 'MetricSeries' });
export type MetricSeries = z.infer<typeof MetricSeries>;

export const SeriesReply = z
  .object({ from: z.number().int(), to: z.number().int(), series: z.array(MetricSeries) })
  .meta({ id: 'SeriesReply' });
export type SeriesReply = z.infer<typeof SeriesReply>;

/** `GET /v1/vehicles/:id/track?from&to`: runs of positions without a hole, `[lat, lon, at, speedKmh]`, at most 2,000 points in all. */
export const TrackReply = z
  .object({
    from: z.number().int(),
    to: z.number().int(),
    runs: z.array(z.array(z.tuple([z.number(), z.number(), z.number().int(), z.number()]))),
    readings: z.number().int(),
    distanceKm: z.number(),
  })
  .meta({ id: 'TrackReply' });
export type TrackReply = z.infer<typeof TrackReply>;

/** `GET /v1/vehicles/:id/span`: the first and last instant of which there are readings, and how many. */
export const SpanReply = z
  .object({ from: z.number().int().optional(), to: z.number().int().optional(), readings: z.number().int() })
  .meta({ id: 'SpanReply' });
export type SpanReply = z.infer<typeof SpanReply>;
