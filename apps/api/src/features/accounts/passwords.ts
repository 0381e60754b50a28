import { hash, verify } from '@node-rs/argon2';
import { AppError } from '../../http/app-error.ts';

// argon2id at OWASP's first choice. Each hash takes 19 MiB and some 20 ms of a core: so only a few are in work at once, and a
// flood of sign-ins waits in a short line or is turned away, instead of taking the machine down.

const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const AT_ONCE = 3;
const LONGEST_LINE = 60;
export const SHORTEST_PASSWORD = 10;

let running = 0;
const line: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) {
    if (line.length >= LONGEST_LINE)
      throw new AppError('overloaded', 'Too many sign-ins at this moment', { retryAfterS: 2 });
    await new Promise<void>((done) => line.push(done));
  } else running += 1;
  try {
    return await work();
  } finally {
    const next = line.shift();
    if (next) next();
    else running -= 1;
  }
}

/** PHC string of a new password. Throws `bad_request` when it is too short to be worth keeping secret. */
export async function hashPassword(password: string): Promise<string> {
  if (password.length < SHORTEST_PASSWORD) {
    throw new AppError('bad_request', `A password has at least ${SHORTEST_PASSWORD} characters`, { field: 'password' });
  }
  return inTurn(() => hash(password, PARAMETERS));
}

let decoy: Promise<string> | undefined;

/** Whether the password is right. With no account there is the same work to do, so that time tells nothing. */
export async function isPasswordRight(passwordHash: string | undefined, password: string): Promise<boolean> {
  decoy ??= hash('there is no such account', PARAMETERS);
  const against = passwordHash ?? (await decoy);
  const right = await inTurn(() => verify(against, password));
  return right && passwordHash !== undefined;
}
