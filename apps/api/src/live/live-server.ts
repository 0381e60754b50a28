import type { Server as HttpServer, IncomingMessage } from 'node:http';
import { LIVE_PATH, LiveHandshake } from '@temoin/shared/live';
import { decodeJwt } from 'jose';
import { Server } from 'socket.io';
import type { Access } from '../access/identify.ts';
import { AppError } from '../http/app-error.ts';
import type { Metrics } from '../http/metrics.ts';
import { readCursor } from '../projections/cursors.ts';
import type { PlaceOf } from '../projections/state-projection.ts';
import type { InstallationsOf } from '../projections/vehicle-entries.ts';
import type { BatchLog } from '../stores/log/batch-log.ts';
import type { Pool } from '../stores/postgres/pool.ts';
import { bufferedBytes } from './back-pressure.ts';
import { createEventRate } from './event-rate.ts';
import { handleEvents } from './live-events.ts';
import { startLiveFeed } from './live-feed.ts';
import { createRightsWatch, endSession } from './live-rights.ts';
import { createLiveVehicles } from './live-vehicles.ts';
import { createPortfolio } from './portfolio.ts';
import { createRooms } from './rooms.ts';
import type { LiveIo, SocketData, Viewer } from './viewer.ts';

// The live part: sockets in, log tail out. Websocket only, on the API's own server; every limit that keeps one page from
// harming the others is set here.

export interface LiveDeps {
  readonly server: HttpServer;
  readonly pool: Pool;
  readonly log: BatchLog;
  readonly access: Access;
  readonly installationsOf: InstallationsOf;
  readonly placeOf?: PlaceOf;
  /** Pages of these origins may connect. */
  readonly publicOrigins: readonly string[];
  readonly metrics: Metrics;
  readonly onProblem: (error: unknown) => void;
  readonly now?: () => number;
}

export interface Live {
  /** Position of the log up to which everything was handed on. */
  position(): bigint;
  close(): Promise<void>;
}

const TICK_MS = 100;
/** A page sends a few small events; a view is four numbers. */
const MOST_MESSAGE_BYTES = 16 * 1024;
const EVENTS_PER_S = 20;
const EVENTS_BURST = 100;
/** A page that goes on asking after this many refusals is none of ours. */
const MOST_REFUSALS = 1_000;
const MOST_SOCKETS_PER_PERSON = 30;
const MOST_SOCKETS = 10_000;

/** Starts to listen. Throws `store_unavailable` while the database is away. */
export async function startLive(deps: LiveDeps): Promise<Live> {
  const { pool, log, access, now = Date.now } = deps;
  const origins = new Set(deps.publicOrigins);
  const io: LiveIo = new Server(deps.server, {
    path: LIVE_PATH,
    transports: ['websocket'],
    allowUpgrades: false,
    serveClient: false,
    perMessageDeflate: false,
    maxHttpBufferSize: MOST_MESSAGE_BYTES,
    connectTimeout: 10_000,
    pingInterval: 20_000,
    pingTimeout: 15_000,
    // A foreign page must not ride on a person's browser; `null` and no origin at all are foreign too.
    allowRequest: (request: IncomingMessage, answer) => answer(null, origins.has(request.headers.origin ?? '')),
  });
  const viewers = new Set<Viewer>();
  const vehicles = createLiveVehicles(pool, deps.placeOf ?? (() => undefined));
  const portfolio = createPortfolio({ io, pool, vehicles, onUnfinished: () => tickSoon() });
  const rooms = createRooms(io, pool, access, vehicles);

  let timer: NodeJS.Timeout | undefined;
  const tick = () => {
    timer = undefined;
    const changed = vehicles.settle(now());
    const roomsUnfinished = rooms.tick();
    if (portfolio.tick(changed, now()) || roomsUnfinished) tickSoon();
  };
  const tickSoon = () => {
    timer ??= setTimeout(tick, TICK_MS);
  };

  const feed = startLiveFeed({
    log,
    from: await readCursor(pool, 'state'),
    installationsOf: deps.installationsOf,
    onProblem: deps.onProblem,
    async onEntries(entries) {
      await vehicles.load([...new Set(entries.map((entry) => entry.vehicleId ?? ''))].filter(Boolean));
      for (const entry of entries) {
        vehicles.merge(entry.vehicleId ?? '', entry);
        rooms.add(entry);
      }
      if (entries.length > 0) tickSoon();
    },
  });

  const watch = createRightsWatch({ access, viewers: () => viewers, rooms, portfolio, vehicles });
  const stopWatching = access.rights.on((event) => void watch(event));

  io.use(async (socket, next) => {
    try {
      const { token } = LiveHandshake.parse(socket.handshake.auth);
      const actor = await access.personFromToken(token);
      if (viewers.size >= MOST_SOCKETS) throw new AppError('overloaded');
      const own = [...viewers].filter((viewer) => viewer.actor.personId === actor.personId).length;
      if (own >= MOST_SOCKETS_PER_PERSON) throw new AppError('too_many_requests');
      socket.data = { actor, tokenExpiresAt: (decodeJwt(token).exp ?? 0) * 1000 } satisfies SocketData;
      next();
    } catch (error) {
      next(new Error(error instanceof AppError ? error.code : 'not_signed_in'));
    }
  });

  io.on('connection', (socket) => {
    const viewer: Viewer = { socket, actor: socket.data.actor };
    viewers.add(viewer);
    const expiry = setTimeout(() => endSession(viewer), Math.max(0, socket.data.tokenExpiresAt - now()));
    const mayAsk = createEventRate(EVENTS_PER_S, EVENTS_BURST, now);
    let refusals = 0;
    socket.use((packet, next) => {
      if (mayAsk()) return next();
      refusals += 1;
      const reply: unknown = packet.at(-1);
      if (typeof reply === 'function') reply({ ok: false, code: 'too_many_requests' });
      if (refusals > MOST_REFUSALS) socket.disconnect(true);
    });
    socket.on('disconnect', () => {
      clearTimeout(expiry);
      viewers.delete(viewer);
      rooms.leaveAll(viewer);
      portfolio.leave(viewer);
    });
    // A right that went between the handshake and here was announced to nobody: ask once more.
    void watch({ kind: 'session', id: viewer.actor.sessionId });
    handleEvents(viewer, { rooms, portfolio, position: feed.position, onError: deps.onProblem });
  });

  const { gauge } = deps.metrics;
  gauge('temoin_live_sockets', 'Open sockets', [], (g) => g.set(viewers.size));
  gauge('temoin_live_buffered_bytes_max', 'Most that waits for one socket', [], (g) =>
    g.set(Math.max(0, ...[...viewers].map(({ socket }) => bufferedBytes(socket)))),
  );
  gauge('temoin_live_rooms', 'Vehicles that somebody watches', [], (g) => g.set(rooms.openRooms()));

  return {
    position: feed.position,
    async close() {
      stopWatching();
      await feed.stop();
      clearTimeout(timer);
      // The HTTP server is not ours to close.
      io.disconnectSockets(true);
      io.engine.close();
    },
  };
}
