import { COPIED_AT_HEADER, COPIES } from '@/lib/copies';

// The few reads whose last answer is worth having without a network: who I am, the list, one vehicle, the site's settings.
// The server is always asked first; a copy says when it was made. Requests' tokens are never part of a copy.

const COPIED = [/^\/v1\/me$/, /^\/v1\/settings$/, /^\/v1\/vehicles$/, /^\/v1\/vehicles\/[^/]+$/];
const AWAY = [502, 503, 504];
const PATIENCE_MS = 10_000;

/** Whether the last answer of this path is kept. */
export const isCopied = (path: string): boolean => COPIED.some((pattern) => pattern.test(path));

/** The server's answer, or the last copy when nothing answers. */
export async function answerWithCopy(request: Request, path: string): Promise<Response> {
  const copies = await caches.open(COPIES);
  try {
    const response = await fetch(request, {
      signal: AbortSignal.any([request.signal, AbortSignal.timeout(PATIENCE_MS)]),
    });
    if (response.ok) await copies.put(path, await dated(response.clone()));
    if (!AWAY.includes(response.status)) return response;
    return (await copies.match(path)) ?? response;
  } catch (error) {
    const copy = await copies.match(path);
    if (copy) return copy;
    throw error;
  }
}

async function dated(response: Response): Promise<Response> {
  const headers = {
    'content-type': response.headers.get('content-type') ?? 'application/json',
    [COPIED_AT_HEADER]: String(Date.now()),
  };
  return new Response(await response.blob(), { headers });
}
