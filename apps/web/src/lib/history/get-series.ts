import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { SeriesReply } from '@temoin/shared/history';
import type { MetricKey } from '@temoin/shared/metrics';
import { api } from '@/lib/api-client';

/** Most metrics of one request; see `SeriesQuery` of the API. */
export const METRICS_PER_REQUEST = 8;

/** Points for charts over `from`…`to` (ms UTC): the server keeps every minimum and maximum. While it loads the last answer stays. */
export const seriesQuery = (vehicleId: string, metrics: readonly MetricKey[], from: number, to: number) =>
  queryOptions({
    queryKey: ['series', vehicleId, metrics.join(','), from, to],
    queryFn: ({ signal }) =>
      api.get<SeriesReply>(
        `/v1/vehicles/${encodeURIComponent(vehicleId)}/series?metrics=${metrics.join(',')}&from=${Math.round(from)}&to=${Math.round(to)}`,
        { signal, timeoutMs: 30_000 },
      ),
    enabled: metrics.length > 0 && metrics.length <= METRICS_PER_REQUEST && to > from,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
