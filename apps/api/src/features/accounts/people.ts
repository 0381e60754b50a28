import { Locale, PERMISSIONS, type Person, Role } from '@temoin/shared/accounts';
import type pg from 'pg';
import { AppError } from '../../http/app-error.ts';
import { inTransaction, type Pool, type Queryable } from '../../stores/postgres/pool.ts';
import { hashPassword } from './passwords.ts';

// People and what changes about them. Every change of rights is told to all processes by the database itself (0001), ends
// the sessions that it must end, and goes into the audit log in the same transaction.

export interface NewPerson {
  readonly organisationId: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly password: string;
  readonly locale?: Locale;
  /** For the role `client`, and for no other. */
  readonly clientId?: string;
}

/** Who does it, for the audit log: a person's id, or `operator`. */
export type DoneBy = string;

/** Throws `conflict` when the mail address is taken, `bad_request` when role and client do not fit. */
export async function createPerson(pool: Pool, person: NewPerson, by: DoneBy): Promise<string> {
  requireFit(person.role, person.clientId);
  const passwordHash = await hashPassword(person.password);
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ id: string }>(
      `INSERT INTO people (organisation_id, email, name, role, locale, password_hash, client_id)
       VALUES ($1, lower($2), $3, $4, $5, $6, $7) ON CONFLICT (email) DO NOTHING RETURNING id`,
      [
        ...[person.organisationId, person.email, person.name, person.role],
        ...[person.locale ?? 'fr', passwordHash, person.clientId ?? null],
      ],
    );
    const id = rows[0]?.id;
    if (!id) throw new AppError('conflict', 'Somebody has that mail address already', { field: 'email' });
    await audit(client, by, 'person.created', id, { role: person.role });
    return id;
  });
}

/** Throws `not_found`, or `conflict` when the organisation would be left without an administrator. */
export async function setRole(
  pool: Pool,
  personId: string,
  role: Role,
  clientId: string | undefined,
  by: DoneBy,
): Promise<void> {
  requireFit(role, clientId);
  await changePerson(pool, personId, by, `role.${role}`, async (client) => {
    await client.query('UPDATE people SET role = $2, client_id = $3 WHERE id = $1', [personId, role, clientId ?? null]);
  });
}

/** The person is out at once, with all sessions and sockets. Throws like `setRole`. */
export async function disablePerson(pool: Pool, personId: string, by: DoneBy): Promise<void> {
  await changePerson(pool, personId, by, 'disabled', async (client) => {
    await client.query('UPDATE people SET disabled_at = now() WHERE id = $1 AND disabled_at IS NULL', [personId]);
    await endSessionsOf(client, personId, 'disabled');
  });
}

export async function enablePerson(pool: Pool, personId: string, by: DoneBy): Promise<void> {
  await changePerson(pool, personId, by, 'enabled', async (client) => {
    await client.query('UPDATE people SET disabled_at = NULL WHERE id = $1', [personId]);
  });
}

/** Ends all sessions: whoever knew the old password is out. */
export async function setPassword(pool: Pool, personId: string, password: string, by: DoneBy): Promise<void> {
  const passwordHash = await hashPassword(password);
  await changePerson(pool, personId, by, 'password_set', async (client) => {
    await client.query('UPDATE people SET password_hash = $2 WHERE id = $1', [personId, passwordHash]);
    await endSessionsOf(client, personId, 'password_set');
  });
}

export interface PersonRow {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly organisationName: string;
  readonly disabledAt: number | undefined;
}

/** Everybody, or those of one organisation, by mail address. */
export async function listPeople(pool: Pool, organisationId?: string): Promise<PersonRow[]> {
  const { rows } = await pool.query<Record<string, string> & { disabled_at: Date | null }>(
    `SELECT p.id, p.email, p.name, p.role, o.name AS organisation_name, p.disabled_at
       FROM people p JOIN organisations o ON o.id = p.organisation_id
      WHERE $1::uuid IS NULL OR p.organisation_id = $1 ORDER BY p.email`,
    [organisationId ?? null],
  );
  return rows.map((row) => ({
    ...{
      id: row.id!,
      email: row.email!,
      name: row.name!,
      role: Role.parse(row.role),
      organisationName: row.organisation_name!,
    },
    disabledAt: row.disabled_at?.getTime(),
  }));
}

/** The person as pages show them, or undefined. */
export async function findPerson(db: Queryable, by: { id: string } | { email: string }) {
  const [column, value] = 'id' in by ? ['id', by.id] : ['email', by.email.toLowerCase()];
  const { rows } = await db.query<Record<string, string> & { disabled_at: Date | null }>(
    `SELECT p.id, p.email, p.name, p.role, p.locale, p.password_hash, p.disabled_at, o.id AS org_id, o.name AS org_name
       FROM people p JOIN organisations o ON o.id = p.organisation_id WHERE p.${column} = $1`,
    [value],
  );
  const row = rows[0];
  if (!row) return undefined;
  const role = Role.parse(row.role);
  const person: Person = {
    id: row.id!,
    email: row.email!,
    name: row.name!,
    role,
    organisation: { id: row.org_id!, name: row.org_name! },
    locale: Locale.parse(row.locale),
    permissions: [...PERMISSIONS[role]],
  };
  return { person, passwordHash: row.password_hash!, disabled: row.disabled_at !== null };
}

function requireFit(role: Role, clientId: string | undefined): void {
  if ((role === 'client') === (clientId !== undefined)) return;
  throw new AppError('bad_request', 'A client belongs to a client record, others to none', { field: 'clientId' });
}

async function changePerson(
  pool: Pool,
  personId: string,
  by: DoneBy,
  what: string,
  change: (client: pg.PoolClient) => Promise<void>,
): Promise<void> {
  await inTransaction(pool, async (client) => {
    // The organisation is locked, so that two people who remove each other do not both succeed.
    const { rows } = await client.query<{ organisation_id: string }>(
      `SELECT p.organisation_id FROM people p JOIN organisations o ON o.id = p.organisation_id
        WHERE p.id = $1 FOR UPDATE OF o, p`,
      [personId],
    );
    const organisationId = rows[0]?.organisation_id;
    if (!organisationId) throw new AppError('not_found', 'There is no such person');
    const before = await administratorsOf(client, organisationId);
    await change(client);
    if (before > 0 && (await administratorsOf(client, organisationId)) === 0) {
      throw new AppError('conflict', 'The last administrator of an organisation stays one');
    }
    await audit(client, by, `person.${what}`, personId, {});
  });
}

async function administratorsOf(client: pg.PoolClient, organisationId: string): Promise<number> {
  const { rows } = await client.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM people WHERE organisation_id = $1 AND role = 'administrator' AND disabled_at IS NULL`,
    [organisationId],
  );
  return rows[0]?.n ?? 0;
}

async function endSessionsOf(client: pg.PoolClient, personId: string, reason: string): Promise<void> {
  await client.query(
    'UPDATE sessions SET ended_at = now(), ended_reason = $2 WHERE person_id = $1 AND ended_at IS NULL',
    [personId, reason],
  );
}

async function audit(
  client: pg.PoolClient,
  by: DoneBy,
  action: string,
  subject: string,
  detail: object,
): Promise<void> {
  await client.query(
    `INSERT INTO audit_log (organisation_id, actor_kind, actor_id, action, subject, detail)
     SELECT organisation_id, $1, $2, $3, id::text, $5 FROM people WHERE id = $4`,
    [by === 'operator' ? 'operator' : 'person', by, action, subject, detail],
  );
}
