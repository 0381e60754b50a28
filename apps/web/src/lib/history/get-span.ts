import { queryOptions } from '@tanstack/react-query';
import type { SpanReply } from '@temoin/shared/history';
import { api } from '@/lib/api-client';

/** From when to when there are readings of a vehicle, and how many. */
export const spanQuery = (vehicleId: string) =>
  queryOptions({
    queryKey: ['span', vehicleId],
    queryFn: ({ signal }) => api.get<SpanReply>(`/v1/vehicles/${encodeURIComponent(vehicleId)}/span`, { signal }),
    staleTime: 60_000,
  });
