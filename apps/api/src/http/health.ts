import * as z from 'zod';
import { hidden } from '../access/authorize.ts';
import type { Access } from '../access/identify.ts';
import type { App } from './build-app.ts';
import type { Metrics } from './metrics.ts';

/** Throws, or does not come back, when the part does not work. */
export type ReadinessCheck = () => Promise<unknown>;

export interface HealthDeps {
  readonly checks: Readonly<Record<string, ReadinessCheck>>;
  readonly metrics: Metrics;
  readonly access: Pick<Access, 'isOperator'>;
}

const CHECK_TIMEOUT_MS = 2_000;
const Readiness = z
  .object({ ready: z.boolean(), checks: z.record(z.string(), z.enum(['ok', 'failing'])) })
  .meta({ id: 'Readiness' });

/** `/healthz`: the process runs. `/readyz`: its stores answer. `/metrics`: for the operator's Prometheus alone. */
export function registerHealth(app: App, { checks, metrics, access }: HealthDeps): void {
  const tags = ['health'];
  app.get(
    '/healthz',
    { config: { rateLimit: false }, schema: { tags, response: { 200: z.object({ ok: z.literal(true) }) } } },
    async () => ({ ok: true as const }),
  );

  app.get(
    '/readyz',
    { config: { rateLimit: false }, schema: { tags, response: { 200: Readiness, 503: Readiness } } },
    async (request, reply) => {
      const results = await Promise.all(
        Object.entries(checks).map(async ([name, check]) => {
          try {
            await withinTime(check());
            return [name, 'ok'] as const;
          } catch (err) {
            request.log.warn({ err, check: name }, 'not ready');
            return [name, 'failing'] as const;
          }
        }),
      );
      const ready = results.every(([, state]) => state === 'ok');
      return reply.status(ready ? 200 : 503).send({ ready, checks: Object.fromEntries(results) });
    },
  );

  app.get('/metrics', { schema: { tags, hide: true } }, async (request, reply) => {
    if (!access.isOperator(request) && !isLocal(request)) throw hidden();
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
}

/**
 * From this machine itself. A proxy on this machine that we were not told to trust also looks local, so a request that shows
 * any sign of having been passed on, or that asks for another host, is not.
 */
function isLocal(request: { ip: string; host: string; headers: Record<string, unknown> }): boolean {
  const passedOn = ['x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'forwarded', 'via'].some(
    (name) => name in request.headers,
  );
  const loopback = request.ip === '127.0.0.1' || request.ip === '::1' || request.ip === '::ffff:127.0.0.1';
  return loopback && !passedOn && /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(request.host);
}

function withinTime(work: Promise<unknown>): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error(`no answer within ${CHECK_TIMEOUT_MS} ms`)), CHECK_TIMEOUT_MS);
  });
  return Promise.race([work, tooLate]).finally(() => clearTimeout(timer));
}
