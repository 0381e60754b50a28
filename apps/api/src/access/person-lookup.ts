import { Role } from '@temoin/shared/accounts';
import { AppError } from '../http/app-error.ts';
import type { Pool } from '../stores/postgres/pool.ts';
import type { PersonActor } from './actor.ts';
import type { RightsEvents } from './rights-events.ts';

// A session's person as the database has it now. Kept for a few seconds, as pages ask often; forgotten the moment that the
// database says something changed, and not kept at all while we cannot hear it.

const KEEP_MS = 5_000;
const MOST_KEPT = 20_000;

export interface PersonLookup {
  /** Throws `session_ended` when the session or the person's right to sign in has ended. */
  bySession(sessionId: string, personId: string): Promise<PersonActor>;
}

export function createPersonLookup(pool: Pool, rights: RightsEvents, now: () => number = Date.now): PersonLookup {
  const kept = new Map<string, { actor: PersonActor; until: number; endsAt: number }>();
  // Rises with every change: an answer that was on its way when a change came is used once and not kept.
  let changes = 0;
  rights.on((event) => {
    changes += 1;
    if (event.kind === 'everything') kept.clear();
    if (event.kind === 'session') kept.delete(event.id);
    if (event.kind !== 'person') return;
    for (const [sessionId, { actor }] of kept) if (actor.personId === event.id) kept.delete(sessionId);
  });

  return {
    async bySession(sessionId, personId) {
      const known = kept.get(sessionId);
      if (
        known &&
        rights.isListening() &&
        known.until > now() &&
        known.endsAt > now() &&
        known.actor.personId === personId
      ) {
        return known.actor;
      }
      const before = changes;
      const found = await readPerson(pool, sessionId, personId);
      if (!found || found.endsAt <= now()) throw new AppError('session_ended', 'Sign in again');
      if (changes === before && rights.isListening()) {
        if (kept.size >= MOST_KEPT) kept.clear();
        kept.set(sessionId, { ...found, until: now() + KEEP_MS });
      }
      return found.actor;
    },
  };
}

async function readPerson(pool: Pool, sessionId: string, personId: string) {
  const { rows } = await pool.query<{
    organisation_id: string;
    role: string;
    client_id: string | null;
    expires_at: Date;
  }>(
    `SELECT p.organisation_id, p.role, p.client_id, s.expires_at
       FROM sessions s JOIN people p ON p.id = s.person_id
      WHERE s.id = $1::uuid AND p.id = $2::uuid AND s.ended_at IS NULL AND p.disabled_at IS NULL`,
    [sessionId, personId],
  );
  const row = rows[0];
  if (!row) return undefined;
  const actor: PersonActor = {
    kind: 'person',
    personId,
    sessionId,
    organisationId: row.organisation_id,
    role: Role.parse(row.role),
    clientId: row.client_id ?? undefined,
  };
  return { actor, endsAt: row.expires_at.getTime() };
}
