import type { Socket } from 'socket.io';

// How much is on its way to one reader. A phone in a tunnel does not read; what we would have sent it must not pile up here.
// Readings and positions go only to sockets that keep up (a slow one later gets the newest, nothing in between). Facts are
// never dropped: when even they do not get through, the socket is closed and the page asks for them again by cursor.

/** From here on a socket gets no more readings and positions until it has drained. */
export const CONGESTED_FROM_BYTES = 64 * 1024;
/** Never more than this waits for one socket. */
export const MOST_BUFFERED_BYTES = 256 * 1024;

/** What of the transport is looked at; engine.io does not export it. */
interface EngineConnection {
  readonly writeBuffer: readonly { readonly data?: unknown }[];
  readonly transport: { readonly socket?: { readonly bufferedAmount: number } };
}

/** Bytes (about) that were handed over for a socket and have not left this process. */
export function bufferedBytes(socket: Pick<Socket, 'conn'>): number {
  const { writeBuffer, transport } = socket.conn as unknown as EngineConnection;
  let bytes = transport.socket?.bufferedAmount ?? 0;
  for (const { data } of writeBuffer) if (typeof data === 'string') bytes += data.length;
  return bytes;
}

export const isCongested = (socket: Pick<Socket, 'conn'>): boolean => bufferedBytes(socket) >= CONGESTED_FROM_BYTES;

/** Closes a socket at once and forgets what waits for it: a reader that stands still would never let it drain. */
export function cutOff(socket: Pick<Socket, 'conn'>): void {
  (socket.conn as unknown as { close(discard: boolean): void }).close(true);
}
