import { randomBytes } from 'node:crypto';
import { AppError } from '../../http/app-error.ts';
import { inTransaction, type Pool, type Queryable } from '../../stores/postgres/pool.ts';
import { findOrganisation } from './find-vehicle.ts';
import { AddUser, type ChangedUser, type ChangeUser, type OperatorUser } from './operations.ts';

export interface UserDeps {
  readonly pool: Pool;
  readonly hashPassword: (password: string) => Promise<string>;
}

const SELECT = `
  SELECT p.email, p.name, p.role, o.name AS organisation, c.name AS client, p.disabled_at IS NOT NULL AS disabled
  FROM people p JOIN organisations o ON o.id = p.organisation_id LEFT JOIN clients c ON c.id = p.client_id`;

interface UserRow extends Omit<OperatorUser, 'client'> {
  readonly client: string | null;
}

const toUser = ({ client, ...row }: UserRow): OperatorUser => ({ ...row, ...(client !== null && { client }) });

export async function listUsers(db: Queryable): Promise<OperatorUser[]> {
  const { rows } = await db.query<UserRow>(`${SELECT} ORDER BY o.name, p.email`);
  return rows.map(toUser);
}

async function findUser(db: Queryable, email: string): Promise<OperatorUser> {
  const { rows } = await db.query<UserRow>(`${SELECT} WHERE p.email = $1`, [email]);
  if (!rows[0]) throw new AppError('not_found', `There is nobody with the address ${email}`);
  return toUser(rows[0]);
}

/** Adds a person; an insurer that is named and not there is made. Returns the password when it was made here. */
export async function addUser({ pool, hashPassword }: UserDeps, input: AddUser): Promise<ChangedUser> {
  const user = AddUser.parse(input);
  const password = user.password ?? newPassword();
  const passwordHash = await hashPassword(password);
  await inTransaction(pool, async (db) => {
    if (user.organisation)
      await db.query('INSERT INTO organisations (name) VALUES ($1) ON CONFLICT DO NOTHING', [user.organisation]);
    const organisation = await findOrganisation(db, user.organisation);
    const clientId = user.role === 'client' ? await clientOf(db, organisation.id, user.client ?? user.name) : null;
    const { rowCount } = await db.query(
      `INSERT INTO people (organisation_id, email, name, role, password_hash, client_id)
       VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (email) DO NOTHING`,
      [organisation.id, user.email, user.name, user.role, passwordHash, clientId],
    );
    if (rowCount === 0)
      throw new AppError('conflict', `${user.email} is there already: change it with "user role" or "user password"`);
    await audit(db, 'user.add', user.email, { role: user.role });
  });
  return { user: await findUser(pool, user.email), ...(user.password === undefined && { password }) };
}

/** Changes what is given. Sessions end by themselves: the database announces the change and the service looks again. */
export async function changeUser({ pool, hashPassword }: UserDeps, change: ChangeUser): Promise<ChangedUser> {
  const password = change.password === true ? newPassword() : change.password;
  const passwordHash = password && (await hashPassword(password));
  await inTransaction(pool, async (db) => {
    const user = await findUser(db, change.email);
    const role = change.role ?? user.role;
    const organisation = await findOrganisation(db, user.organisation);
    const client = change.client ?? user.client ?? user.name;
    const clientId = role === 'client' ? await clientOf(db, organisation.id, client) : null;
    await db.query(
      `UPDATE people SET role = $2, client_id = $3, password_hash = coalesce($4, password_hash),
         disabled_at = CASE WHEN $5::boolean IS NULL THEN disabled_at WHEN $5 THEN coalesce(disabled_at, now()) END
       WHERE email = $1`,
      [change.email, role, clientId, passwordHash ?? null, change.disabled ?? null],
    );
    if (passwordHash || change.disabled) {
      await db.query(
        `UPDATE sessions SET ended_at = now(), ended_reason = 'operator'
         WHERE ended_at IS NULL AND person_id = (SELECT id FROM people WHERE email = $1)`,
        [change.email],
      );
    }
    await audit(db, 'user.change', change.email, {
      role: change.role,
      disabled: change.disabled,
      password: Boolean(password),
    });
  });
  return { user: await findUser(pool, change.email), ...(change.password === true && password && { password }) };
}

async function clientOf(db: Queryable, organisationId: string, name: string): Promise<string | undefined> {
  await db.query('INSERT INTO clients (organisation_id, name) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
    organisationId,
    name,
  ]);
  const { rows } = await db.query<{ id: string }>('SELECT id FROM clients WHERE organisation_id = $1 AND name = $2', [
    organisationId,
    name,
  ]);
  return rows[0]?.id;
}

/** What an operator did, for the auditor; the address of a person is the subject, a password never appears. */
export async function audit(
  db: Queryable,
  action: string,
  subject: string,
  detail: Record<string, unknown> = {},
): Promise<void> {
  await db.query(`INSERT INTO audit_log (actor_kind, action, subject, detail) VALUES ('operator', $1, $2, $3)`, [
    action,
    subject,
    JSON.stringify(detail),
  ]);
}

/** 16 characters that are read aloud without mistakes: 80 bits. */
function newPassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789ABCD'.slice(0, 32);
  return Array.from(randomBytes(16), (byte) => letters[byte & 31]).join('');
}
