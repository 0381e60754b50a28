import { queryOptions } from '@tanstack/react-query';
import type { VehicleDetail } from '@temoin/shared/vehicles';
import { api } from '@/lib/api-client';
import { noteServerTime } from '@/lib/server-clock';

export interface VehicleAnswer {
  readonly vehicle: VehicleDetail;
  /** When the copy was made, if this is one. */
  readonly copiedAt: number | undefined;
}

/** One vehicle by id or VIN. */
export const vehicleQuery = (idOrVin: string) =>
  queryOptions({
    queryKey: ['vehicle', idOrVin],
    queryFn: async ({ signal }): Promise<VehicleAnswer> => {
      const { data, copiedAt } = await api.getAnswer<VehicleDetail>(`/v1/vehicles/${encodeURIComponent(idOrVin)}`, {
        signal,
      });
      if (copiedAt === undefined) noteServerTime(data.serverTime);
      return { vehicle: data, copiedAt };
    },
    enabled: idOrVin !== '',
    refetchInterval: 30_000,
  });
