import { type Action, PERMISSIONS } from '@temoin/shared/accounts';
import { AppError } from '../http/app-error.ts';
import type { Actor } from './actor.ts';

// THE decision whether somebody may. Every HTTP route, socket room, export and photo comes through here, so that there is one
// place to get it right. What one may not see does not exist: another's thing and an absent thing give the same answer.

/** To whom a thing belongs. `clientId` is set for vehicles (and what hangs on them) that a client owns. */
export interface Belonging {
  readonly organisationId: string;
  readonly clientId?: string | null | undefined;
}

/**
 * Returns when `actor` may do `action`.
 *
 * `resource` is the thing it is done to: `null` when it was looked for and is not there, absent when the action is on the
 * actor's own organisation as a whole. Throws `not_found` for what is absent or another's, `forbidden` when the thing may be
 * seen but the role lacks the action.
 */
export function authorize(actor: Actor, action: Action, resource?: Belonging | null): void {
  if (resource !== undefined && !(resource !== null && isWithinReach(actor, resource))) throw hidden();
  if (!hasPermission(actor, action)) throw new AppError('forbidden');
}

/** Which things `actor` may do `action` to, as bounds for a query; `undefined` is unbounded. Agrees with `authorize`. */
export interface Scope {
  readonly organisationId: string | undefined;
  readonly clientId: string | undefined;
}

export function scopeOf(actor: Actor, action: Action): Scope {
  authorize(actor, action);
  if (actor.kind === 'person') return { organisationId: actor.organisationId, clientId: actor.clientId };
  return { organisationId: undefined, clientId: undefined };
}

/** Whether the role allows the action at all; decides which parts of an answer are filled in. */
export function hasPermission(actor: Actor, action: Action): boolean {
  switch (actor.kind) {
    case 'operator':
      return true;
    case 'person':
      return PERMISSIONS[actor.role].includes(action);
    case 'box':
      return false;
  }
}

/** The one answer for everything that is not to be seen: same code, same words. */
export const hidden = (): AppError => new AppError('not_found', 'There is no such thing here');

function isWithinReach(actor: Actor, resource: Belonging): boolean {
  switch (actor.kind) {
    case 'operator':
      return true;
    case 'box':
      return false;
    case 'person':
      if (resource.organisationId !== actor.organisationId) return false;
      // A client with no client record set reaches nothing, rather than everything without an owner.
      return actor.role !== 'client' || (actor.clientId !== undefined && resource.clientId === actor.clientId);
  }
}
