import type { ErrorBody } from '@temoin/shared/errors';
import { ApiError } from '@/lib/api-error';

// One HTTP call: a time limit, the header that a foreign page cannot send, and errors as codes. No retry, no token: those
// belong to the session and the API client above.

export interface HttpRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly token?: string | undefined;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
  /** Whole call, answer included; 15 s unless told. */
  readonly timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 15_000;

/** The answer of a call that succeeded (2xx); throws `ApiError` with the server's code, or why none came. */
export async function httpRequest(request: HttpRequest): Promise<Response> {
  const timeout = AbortSignal.timeout(request.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const signal = request.signal ? AbortSignal.any([request.signal, timeout]) : timeout;
  const headers: Record<string, string> = { accept: 'application/json', 'x-temoin': '1' };
  if (request.token) headers.authorization = `Bearer ${request.token}`;
  if (request.body !== undefined) headers['content-type'] = 'application/json';
  let response: Response;
  try {
    response = await fetch(request.path, {
      method: request.method ?? 'GET',
      headers,
      credentials: 'same-origin',
      body: request.body === undefined ? null : JSON.stringify(request.body),
      signal,
    });
  } catch (cause) {
    if (request.signal?.aborted) throw cause;
    throw new ApiError(timeout.aborted ? 'timeout' : 'network_unreachable', { cause });
  }
  if (response.ok) return response;
  throw await errorOf(response);
}

async function errorOf(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => undefined)) as Partial<ErrorBody> | undefined;
  // A proxy in front may answer without our body while the API restarts: that is "unreachable", not an error of ours.
  const fallback =
    response.status === 502 || response.status === 503 || response.status === 504
      ? 'network_unreachable'
      : 'internal_error';
  return new ApiError(body?.code ?? fallback, {
    status: response.status,
    requestId: body?.requestId ?? response.headers.get('x-request-id') ?? undefined,
    retryAfterS: body?.retryAfterS,
    field: body?.field,
  });
}
