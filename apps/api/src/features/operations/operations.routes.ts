import { Readable } from 'node:stream';
import { authorize } from '../../access/authorize.ts';
import type { Access } from '../../access/identify.ts';
import type { App } from '../../http/build-app.ts';
import { DOORS, type DoorName, HANDLERS, OPERATIONS_PREFIX, STREAMS } from './operation-routes.ts';
import { ExportRequest, type Operations } from './operations.ts';

export interface OperationsRoutesDeps {
  readonly access: Pick<Access, 'personOrOperator'>;
  readonly operations: Operations;
}

// Operations reach across all insurers of a site, and a person belongs to one: so these doors open for the operator token
// alone, whatever a person's role. Others see that there is nothing here.

export function registerOperations(app: App, { access, operations }: OperationsRoutesDeps): void {
  const schema = { tags: ['operations'], security: [{ operator: [] }] };
  const config = { rateLimit: false as const };
  const admit = async (request: Parameters<Access['personOrOperator']>[0], action: Parameters<typeof authorize>[1]) => {
    const actor = await access.personOrOperator(request);
    authorize(actor, action, actor.kind === 'operator' ? undefined : null);
  };

  for (const name of Object.keys(DOORS) as DoorName[]) {
    const { method, url, action, summary, reply, ...rest } = DOORS[name];
    app.route({
      method,
      url: OPERATIONS_PREFIX + url,
      config,
      schema: { ...schema, summary, response: { 200: reply }, ...('body' in rest && { body: rest.body }) },
      onRequest: (request) => admit(request, action),
      handler: async (request) => HANDLERS[name](operations, request.body) as never,
    });
  }

  app.route({
    method: 'POST',
    url: OPERATIONS_PREFIX + STREAMS.exportReadings.url,
    config,
    schema: { ...schema, summary: STREAMS.exportReadings.summary, body: ExportRequest },
    onRequest: (request) => admit(request, STREAMS.exportReadings.action),
    async handler(request, reply) {
      const { format, ...wanted } = request.body;
      const text = operations.exportReadings({ ...wanted, format })[Symbol.asyncIterator]();
      // The first piece decides whether there is such a vehicle, while an error can still be answered as one.
      const first = await text.next();
      reply.type(format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson');
      return reply.send(Readable.from(chain(first, text)));
    },
  });

  app.route({
    method: 'POST',
    url: OPERATIONS_PREFIX + STREAMS.backup.url,
    config,
    schema: { ...schema, summary: STREAMS.backup.summary, body: STREAMS.backup.body },
    onRequest: (request) => admit(request, STREAMS.backup.action),
    async handler(_request, reply) {
      reply.type('application/gzip');
      return reply.send(Readable.from(operations.backup()));
    },
  });
}

async function* chain<T>(first: IteratorResult<T>, rest: AsyncIterator<T>): AsyncGenerator<T> {
  for (let next = first; !next.done; next = await rest.next()) yield next.value;
}
