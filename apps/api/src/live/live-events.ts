import { JoinPortfolio, type JoinReply, JoinVehicle, View } from '@temoin/shared/live';
import * as z from 'zod';
import { AppError } from '../http/app-error.ts';
import type { Portfolio } from './portfolio.ts';
import type { Rooms } from './rooms.ts';
import type { Viewer } from './viewer.ts';

// What a page may ask over its socket. Everything is checked here once; every event is answered through its callback, and a
// refusal never says whether the vehicle exists.

export interface EventDeps {
  readonly rooms: Rooms;
  readonly portfolio: Portfolio;
  /** Position of the log up to which this process has shown everything. */
  readonly position: () => bigint;
  readonly onError: (error: unknown) => void;
}

type Refusal = { ok: false; code: 'not_found' | 'bad_request' | 'too_many_requests' };
type Answer = (answer: unknown) => void;

export function handleEvents(viewer: Viewer, { rooms, portfolio, position, onError }: EventDeps): void {
  const { socket } = viewer;

  const answering = async <T>(reply: unknown, work: () => Promise<JoinReply<T>> | { ok: boolean }) => {
    const answer: Answer = typeof reply === 'function' ? (reply as Answer) : () => undefined;
    try {
      answer(await work());
    } catch (error) {
      answer(refusalOf(error, onError));
    }
  };

  socket.on('vehicle.join', (message: unknown, reply: unknown) =>
    answering(reply, async () => {
      // Taken before the snapshot: what comes after it is sent, so nothing falls between.
      const cursor = position().toString();
      const { vehicle } = JoinVehicle.parse(message);
      return { ok: true, snapshot: await rooms.join(viewer, vehicle), cursor };
    }),
  );
  socket.on('vehicle.leave', (message: unknown, reply: unknown) =>
    answering(reply, () => {
      rooms.leave(viewer, JoinVehicle.parse(message).vehicle);
      return { ok: true };
    }),
  );
  socket.on('portfolio.join', (message: unknown, reply: unknown) =>
    answering(reply, async () => {
      const cursor = position().toString();
      const { view } = JoinPortfolio.parse(message ?? {});
      return { ok: true, snapshot: await portfolio.join(viewer, view), cursor };
    }),
  );
  socket.on('portfolio.view', (message: unknown, reply: unknown) =>
    answering(reply, () => ({ ok: portfolio.look(viewer, z.object({ view: View }).parse(message).view) })),
  );
  socket.on('portfolio.leave', (_message: unknown, reply: unknown) =>
    answering(reply, () => {
      portfolio.leave(viewer);
      return { ok: true };
    }),
  );
}

function refusalOf(error: unknown, onError: (error: unknown) => void): Refusal {
  if (error instanceof z.ZodError) return { ok: false, code: 'bad_request' };
  if (error instanceof AppError) {
    if (error.code === 'not_found' || error.code === 'forbidden') return { ok: false, code: 'not_found' };
    // A store that is away passes: the page tries again.
    if (error.code === 'too_many_requests' || error.code === 'store_unavailable')
      return { ok: false, code: 'too_many_requests' };
  }
  onError(error);
  return { ok: false, code: 'too_many_requests' };
}
