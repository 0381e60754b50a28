import { BATCH_LIMITS, BATCHES_CONTENT_TYPE, JsonUpload, UploadReply } from '@temoin/shared/telemetry';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import * as z from 'zod';
import type { BoxIdentity } from '../../access/actor.ts';
import { AppError } from '../../http/app-error.ts';
import type { App } from '../../http/build-app.ts';
import type { Metrics } from '../../http/metrics.ts';
import { createIngest, type IngestDeps } from './ingest.service.ts';
import { createIngestMetrics } from './ingest-metrics.ts';

export interface IngestRouteDeps extends Omit<IngestDeps, 'metrics'> {
  readonly metrics: Metrics;
  readonly boxes: {
    /** The box that signed the request's token. Throws `box_token_invalid`, `box_unknown` or `box_revoked`. */
    fromToken(request: FastifyRequest): Promise<BoxIdentity>;
    /** The box of an old-format upload, by its key. Throws `legacy_key_invalid` for every reason alike. */
    fromLegacyKey(request: FastifyRequest, hashedVin: string): Promise<BoxIdentity>;
  };
}

/** SHA-256 of the VIN in hex; an identifier, never a credential. */
const HashedVin = z.string().regex(/^[0-9a-fA-F]{64}$/);

/** The doors through which boxes hand in what they measured. Who it is is known before the body is read. */
export function registerIngest(app: App, deps: IngestRouteDeps): void {
  const ingest = createIngest({ ...deps, metrics: createIngestMetrics(deps.metrics) });
  const boxOf = new WeakMap<FastifyRequest, BoxIdentity>();
  const known = (request: FastifyRequest): BoxIdentity => {
    const box = boxOf.get(request);
    if (!box) throw new AppError('box_token_invalid');
    return box;
  };
  // The body is checked by us, batch by batch; the schema is there for the documentation.
  const unchecked = { validatorCompiler: () => (value: unknown) => ({ value }) };
  const common = { bodyLimit: BATCH_LIMITS.uploadBytes, config: { rateLimit: false as const }, ...unchecked };

  app.register(async (scope) => {
    takeBytes(scope as unknown as FastifyInstance);
    scope.post(
      '/v1/batches',
      {
        ...common,
        onRequest: async (request) => {
          refuseEncoding(request);
          boxOf.set(request, await deps.boxes.fromToken(request));
        },
        schema: {
          tags: ['boxes'],
          summary: 'Hand in batches',
          description: `Binary (${BATCHES_CONTENT_TYPE}) or JSON. Each batch is answered on its own; what is "stored" or "duplicate" is durable here.`,
          consumes: ['application/json', BATCHES_CONTENT_TYPE],
          body: JsonUpload,
          response: { 200: UploadReply },
        },
      },
      async (request) => {
        const form = isJson(request) ? 'json' : 'binary';
        return ingest.take(form, bytesOf(request.body), known(request));
      },
    );

    scope.post(
      '/api/embedded/:hashedVin/UploadData',
      {
        ...common,
        onRequest: async (request) => {
          refuseEncoding(request);
          const hashedVin = HashedVin.safeParse((request.params as { hashedVin?: unknown }).hashedVin);
          // Also for what is no hash: nothing is to be learnt here without a key.
          boxOf.set(request, await deps.boxes.fromLegacyKey(request, hashedVin.data?.toLowerCase() ?? ''));
        },
        schema: {
          tags: ['boxes'],
          summary: 'Upload of the first system',
          params: z.object({ hashedVin: z.string() }),
          response: { 200: UploadReply },
        },
      },
      async (request) => {
        if (!isJson(request)) throw new AppError('unsupported_media_type', 'this address takes JSON');
        return ingest.take('legacy', bytesOf(request.body), known(request));
      },
    );
  });
}

function takeBytes(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(
    ['application/json', BATCHES_CONTENT_TYPE],
    { parseAs: 'buffer', bodyLimit: BATCH_LIMITS.uploadBytes },
    (_request, body, done) => done(null, body),
  );
}

/** Nothing is inflated on the way in but what a codec bounds. */
function refuseEncoding(request: FastifyRequest): void {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity')
    throw new AppError('unsupported_media_type', 'send the body as it is, without a content encoding');
}

const isJson = (request: FastifyRequest): boolean =>
  (request.headers['content-type'] ?? '').toLowerCase().startsWith('application/json');

function bytesOf(body: unknown): Uint8Array {
  if (!(body instanceof Uint8Array)) throw new AppError('unsupported_media_type', 'this address takes batches');
  return body;
}
