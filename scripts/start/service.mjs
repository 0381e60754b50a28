import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { superviseChild } from './child.mjs';
import { Complaint } from './options.mjs';

/** First start: initdb, migrations, demonstration insurer. Long, but not for ever. */
const READY_WITHIN_MS = 120_000;

/**
 * Room for what lives for a moment, in MB: readings do. With Node's default of 16 a third of the time under full load goes
 * into copying them about.
 */
export const SERVICE_NODE_ARGS = ['--max-semi-space-size=64'];

/** Starts the API on its data folder and waits until it is ready; a service that ends before that is a complaint in words. */
export async function startService({ root, options, dataFolder, address, say, isStopping, onChild }) {
  let wasReady = false;
  const child = superviseChild({
    name: 'service',
    // One that cannot start at all is explained, not tried again and again.
    restart: () => wasReady,
    file: join(root, 'apps/api/dist/main.js'),
    nodeArgs: SERVICE_NODE_ARGS,
    cwd: root,
    env: {
      ...process.env,
      NODE_ENV: 'production',
      TEMOIN_DATA: dataFolder,
      TEMOIN_HOST: options.host,
      TEMOIN_PORT: String(options.port),
      TEMOIN_PUBLIC_ORIGINS: process.env.TEMOIN_PUBLIC_ORIGINS ?? originsOf(options).join(','),
      // A replay brings its own vehicles, but somebody has to be able to sign in and look at them.
      TEMOIN_DEMO: options.demo ? '1' : '0',
      TEMOIN_DEMO_VEHICLES: String(options.replay ? 0 : options.vehicles),
    },
    logPath: join(dataFolder, 'logs/service.log'),
    onRestart: ({ code, signal, waitMs }) =>
      say(
        `The service ended (${signal ?? code}) and is started again in ${(waitMs / 1000).toFixed(1)} s; see ${join(dataFolder, 'logs/service.log')}`,
      ),
  });
  onChild(child);
  const abort = new AbortController();
  const outcome = await Promise.race([child.firstExit.then((exit) => ({ exit })), becomesReady(address, abort.signal)]);
  abort.abort();
  wasReady = outcome === 'ready';
  if (wasReady || isStopping()) return child;
  await child.stop();
  throw explain(child.log, dataFolder, options, outcome === 'late');
}

async function becomesReady(address, signal) {
  const until = Date.now() + READY_WITHIN_MS;
  while (Date.now() < until && !signal.aborted) {
    const reply = await fetch(`${address}/readyz`, { signal: AbortSignal.timeout(3_000) }).catch(() => undefined);
    if (reply?.ok) return 'ready';
    await sleep(100);
  }
  return 'late';
}

/** Under which origins pages and boxes reach a service that listens on `host`: others are refused at the sign-in. */
export function originsOf({ host, port }, interfaces = networkInterfaces()) {
  const names = ['localhost', '127.0.0.1'];
  if (host === '0.0.0.0' || host === '::') {
    for (const { address, family, internal } of Object.values(interfaces).flat()) {
      if (!internal && (family === 'IPv4' || host === '::')) names.push(family === 'IPv6' ? `[${address}]` : address);
    }
  } else if (!names.includes(host)) names.push(host.includes(':') ? `[${host}]` : host);
  return names.map((name) => `http://${name}:${port}`);
}

/** Turns the last words of a service that would not start into a sentence about what to do. */
function explain(log, dataFolder, options, late) {
  const words = log.lastWords(8);
  const said = words.join('\n');
  if (/ENOSPC|No space left on device|disk is full/i.test(said)) {
    return new Complaint(
      `The disk of ${dataFolder} is full. Free some space, or choose a folder on another disk with --data DIR.`,
    );
  }
  if (/EADDRINUSE/.test(said)) {
    return new Complaint(
      `Port ${options.port} is in use by another program. Choose another one: npm start -- --port ${options.port + 1}`,
    );
  }
  if (
    /database in .* does not start|could not (read|open|locate).*(checkpoint|control|relation)|invalid (page|checkpoint|primary checkpoint)|PANIC|incompatible|corrupt|not a valid (DuckDB )?database/i.test(
      said,
    )
  ) {
    return new Complaint(
      `The data in ${dataFolder} is damaged:\n${indent(words.slice(-3))}\nRestore a backup (npm run temoin -- restore FILE --data NEW_DIR), choose another folder with --data DIR, or begin anew with --fresh.`,
    );
  }
  const why = late ? `The service was not ready within ${READY_WITHIN_MS / 1000} s.` : 'The service could not start.';
  return new Complaint(`${why} The last that it said:\n${indent(words)}\nAll of it is in ${log.path}`);
}

const indent = (lines) => (lines.length > 0 ? lines.map((line) => `  ${line}`).join('\n') : '  (nothing)');

/** Asks a door of the operator; the token lies in the data folder. */
export async function operate(address, dataFolder, method, path, body) {
  const token = (await readFile(join(dataFolder, 'keys/operator-token'), 'utf8')).trim();
  const reply = await fetch(`${address}/v1/operations${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(300_000),
  });
  if (!reply.ok) {
    const error = await reply.json().catch(() => ({}));
    throw new Complaint(`The service refused ${path}: ${error.message ?? reply.status}`);
  }
  return reply.json();
}
