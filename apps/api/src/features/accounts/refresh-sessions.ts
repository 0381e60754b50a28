import { createHash, randomBytes } from 'node:crypto';
import type pg from 'pg';
import { AppError } from '../../http/app-error.ts';
import { inTransaction, type Pool, type Queryable } from '../../stores/postgres/pool.ts';

// A session is a family of refresh tokens, each good for one exchange. One that comes back after it was exchanged was copied
// by somebody, and as we cannot tell the thief from the owner, the whole session ends. Two tabs that exchange the same token
// at the same moment are no theft: for some seconds it is taken again, a few times.

const SESSION_LIFETIME = '30 days';
export const GRACE_S = 20;
const MOST_GRACE_USES = 5;

export interface OpenedSession {
  readonly sessionId: string;
  readonly personId: string;
  readonly refreshToken: string;
}

export async function openSession(pool: Pool, personId: string): Promise<OpenedSession> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ id: string }>(
      `INSERT INTO sessions (person_id, expires_at) VALUES ($1, now() + interval '${SESSION_LIFETIME}') RETURNING id`,
      [personId],
    );
    const sessionId = rows[0]!.id;
    return { sessionId, personId, refreshToken: await issueToken(client, sessionId) };
  });
}

/** Exchanges a refresh token for the next one. Throws `session_ended`; on reuse the session is over from then on. */
export async function rotateSession(pool: Pool, refreshToken: string): Promise<OpenedSession> {
  const outcome = await inTransaction(pool, (client) => rotateWithin(client, hashOf(refreshToken)));
  // Thrown only now, so that the ending of a stolen session is committed and not rolled back.
  if (!outcome) throw new AppError('session_ended', 'Sign in again');
  return outcome;
}

async function rotateWithin(client: pg.PoolClient, tokenHash: Buffer): Promise<OpenedSession | undefined> {
  const { rows } = await client.query<{
    session_id: string;
    person_id: string;
    alive: boolean;
    used: boolean;
    in_grace: boolean;
  }>(
    `SELECT s.id AS session_id, s.person_id,
            s.ended_at IS NULL AND s.expires_at > now() AND p.disabled_at IS NULL AS alive,
            t.used_at IS NOT NULL AS used,
            coalesce(t.used_at > now() - make_interval(secs => $2) AND t.grace_uses < $3, false) AS in_grace
       FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id JOIN people p ON p.id = s.person_id
      WHERE t.token_hash = $1
        FOR UPDATE OF s, t`,
    [tokenHash, GRACE_S, MOST_GRACE_USES],
  );
  const found = rows[0];
  if (!found?.alive) return undefined;
  if (found.used && !found.in_grace) {
    await endSessionWithin(client, found.session_id, 'refresh_token_reused');
    return undefined;
  }
  await client.query(
    found.used
      ? 'UPDATE refresh_tokens SET grace_uses = grace_uses + 1 WHERE token_hash = $1'
      : 'UPDATE refresh_tokens SET used_at = now() WHERE token_hash = $1',
    [tokenHash],
  );
  await client.query(`UPDATE sessions SET expires_at = now() + interval '${SESSION_LIFETIME}' WHERE id = $1`, [
    found.session_id,
  ]);
  const refreshTokenNew = await issueToken(client, found.session_id);
  return { sessionId: found.session_id, personId: found.person_id, refreshToken: refreshTokenNew };
}

/** Ends the session that a refresh token belongs to; answers its id, or undefined when there is none. */
export async function endSessionOf(pool: Pool, refreshToken: string): Promise<string | undefined> {
  const { rows } = await pool.query<{ session_id: string }>(
    'SELECT session_id FROM refresh_tokens WHERE token_hash = $1',
    [hashOf(refreshToken)],
  );
  const sessionId = rows[0]?.session_id;
  if (sessionId) await endSessionWithin(pool, sessionId, 'signed_out');
  return sessionId;
}

/** Removes what can never be used again; to be called once a day or so. */
export async function pruneSessions(pool: Pool): Promise<void> {
  await pool.query(`DELETE FROM sessions WHERE least(ended_at, expires_at) < now() - interval '30 days'`);
  // A used token must be remembered for as long as its session lives, or its reuse would go unnoticed.
}

async function endSessionWithin(db: Queryable, sessionId: string, reason: string): Promise<void> {
  await db.query('UPDATE sessions SET ended_at = now(), ended_reason = $2 WHERE id = $1 AND ended_at IS NULL', [
    sessionId,
    reason,
  ]);
}

async function issueToken(client: pg.PoolClient, sessionId: string): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await client.query('INSERT INTO refresh_tokens (token_hash, session_id) VALUES ($1, $2)', [hashOf(token), sessionId]);
  return token;
}

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();
