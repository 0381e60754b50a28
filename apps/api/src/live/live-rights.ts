import { roomOfPortfolio } from '@temoin/shared/live';
import type { PersonActor } from '../access/actor.ts';
import type { Access } from '../access/identify.ts';
import type { RightsEvent } from '../access/rights-events.ts';
import { AppError } from '../http/app-error.ts';
import type { LiveVehicles } from './live-vehicles.ts';
import type { Portfolio } from './portfolio.ts';
import type { Rooms } from './rooms.ts';
import type { Viewer } from './viewer.ts';

// Rights that went away while a page is open. Every change is answered by asking again; who cannot be asked about (the
// database is away) is cut off after a few tries, because an open room is worth less than a closed one is safe.

export interface RightsDeps {
  readonly access: Pick<Access, 'personAgain'>;
  readonly viewers: () => Iterable<Viewer>;
  readonly rooms: Rooms;
  readonly portfolio: Portfolio;
  readonly vehicles: LiveVehicles;
}

const TRIES = 4;
const BETWEEN_TRIES_MS = 300;

/** Returns the listener for rights events; it never throws. */
export function createRightsWatch({ access, viewers, rooms, portfolio, vehicles }: RightsDeps) {
  const renew = async (viewer: Viewer): Promise<void> => {
    let actor: PersonActor;
    try {
      actor = await access.personAgain(viewer.actor);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'session_ended') throw error;
      endSession(viewer);
      return;
    }
    const before = viewer.actor;
    viewer.actor = actor;
    const changed =
      actor.role !== before.role ||
      actor.clientId !== before.clientId ||
      actor.organisationId !== before.organisationId;
    if (!changed) return;
    portfolio.close((v) => v === viewer);
    await rooms.recheck((v) => v === viewer);
  };

  const ownersChanged = async (ids?: readonly string[]) => {
    await rooms.recheck((_, vehicle) => !ids || ids.includes(vehicle.id));
    const before = ids?.map((id) => vehicles.find(id)).filter((v) => v !== undefined);
    const organisations = new Set(before?.map((v) => v.organisationId));
    await vehicles.reloadOwners(ids);
    for (const v of before ?? []) organisations.add(v.organisationId);
    portfolio.close((viewer) => !ids || organisations.has(viewer.actor.organisationId));
  };

  const answer = async (event: RightsEvent) => {
    await Promise.all(affected(event).map(renew));
    if (event.kind === 'vehicle') await ownersChanged([event.id]);
    if (event.kind === 'everything') await ownersChanged();
  };
  const affected = (event: RightsEvent): Viewer[] =>
    [...viewers()].filter(
      ({ actor }) =>
        event.kind === 'everything' ||
        (event.kind === 'person' && actor.personId === event.id) ||
        (event.kind === 'session' && actor.sessionId === event.id),
    );

  return async (event: RightsEvent): Promise<void> => {
    for (let attempt = 1; attempt <= TRIES; attempt += 1) {
      try {
        await answer(event);
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, BETWEEN_TRIES_MS));
      }
    }
    const cutOff = event.kind === 'vehicle' ? [...viewers()] : affected(event);
    for (const viewer of cutOff) viewer.socket.disconnect(true);
  };
}

/** Tells the page why, then closes. */
export function endSession(viewer: Viewer): void {
  const room = roomOfPortfolio(viewer.actor.organisationId);
  viewer.socket.emit('room.closed', { room, code: 'session_ended' });
  viewer.socket.disconnect(true);
}
