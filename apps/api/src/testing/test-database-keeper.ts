import { stopEmbeddedPostgres } from '../stores/postgres/embedded-postgres.ts';
import { waitForFileLock } from '../stores/postgres/file-lock.ts';
import { livingUsers } from './test-database.ts';

// Runs on its own beside the tests' PostgreSQL and stops it when nobody has used it for a while. It looks under the lock,
// so that no test process can come in between the look and the stop.

const LOOK_EVERY_MS = 10_000;
const QUIET_LOOKS = 6;

const cache = process.argv[2];
if (!cache) throw new Error('Which folder?');

for (let quiet = 0; ; ) {
  await new Promise((done) => setTimeout(done, LOOK_EVERY_MS));
  quiet = (await livingUsers(`${cache}/users`)) === 0 ? quiet + 1 : 0;
  if (quiet < QUIET_LOOKS) continue;
  const lock = await waitForFileLock(`${cache}/lock`, 120_000);
  try {
    if ((await livingUsers(`${cache}/users`)) > 0) {
      quiet = 0;
      continue;
    }
    await stopEmbeddedPostgres(`${cache}/data`);
    break;
  } finally {
    await lock.release();
  }
}
