import type {
  ClientToServerEvents,
  JoinReply,
  ServerToClientEvents,
  VehicleChange,
  VehicleReadings,
} from '@temoin/shared/live';
import type { Fact } from '@temoin/shared/telemetry';
import type { VehicleNow } from '@temoin/shared/vehicles';
import type { Socket } from 'socket.io-client';
import { createStore } from 'zustand/vanilla';
import { noteServerTime } from '@/lib/server-clock';
import { accessToken, session } from '@/lib/session';

// The one socket of this page. Rooms are remembered and joined again after every break, each time with a fresh snapshot:
// what was missed in between is never guessed. Reconnecting waits longer and longer, scattered, so that a restarted server
// is not met by everyone at once.

export type LiveStatus = 'idle' | 'connecting' | 'live' | 'reconnecting';

/** How the live connection is, for the words in the top bar. `since`: when it became so, this device's clock. */
export const liveStatus = createStore<{ status: LiveStatus; since: number }>(() => ({ status: 'idle', since: 0 }));

type LiveSocket = Socket<ServerToClientEvents, ClientToServerEvents>;

interface VehicleRoom {
  readonly kind: 'vehicle';
  readonly vehicle: string;
  readonly onSnapshot: (vehicle: VehicleNow) => void;
  readonly onReadings?: ((message: VehicleReadings) => void) | undefined;
  readonly onFact?: ((fact: Fact, cursor: string) => void) | undefined;
  readonly onClosed?: ((code: string) => void) | undefined;
  /** Known from the snapshot; events name the vehicle by it. */
  id?: string;
}

interface PortfolioRoom {
  readonly kind: 'portfolio';
  readonly onSnapshot: (vehicles: readonly VehicleNow[]) => void;
  readonly onChanges: (changes: readonly VehicleChange[], serverTime: number) => void;
  readonly onClosed?: ((code: string) => void) | undefined;
}

type Room = VehicleRoom | PortfolioRoom;

const ANSWER_WITHIN_MS = 10_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
/** Moving from page to page closes one room and opens another: the socket outlives that. */
const LINGER_MS = 5_000;

const rooms = new Set<Room>();
let socket: LiveSocket | undefined;
let opening: Promise<void> | undefined;
let refusals = 0;
let retryTimer: ReturnType<typeof setTimeout> | undefined;
let lingerTimer: ReturnType<typeof setTimeout> | undefined;

function setStatus(status: LiveStatus): void {
  if (liveStatus.getState().status !== status) liveStatus.setState({ status, since: Date.now() });
}

async function open(): Promise<void> {
  setStatus('connecting');
  const { io } = await import('socket.io-client');
  if (rooms.size === 0 || socket) return;
  const opened: LiveSocket = io({
    path: '/live',
    transports: ['websocket'],
    reconnectionDelay: FIRST_PAUSE_MS,
    reconnectionDelayMax: LONGEST_PAUSE_MS,
    randomizationFactor: 0.5,
    timeout: ANSWER_WITHIN_MS,
    // Without a token the server refuses, which `onRefused` answers with a pause and another try.
    auth: (give) =>
      void accessToken().then(
        (token) => give({ token }),
        () => give({ token: '' }),
      ),
  });
  socket = opened;
  opened.on('connect', () => {
    refusals = 0;
    setStatus('live');
    for (const room of rooms) join(room);
  });
  opened.on('disconnect', (reason) => {
    setStatus('reconnecting');
    if (reason === 'io server disconnect') retryLater();
  });
  opened.on('connect_error', () => {
    setStatus('reconnecting');
    if (!opened.active) retryLater();
  });
  opened.on('portfolio.changes', ({ changes, serverTime }) => {
    noteServerTime(serverTime);
    for (const room of rooms) if (room.kind === 'portfolio') room.onChanges(changes, serverTime);
  });
  opened.on('vehicle.readings', (message) => {
    for (const room of rooms) if (room.kind === 'vehicle' && room.id === message.vehicleId) room.onReadings?.(message);
  });
  opened.on('vehicle.fact', ({ vehicleId, fact, cursor }) => {
    for (const room of rooms) if (room.kind === 'vehicle' && room.id === vehicleId) room.onFact?.(fact, cursor);
  });
  opened.on('room.closed', ({ room: name, code }) => {
    for (const room of rooms) {
      const isIt =
        room.kind === 'portfolio'
          ? name.startsWith('portfolio:')
          : name === `vehicle:${room.vehicle}` || name === `vehicle:${room.id}`;
      if (isIt) room.onClosed?.(code);
    }
  });
}

