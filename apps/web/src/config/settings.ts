import { useQuery } from '@tanstack/react-query';
import { httpRequest } from '@/lib/http-request';

/** `GET /v1/settings`: what a browser must know of this installation, before anyone signs in. */
export interface SiteSettings {
  readonly version: string;
  readonly demo: boolean;
  /** Raster tiles above the own base map, `https://…/{z}/{x}/{y}.png`; none if absent. */
  readonly tileUrl?: string | null;
  readonly tileAttribution?: string | null;
  /** In demo mode only: accounts to try. */
  readonly demoAccounts?: readonly {
    readonly email: string;
    readonly password: string;
    readonly name: string;
    readonly role: string;
  }[];
}

/** The settings of this installation; they change with a restart, so they are read once a page. */
export const useSettings = () =>
  useQuery({
    queryKey: ['settings'],
    queryFn: async () => (await (await httpRequest({ path: '/v1/settings', timeoutMs: 8_000 })).json()) as SiteSettings,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  });
