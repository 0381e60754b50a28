import { type IncomingMessage, request } from 'node:http';
import { request as requestTls } from 'node:https';
import { ErrorBody } from '@temoin/shared/errors';
import type * as z from 'zod';
import { AppError } from '../../http/app-error.ts';
import { DOORS, type DoorName, OPERATIONS_PREFIX, STREAMS } from './operation-routes.ts';
import type { Operations } from './operations.ts';

/** Verifying or rebuilding a large log takes long and says nothing meanwhile. */
const LONGEST_MS = 6 * 3_600_000;

/** The operations of a running service, over HTTP. Errors of the service come out as `AppError` with its code. */
export function createOperationsClient(address: string, token: string): Operations {
  const ask = async (method: 'GET' | 'POST', url: string, body: unknown): Promise<IncomingMessage> => {
    const reply = await send(new URL(OPERATIONS_PREFIX + url, address), token, method, body);
    if (reply.statusCode === 200) return reply;
    const error = ErrorBody.safeParse(JSON.parse((await textOf(reply)) || '{}'));
    if (!error.success) throw new AppError('internal_error', `The service answered ${reply.statusCode}`);
    throw new AppError(error.data.code, error.data.message);
  };
  const through = async <K extends DoorName>(name: K, body?: unknown): Promise<z.infer<(typeof DOORS)[K]['reply']>> => {
    const { method, url, reply } = DOORS[name];
    const answer: unknown = JSON.parse(await textOf(await ask(method, url, body)));
    return reply.parse(answer) as z.infer<(typeof DOORS)[K]['reply']>;
  };
  return {
    status: () => through('status'),
    verify: (options) => through('verify', options),
    rebuild: (projection) => through('rebuild', { projection }),
    async *exportReadings(wanted) {
      const reply = await ask('POST', STREAMS.exportReadings.url, wanted);
      reply.setEncoding('utf8');
      for await (const text of whole(reply)) yield text as string;
    },
    listUsers: () => through('listUsers'),
    addUser: (user) => through('addUser', user),
    changeUser: (change) => through('changeUser', change),
    listBoxes: () => through('listBoxes'),
    createBoxCode: (vehicle) => through('createBoxCode', { vehicle }),
    createLegacyKey: (vehicle) => through('createLegacyKey', { vehicle }),
    revokeBox: (box) => through('revokeBox', { box }),
    prepareVehicles: (labels) => through('prepareVehicles', { labels }),
    reportDrives: (labels) => through('reportDrives', { labels }),
    async *backup() {
      for await (const bytes of whole(await ask('POST', STREAMS.backup.url, {}))) yield bytes as Uint8Array;
    },
    close: async () => undefined,
  };
}

/** The chunks of an answer; one that breaks off is an error, not an end. */
async function* whole(reply: IncomingMessage): AsyncGenerator<unknown> {
  for await (const chunk of reply) yield chunk;
  if (!reply.complete) throw new AppError('internal_error', 'The service broke off its answer');
}

async function textOf(reply: IncomingMessage): Promise<string> {
  reply.setEncoding('utf8');
  let text = '';
  for await (const chunk of whole(reply)) text += chunk;
  return text;
}

function send(url: URL, token: string, method: string, body: unknown): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const payload = method === 'POST' ? JSON.stringify(body ?? {}) : undefined;
    const sent = (url.protocol === 'https:' ? requestTls : request)(
      url,
      {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(payload !== undefined && { 'content-type': 'application/json' }),
        },
        timeout: LONGEST_MS,
      },
      resolve,
    );
    sent.on('timeout', () => sent.destroy(new AppError('store_unavailable', 'The service does not answer')));
    sent.on('error', (cause) =>
      reject(
        cause instanceof AppError
          ? cause
          : new AppError('store_unavailable', `The service at ${url.origin} does not answer (${cause.message})`, {
              cause,
            }),
      ),
    );
    sent.end(payload);
  });
}
