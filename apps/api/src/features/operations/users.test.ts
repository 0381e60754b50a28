import { hash, verify } from '@node-rs/argon2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.ts';
import { addUser, changeUser, listUsers, type UserDeps } from './users.ts';

let database: TestDatabase;
let deps: UserDeps;
beforeAll(async () => {
  database = await createTestDatabase();
  deps = { pool: database.pool, hashPassword: (password) => hash(password, { memoryCost: 1024, timeCost: 1 }) };
});
afterAll(() => database?.drop());

const hashOf = async (email: string) =>
  (await database.pool.query<{ password_hash: string }>('SELECT password_hash FROM people WHERE email = $1', [email]))
    .rows[0]?.password_hash ?? '';

test('the first person of a new insurer is added with a password that works', async () => {
  const { user, password } = await addUser(deps, {
    email: 'Ada@Example.org ',
    name: 'Ada',
    role: 'administrator',
    organisation: 'Mutuelle A',
  });
  expect(user).toEqual({
    email: 'ada@example.org',
    name: 'Ada',
    role: 'administrator',
    organisation: 'Mutuelle A',
    disabled: false,
  });
  expect(await verify(await hashOf('ada@example.org'), password ?? '')).toBe(true);
  await expect(addUser(deps, { email: 'ada@example.org', name: 'Ada', role: 'auditor' })).rejects.toMatchObject({
    code: 'conflict',
  });
});

test('a client gets a client record, and loses it with the role', async () => {
  await addUser(deps, {
    email: 'carl@example.org',
    name: 'Carl',
    role: 'client',
    client: 'Transports Carl',
    password: 'long enough 1',
  });
  expect(await changeUser(deps, { email: 'carl@example.org', role: 'auditor' })).toMatchObject({
    user: { role: 'auditor' },
  });
  expect((await listUsers(database.pool)).find((user) => user.email === 'carl@example.org')).not.toHaveProperty(
    'client',
  );
});

test('a new password and disabling end what was open', async () => {
  const before = await hashOf('carl@example.org');
  await database.pool.query(
    `INSERT INTO sessions (person_id, expires_at) SELECT id, now() + interval '1 day' FROM people WHERE email = 'carl@example.org'`,
  );
  const { password } = await changeUser(deps, { email: 'carl@example.org', password: true, disabled: true });
  expect(await hashOf('carl@example.org')).not.toBe(before);
  expect(password).toHaveLength(16);
  const { rows } = await database.pool.query('SELECT ended_reason FROM sessions');
  expect(rows).toEqual([{ ended_reason: 'operator' }]);
  expect((await changeUser(deps, { email: 'carl@example.org', disabled: false })).user.disabled).toBe(false);
});

test('nobody is changed who is not there, and what was done is on record', async () => {
  await expect(changeUser(deps, { email: 'nobody@example.org', disabled: true })).rejects.toMatchObject({
    code: 'not_found',
  });
  const { rows } = await database.pool.query('SELECT action, subject FROM audit_log ORDER BY id');
  expect(rows.at(0)).toEqual({ action: 'user.add', subject: 'ada@example.org' });
});
