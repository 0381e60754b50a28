import { portOfRunning } from './embedded-postgres.ts';

const EVERY_MS = 1_000;

/**
 * Looks whether the embedded server of `folder` still runs, and calls `onGone` once when it does not: it was killed, and
 * nobody starts it again but a new start of the service. The caller ends the service; whatever supervises it does the rest.
 */
export function watchEmbeddedPostgres(folder: string, onGone: () => void): () => void {
  let looking = false;
  let missed = 0;
  const timer = setInterval(async () => {
    if (looking) return;
    looking = true;
    missed = (await portOfRunning(folder)) === undefined ? missed + 1 : 0;
    looking = false;
    // Twice, so that a pid file that is just being written is no death.
    if (missed < 2) return;
    clearInterval(timer);
    onGone();
  }, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
