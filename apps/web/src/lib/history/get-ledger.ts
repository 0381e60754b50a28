import { queryOptions } from '@tanstack/react-query';
import type { LedgerReply } from '@temoin/shared/ledger';
import { api } from '@/lib/api-client';

/** What came, came late or is missing of the time `from`…`to` (ms UTC). */
export const ledgerQuery = (vehicleId: string, from: number, to: number) =>
  queryOptions({
    queryKey: ['ledger', vehicleId, from, to],
    queryFn: ({ signal }) =>
      api.get<LedgerReply>(
        `/v1/vehicles/${encodeURIComponent(vehicleId)}/ledger?from=${Math.round(from)}&to=${Math.round(to)}`,
        { signal },
      ),
    enabled: to > from,
    staleTime: 15_000,
    refetchInterval: 30_000,
  });
