import type { ClientToServerEvents, ServerToClientEvents } from '@temoin/shared/live';
import type { Server, Socket } from 'socket.io';
import type { PersonActor } from '../access/actor.ts';

/** One open page. Its rights are those of `actor`, which is replaced when they change. */
export interface Viewer {
  readonly socket: Socket<ClientToServerEvents, ServerToClientEvents, Record<string, never>, SocketData>;
  actor: PersonActor;
}
export interface SocketData {
  actor: PersonActor;
  tokenExpiresAt: number;
}
export type LiveIo = Server<ClientToServerEvents, ServerToClientEvents, Record<string, never>, SocketData>;
