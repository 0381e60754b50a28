import type { FastifyRequest } from 'fastify';
import { AppError } from './app-error.ts';

// Doors that act on a cookie can be knocked on by any page in the same browser. Three locks: the cookie is SameSite, the
// Origin must be ours, and a header must be there that no foreign page can send without asking us first (and we never say yes).

/** Header that our own pages send on every request that carries the session's cookie. */
export const OWN_PAGE_HEADER = 'x-temoin';

/** Throws `origin_refused` unless the request comes from a page of ours, or from no browser at all. */
export function requireOwnPage(request: FastifyRequest, publicOrigins: readonly string[]): void {
  const { origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const foreignOrigin = origin !== undefined && !publicOrigins.includes(origin);
  // A page of our other site has a neighbouring name; its Origin has been checked above.
  const near = site === 'same-origin' || site === 'none' || (site === 'same-site' && origin !== undefined);
  const foreignSite = site !== undefined && !near;
  if (!foreignOrigin && !foreignSite && request.headers[OWN_PAGE_HEADER] === '1') return;
  throw new AppError(
    'origin_refused',
    foreignOrigin
      ? 'Pages of this origin may not sign in here; if they should, name it in TEMOIN_PUBLIC_ORIGINS'
      : `The header ${OWN_PAGE_HEADER}: 1 is missing, or the request comes from another site`,
  );
}
