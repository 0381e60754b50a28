import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isIPv6 } from 'node:net';
import compress from '@fastify/compress';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import underPressure from '@fastify/under-pressure';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController, type RawServerDefault } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Config } from '../config/config.ts';
import { AppError } from './app-error.ts';
import { contentSecurityPolicy } from './content-security-policy.ts';
import { installErrorReply } from './error-reply.ts';
import type { Metrics } from './metrics.ts';
import { installOpenApi } from './openapi.ts';

export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

export interface AppOptions {
  readonly config: Pick<Config, 'http' | 'tiles'>;
  readonly logger: FastifyBaseLogger;
  readonly metrics: Metrics;
  readonly version: string;
}

/** Most requests of one address (IPv6: one /64) in a minute, uploads of boxes not counted. */
const REQUESTS_PER_MINUTE = 3_000;
/** Enough for every JSON body of a page; doors for uploads set their own. */
const BODY_LIMIT_BYTES = 256 * 1024;

/** The HTTP server with everything that holds for all doors: limits, headers, errors, documentation. Doors are added by features. */
export async function buildApp({ config, logger, metrics, version }: AppOptions): Promise<App> {
  const app: App = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    trustProxy: config.http.trustProxy.length > 0 ? [...config.http.trustProxy] : false,
    bodyLimit: BODY_LIMIT_BYTES,
    // A client that dribbles its request holds a connection for this long and no longer.
    http: { headersTimeout: 10_000, requestTimeout: 60_000, maxHeaderSize: 16 * 1024 },
    keepAliveTimeout: 72_000,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: false },
  }).withTypeProvider<ZodTypeProvider>();
  app.server.maxConnections = 20_000;
  app.removeContentTypeParser('text/plain');
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  installErrorReply(app as unknown as FastifyInstance);

  await app.register(underPressure, { maxEventLoopDelay: 3_000, sampleInterval: 500, retryAfter: 5 });
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: contentSecurityPolicy(config) },
    // Map tile servers refuse requests without a Referer.
    referrerPolicy: { policy: 'strict-origin-when-cross-origin' },
    crossOriginOpenerPolicy: isSecure(config) ? { policy: 'same-origin' } : false,
    strictTransportSecurity: isSecure(config) ? { maxAge: 31_536_000 } : false,
    xFrameOptions: { action: 'deny' },
  });
  await app.register(cookie);
  await app.register(rateLimit, {
    max: REQUESTS_PER_MINUTE,
    timeWindow: 60_000,
    cache: 20_000,
    keyGenerator: (request) => addressKey(request.ip),
    addHeadersOnExceeding: {},
    errorResponseBuilder: (_request, { ttl }) =>
      new AppError('too_many_requests', 'Too many requests from this address', { retryAfterS: Math.ceil(ttl / 1000) }),
  });
  // Answers only: a compressed request body could be a bomb, and the doors that take one inflate it within limits.
  await app.register(compress, { globalDecompression: false, threshold: 1024, encodings: ['br', 'gzip'] });
  await installOpenApi(app, version);

  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    reply.header('permissions-policy', 'camera=(), microphone=(), geolocation=(self), interest-cohort=()');
    // What the API answers is about people; no cache between us and them may keep it.
    if (request.url.startsWith('/v1/')) reply.header('cache-control', 'no-store');
  });
  app.addHook('onResponse', async (request, reply) => {
    metrics.observeRequest(request.method, request.routeOptions.url ?? 'none', reply.statusCode, reply.elapsedTime);
    request.log.debug(
      {
        method: request.method,
        route: request.routeOptions.url,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      'answered',
    );
  });
  return app;
}

const isSecure = (config: Pick<Config, 'http'>): boolean =>
  config.http.publicOrigins.every((origin) => origin.startsWith('https://'));

/** By what an address is counted: a household or a server has a whole IPv6 /64, so that is one. */
export function addressKey(ip: string): string {
  if (!isIPv6(ip) || ip.startsWith('::ffff:')) return ip.replace(/^::ffff:/, '');
  const [head = '', tail] = ip.split('%')[0]!.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups =
    tail === undefined ? left : [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, '').toLowerCase())
    .join(':')}::/64`;
}
