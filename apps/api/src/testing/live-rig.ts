import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Role } from '@temoin/shared/accounts';
import { type ClientToServerEvents, LIVE_PATH, type ServerToClientEvents } from '@temoin/shared/live';
import { io as connect, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import { signAccessToken } from '../access/access-token.ts';
import { createAccess } from '../access/identify.ts';
import { startRightsEvents } from '../access/rights-events.ts';
import { loadSiteKey } from '../access/site-keys.ts';
import { createMetrics } from '../http/metrics.ts';
import { startLive } from '../live/live-server.ts';
import { createInstallationsOf } from '../projections/installations.ts';
import { createPostgresBatchLog } from '../stores/log/postgres-batch-log.ts';
import type { TestDatabase } from './test-database.ts';
import { jsonBatch, type WrittenBatch } from './written-batches.ts';

// The live part on a real database, log and HTTP server, with real people, sessions and tokens, and the real socket client.

export type LiveClient = Socket<ServerToClientEvents, ClientToServerEvents>;
const ORIGIN = 'http://localhost:8480';
const VIN_LETTERS = 'ABCDEFGHJKLMNPRSTUVWXYZ';

export async function startLiveRig(database: TestDatabase) {
  const { pool } = database;
  const siteKey = await loadSiteKey(join(tmpdir(), `temoin-live-${randomUUID()}`));
  const rights = await startRightsEvents(pool);
  const access = createAccess({ pool, rights, siteKey, operatorToken: randomUUID() });
  const log = createPostgresBatchLog({ pool });
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const problems: unknown[] = [];
  const metrics = createMetrics();
  const live = await startLive({
    ...{ server, pool, log, access, installationsOf: createInstallationsOf(pool) },
    ...{ publicOrigins: [ORIGIN], metrics, onProblem: (error) => void problems.push(error) },
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clients: LiveClient[] = [];
  let vins = 0;

  const insert = async (sql: string, values: unknown[]) =>
    (await pool.query<{ id: string }>(`${sql} RETURNING id`, values)).rows[0]!.id;
  const addOrganisation = () => insert('INSERT INTO organisations (name) VALUES ($1)', [randomUUID()]);
  const addClient = (organisationId: string) =>
    insert('INSERT INTO clients (organisation_id, name) VALUES ($1, $2)', [organisationId, randomUUID()]);

  return {
    pool,
    log,
    live,
    problems,
    url,
    gauge: async (name: string) =>
      (await metrics.registry.getSingleMetric(name)?.get())?.values[0]?.value ?? Number.NaN,
    addOrganisation,
    addClient,
    /** A vehicle with a box in it. */
    async addVehicle(organisationId: string, clientId: string | null = null) {
      vins += 1;
      const vin = `VF1${VIN_LETTERS[vins % 23]}${String(vins).padStart(13, '0')}`;
      const id = await insert(
        'INSERT INTO vehicles (organisation_id, client_id, vin, label, model) VALUES ($1, $2, $3, $3, $4)',
        [organisationId, clientId, vin, 'Kangoo'],
      );
      const boxId = await insert('INSERT INTO boxes (organisation_id) VALUES ($1)', [organisationId]);
      await pool.query('INSERT INTO installations (box_id, vehicle_id) VALUES ($1, $2)', [boxId, id]);
      return { id, vin, boxId };
    },
    async addPerson(organisationId: string, role: Role, clientId: string | null = null) {
      const personId = await insert(
        `INSERT INTO people (organisation_id, email, name, role, password_hash, client_id) VALUES ($1, $2, 'P', $3, '-', $4)`,
        [organisationId, `${randomUUID()}@demo.example`, role, clientId],
      );
      const sessionId = await insert(
        `INSERT INTO sessions (person_id, expires_at) VALUES ($1, now() + interval '1 day')`,
        [personId],
      );
      const { token } = await signAccessToken(siteKey, { personId, sessionId }, Date.now());
      return { personId, sessionId, token };
    },
    /** A token that runs out in `ms`. */
    shortToken: async (person: { personId: string; sessionId: string }, ms: number) =>
      (await signAccessToken(siteKey, person, Date.now() - 600_000 + ms)).token,
    connect(auth: object, options: Partial<ManagerOptions & SocketOptions> = {}): LiveClient {
      const client: LiveClient = connect(url, {
        path: LIVE_PATH,
        transports: ['websocket'],
        reconnection: false,
        forceNew: true,
        auth,
        extraHeaders: { origin: ORIGIN },
        ...options,
      });
      clients.push(client);
      return client;
    },
    /** Writes a batch to the log, as the door does. */
    write: (batch: WrittenBatch) => log.append([jsonBatch(batch)]),
    async close() {
      for (const client of clients) client.disconnect();
      await live.close();
      await new Promise((resolve) => server.close(resolve));
      await log.close();
      await rights.close();
    },
  };
}

/** Resolves once connected; rejects with the server's code when refused. */
export const connected = (client: LiveClient): Promise<void> =>
  new Promise((resolve, reject) => {
    client.once('connect', resolve);
    client.once('connect_error', (error) => reject(error));
  });

/** Collects what comes in under a name. */
export function collect<E extends keyof ServerToClientEvents>(client: LiveClient, event: E) {
  const seen: Parameters<ServerToClientEvents[E]>[0][] = [];
  client.on(event, ((message: Parameters<ServerToClientEvents[E]>[0]) => void seen.push(message)) as never);
  return seen;
}
