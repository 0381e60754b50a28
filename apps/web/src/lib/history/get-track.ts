import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { TrackReply } from '@temoin/shared/history';
import { api } from '@/lib/api-client';

/** The way driven over `from`…`to` (ms UTC), in runs without a hole. */
export const trackQuery = (vehicleId: string, from: number, to: number) =>
  queryOptions({
    queryKey: ['track', vehicleId, from, to],
    queryFn: ({ signal }) =>
      api.get<TrackReply>(
        `/v1/vehicles/${encodeURIComponent(vehicleId)}/track?from=${Math.round(from)}&to=${Math.round(to)}`,
        {
          signal,
          timeoutMs: 30_000,
        },
      ),
    enabled: to > from,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
