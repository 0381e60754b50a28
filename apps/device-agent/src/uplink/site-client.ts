import { ErrorBody, type ErrorCode } from '@temoin/shared/errors';
import { BATCHES_CONTENT_TYPE, UploadReply } from '@temoin/shared/telemetry';
import { Agent, type Dispatcher, request } from 'undici';
import { retryAfterMs } from './back-off.ts';

// One upload and what became of it. Whatever answers on a network is not for that reason our service: a hotel's sign-in page
// says 200 to everything. Only an answer in our own words counts; anything else is a failed site, and nothing is forgotten.

export type UploadResult =
  | { readonly kind: 'answered'; readonly reply: UploadReply; readonly roundTripMs: number }
  /** The service refused the upload as a whole, and says why. */
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly status: number }
  /** The service asks to wait. */
  | { readonly kind: 'busy'; readonly waitMs: number | undefined }
  | { readonly kind: 'failed'; readonly reason: string };

export interface SiteClient {
  upload(site: string, token: string, body: Uint8Array, signal: AbortSignal): Promise<UploadResult>;
  /** Whether the site answers that it is ready. */
  probe(site: string, signal: AbortSignal): Promise<boolean>;
  /** The service's clock, ms UTC, from its `Date` header of the last answer of any kind. */
  lastDate(): number | undefined;
  close(): Promise<void>;
}

export interface SiteClientOptions {
  readonly connectTimeoutMs?: number;
  /** For the whole of one upload, answer included. */
  readonly uploadTimeoutMs?: number;
  readonly dispatcher?: Dispatcher;
}

const MAX_ANSWER_BYTES = 1024 * 1024;
const CONNECT_TIMEOUT_MS = 3_000;
const UPLOAD_TIMEOUT_MS = 30_000;

/** Persistent connections to the sites; one client may serve many boxes. */
export function createSiteClient(options: SiteClientOptions = {}): SiteClient {
  const { connectTimeoutMs = CONNECT_TIMEOUT_MS, uploadTimeoutMs = UPLOAD_TIMEOUT_MS } = options;
  const own = options.dispatcher
    ? undefined
    : new Agent({
        connect: { timeout: connectTimeoutMs },
        keepAliveTimeout: 60_000,
        bodyTimeout: uploadTimeoutMs,
        headersTimeout: uploadTimeoutMs,
      });
  const dispatcher = options.dispatcher ?? own;
  let date: number | undefined;

  async function ask(url: URL, how: Parameters<typeof request>[1], signal: AbortSignal, timeoutMs: number) {
    const answer = await request(url, {
      ...how,
      ...(dispatcher ? { dispatcher } : {}),
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    const said = Date.parse(String(answer.headers.date ?? ''));
    date = Number.isFinite(said) ? said : date;
    return { status: answer.statusCode, headers: answer.headers, body: await readBody(answer.body) };
  }

  return {
    async upload(site, token, body, signal) {
      const startedMs = performance.now();
      try {
        const headers = { authorization: `Bearer ${token}`, 'content-type': BATCHES_CONTENT_TYPE };
        const {
          status,
          headers: said,
          body: text,
        } = await ask(new URL('/v1/batches', site), { method: 'POST', headers, body }, signal, uploadTimeoutMs);
        const header = said['retry-after'];
        return judge(status, text, typeof header === 'string' ? header : undefined, performance.now() - startedMs);
      } catch (error) {
        return { kind: 'failed', reason: reasonOf(error) };
      }
    },

    async probe(site, signal) {
      try {
        const { status, body } = await ask(new URL('/readyz', site), { method: 'GET' }, signal, connectTimeoutMs * 2);
        return status === 200 && !/^\s*</.test(body);
      } catch {
        return false;
      }
    },

    lastDate: () => date,
    close: async () => own?.close(),
  };
}

async function readBody(body: Dispatcher.ResponseData['body']): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of body as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > MAX_ANSWER_BYTES) {
      body.destroy();
      throw new Error('answer_too_long');
    }
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function judge(status: number, text: string, retryAfter: string | undefined, roundTripMs: number): UploadResult {
  const json = parseJson(text);
  if (status >= 200 && status < 300) {
    const reply = UploadReply.safeParse(json);
    return reply.success
      ? { kind: 'answered', reply: reply.data, roundTripMs }
      : { kind: 'failed', reason: 'not_our_service' };
  }
  const error = ErrorBody.safeParse(json);
  if (status === 429 || status === 503) {
    const asked =
      retryAfterMs(retryAfter, Date.now()) ??
      (error.success && error.data.retryAfterS !== undefined ? error.data.retryAfterS * 1000 : undefined);
    // A bare 503 is a proxy without a service behind it; one in our words, or with a time, is the service itself.
    if (status === 429 || error.success || asked !== undefined) return { kind: 'busy', waitMs: asked };
  }
  if (status >= 400 && status < 500 && error.success) return { kind: 'refused', code: error.data.code, status };
  return { kind: 'failed', reason: error.success ? error.data.code : `http_${status}` };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  const { name, code, message } = error as { name?: string; code?: string; message?: string };
  if (name === 'TimeoutError' || code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT')
    return 'timeout';
  return code ?? message ?? 'unreachable';
}
