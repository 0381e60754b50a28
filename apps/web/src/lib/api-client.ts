import { ApiError } from '@/lib/api-error';
import { copiedAtOf } from '@/lib/copies';
import { type HttpRequest, httpRequest } from '@/lib/http-request';
import { accessToken } from '@/lib/session';

// The one way to the API: adds the token, renews it once when refused, repeats reads that nothing answered a few times with
// growing, scattered pauses. Writes are never repeated by themselves.

export { ApiError } from '@/lib/api-error';

export interface CallOptions extends Pick<HttpRequest, 'signal' | 'timeoutMs'> {
  /** How often a read is tried again when nothing answered; 2 unless told. */
  readonly retries?: number;
}

export interface Answer<T> {
  readonly data: T;
  /** When this copy was made (ms UTC), if it is a copy and not the server's answer of now. */
  readonly copiedAt: number | undefined;
}

const FIRST_PAUSE_MS = 400;

const pause = (ms: number, signal: AbortSignal | undefined) =>
  new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });

async function signedRequest(request: HttpRequest): Promise<Response> {
  let token: string | undefined;
  try {
    token = await accessToken();
  } catch (error) {
    // Without a network there is no token, but the service worker may hold a copy of what is read.
    if (!(error instanceof ApiError && error.isOffline && (request.method ?? 'GET') === 'GET')) throw error;
  }
  try {
    return await httpRequest({ ...request, token });
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401 || !token) throw error;
    return httpRequest({ ...request, token: await accessToken(token) });
  }
}

async function read(path: string, options: CallOptions = {}): Promise<Response> {
  const retries = options.retries ?? 2;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await signedRequest({
        path,
        signal: options.signal,
        ...(options.timeoutMs ? { timeoutMs: options.timeoutMs } : {}),
      });
    } catch (error) {
      const again =
        error instanceof ApiError &&
        (error.isOffline || error.code === 'overloaded' || error.code === 'store_unavailable');
      if (!again || attempt >= retries) throw error;
      await pause(FIRST_PAUSE_MS * 2 ** attempt * (0.5 + Math.random()), options.signal);
    }
  }
}

async function write<T>(
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body: unknown,
  options: CallOptions = {},
): Promise<T> {
  const response = await signedRequest({
    method,
    path,
    body,
    signal: options.signal,
    ...(options.timeoutMs ? { timeoutMs: options.timeoutMs } : {}),
  });
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/** Calls of the API by path, for example `api.get<VehicleDetail>('/v1/vehicles/…')`; all throw `ApiError`. */
export const api = {
  get: async <T>(path: string, options?: CallOptions): Promise<T> => (await read(path, options)).json() as Promise<T>,
  /** Like `get`, and says whether the answer is a copy from before. */
  getAnswer: async <T>(path: string, options?: CallOptions): Promise<Answer<T>> => {
    const response = await read(path, options);
    return { data: (await response.json()) as T, copiedAt: copiedAtOf(response) };
  },
  /** Bytes behind a sign-in (a photo, an export), which an `<img>` or a link could not fetch without the token. */
  getBlob: async (path: string, options?: CallOptions): Promise<Blob> => (await read(path, options)).blob(),
  /** The raw answer, for streams and headers. */
  getResponse: (path: string, options?: CallOptions): Promise<Response> => read(path, options),
  post: <T>(path: string, body?: unknown, options?: CallOptions): Promise<T> =>
    write<T>('POST', path, body ?? {}, options),
  put: <T>(path: string, body: unknown, options?: CallOptions): Promise<T> => write<T>('PUT', path, body, options),
  remove: <T>(path: string, options?: CallOptions): Promise<T> => write<T>('DELETE', path, undefined, options),
};