/** The server itself hung up or refused us (a dead token, a restart): socket.io does not come back by itself then. */
function retryLater(): void {
  if (retryTimer || session.getState().phase === 'out') return;
  const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** refusals) * (0.5 + Math.random());
  refusals = Math.min(refusals + 1, 8);
  retryTimer = setTimeout(() => {
    retryTimer = undefined;
    socket?.connect();
  }, pauseMs);
}

function join(room: Room): void {
  const current = socket;
  if (!current?.connected) return;
  const answered =
    <T>(take: (snapshot: T) => void) =>
    (error: Error | null, answer: JoinReply<T>) => {
      if (!rooms.has(room) || socket !== current) return;
      if (error || (!answer.ok && answer.code === 'too_many_requests'))
        setTimeout(() => rooms.has(room) && join(room), FIRST_PAUSE_MS * 4);
      else if (answer.ok) take(answer.snapshot);
      else room.onClosed?.(answer.code);
    };
  if (room.kind === 'portfolio') {
    current.timeout(ANSWER_WITHIN_MS).emit('portfolio.join', {}, answered<VehicleNow[]>(room.onSnapshot));
    return;
  }
  const take = (vehicle: VehicleNow) => {
    room.id = vehicle.id;
    room.onSnapshot(vehicle);
  };
  current.timeout(ANSWER_WITHIN_MS).emit('vehicle.join', { vehicle: room.vehicle }, answered<VehicleNow>(take));
}

function enterRoom(room: Room): () => void {
  rooms.add(room);
  clearTimeout(lingerTimer);
  if (socket) {
    if (socket.disconnected && !socket.active) socket.connect();
    join(room);
  } else opening ??= open().finally(() => (opening = undefined));
  return () => leaveRoom(room);
}

function leaveRoom(room: Room): void {
  if (!rooms.delete(room)) return;
  const isStillWanted = [...rooms].some(
    (other) =>
      other.kind === room.kind &&
      (other.kind === 'portfolio' || (room.kind === 'vehicle' && other.vehicle === room.vehicle)),
  );
  if (socket?.connected && !isStillWanted) {
    const ignore = () => undefined;
    if (room.kind === 'portfolio') socket.emit('portfolio.leave', {}, ignore);
    else socket.emit('vehicle.leave', { vehicle: room.vehicle }, ignore);
  }
  if (rooms.size === 0) lingerTimer = setTimeout(closeSocket, LINGER_MS);
}

function closeSocket(): void {
  clearTimeout(retryTimer);
  retryTimer = undefined;
  socket?.disconnect();
  socket = undefined;
  setStatus('idle');
}

/** Follows one vehicle (id or VIN): its snapshot now and after every reconnect, then readings and facts. Returns the way out. */
export function joinVehicle(vehicle: string, handlers: Omit<VehicleRoom, 'kind' | 'vehicle' | 'id'>): () => void {
  return enterRoom({ kind: 'vehicle', vehicle, ...handlers });
}

/** Follows all vehicles that this person may see: a snapshot now and after every reconnect, then changes. Returns the way out. */
export function joinPortfolio(handlers: Omit<PortfolioRoom, 'kind'>): () => void {
  return enterRoom({ kind: 'portfolio', ...handlers });
}

/** Tries to connect at once, for the button in the offline bar and when the network is back. */
export function connectNow(): void {
  refusals = 0;
  if (socket && !socket.connected) {
    socket.disconnect();
    socket.connect();
  }
}

if (typeof window !== 'undefined') {
  window.addEventListener('online', connectNow);
  session.subscribe((now, before) => {
    if (now.phase === 'out' && before.phase !== 'out') closeSocket();
  });
}
