import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openBrowser } from './browser.mjs';
import { checkDisk, checkPort } from './checks.mjs';
import { openDataFolder } from './data-folder.mjs';
import { planDemo, planReplay, startFleet } from './fleet.mjs';
import { installDependencies } from './install.mjs';
import { Complaint, HELP, readOptions } from './options.mjs';
import { stopOrphanedPostgres } from './postgres-orphan.mjs';
import { replayOnce } from './replay-once.mjs';
import { startService } from './service.mjs';

// The order of a start and, reversed, of a stop. What must stay true: whatever was started is stopped on every way out, and
// every way out that is not a success says in a sentence what to do.

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const say = (text) => console.log(text);

export async function run(args) {
  const stops = [];
  const state = { stopping: undefined };
  const stopAll = () => {
    state.stopping ??= (async () => {
      for (const stop of stops.reverse()) await stop().catch((error) => console.error(error.message));
    })();
    return state.stopping;
  };
  let signals = 0;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      signals += 1;
      if (signals === 1) say(stops.length > 1 ? '\nStopping …' : '');
      void stopAll().then(() => process.exit(signal === 'SIGINT' ? 130 : 0));
    });
  }

  try {
    process.exitCode = await start(args, stops, () => state.stopping !== undefined);
  } catch (error) {
    if (state.stopping) return; // a consequence of being stopped
    console.error(error instanceof Complaint ? `\n${error.message}` : explainUnknown(error));
    process.exitCode = error.exitCode ?? 1;
  }
  await stopAll();
  process.exit();
}

async function start(args, stops, isStopping) {
  const options = readOptions(args, process.env);
  if (options.help) {
    say(HELP);
    return 0;
  }
  // npm runs us in the project's folder; paths are meant from where the person is.
  const here = process.env.INIT_CWD ?? process.cwd();
  const dataFolder = resolve(options.data === '.temoin' ? ROOT : here, options.data);
  const replay = options.replay && resolve(here, options.replay);
  if (replay && !existsSync(replay))
    throw new Complaint(`There is no ${replay} to replay. Give a file or a folder of recorded drives.`);

  await checkDisk(dataFolder);
  const folder = await openDataFolder(dataFolder, { fresh: options.fresh });
  stops.push(async () => folder.release());
  await checkPort(options.port, options.host);

  await installDependencies(ROOT, say);
  if (!process.env.TEMOIN_NO_BUILD) await build();
  if (isStopping()) return 130;

  const address = `http://${options.host === '0.0.0.0' || options.host === '::' ? 'localhost' : hostInUrl(options.host)}:${options.port}`;
  say(
    existsSync(join(dataFolder, 'postgres'))
      ? 'Starting the service …'
      : 'Starting the service; the first time it makes its database …',
  );
  stops.push(async () => {
    await stopOrphanedPostgres(join(dataFolder, 'postgres'));
  });
  await startService({
    root: ROOT,
    options,
    dataFolder,
    address,
    say,
    isStopping,
    onChild: (child) => stops.push(() => child.stop()),
  });
  if (isStopping()) return 130;

  const plan = replay
    ? await planReplay({ root: ROOT, dataFolder, address, path: replay, speed: options.speed, say })
    : options.demo && options.vehicles > 0 && (await planDemo(dataFolder, address));
  if (options.once) return replayOnce({ root: ROOT, dataFolder, address, plan, say, stops });
  if (plan) {
    const fleet = await startFleet({ root: ROOT, dataFolder, plan, say });
    stops.push(() => fleet.stop());
  }
  await welcome(address, dataFolder);
  if (options.open && openBrowser(address)) say('It opens in your browser.');
  watchDisk(dataFolder);
  return new Promise(() => {}); // until a signal
}

async function build() {
  const { buildAll } = await import('../build.mjs');
  await buildAll({ progress: say }).catch((error) => {
    throw new Complaint(error.message);
  });
}

const hostInUrl = (host) => (host.includes(':') ? `[${host}]` : host);

async function welcome(address, dataFolder) {
  const settings = await fetch(`${address}/v1/settings`, { signal: AbortSignal.timeout(5_000) })
    .then((reply) => reply.json())
    .catch(() => ({}));
  say(`\n  Temoin is running at ${address}\n`);
  const accounts = settings.demoAccounts ?? [];
  if (accounts.length > 0) {
    const width = Math.max(...accounts.map(({ email }) => email.length));
    say('  Accounts of the demonstration:');
    for (const { email, role, password } of accounts)
      say(`    ${email.padEnd(width)}  ${password}  ${role.replaceAll('_', ' ')}`);
  } else {
    say(
      '  Add somebody who may sign in: npm run temoin -- user add you@example.org --role administrator --organisation NAME',
    );
  }
  say(
    `\n  Data are kept in ${dataFolder}, what the parts say in ${join(dataFolder, 'logs')}.\n  Ctrl-C stops everything.\n`,
  );
}

/** A disk that fills up while we run is said once, and again when it got better and worse. */
function watchDisk(dataFolder) {
  let complained = false;
  const timer = setInterval(async () => {
    try {
      await checkDisk(dataFolder);
      complained = false;
    } catch (error) {
      if (!complained) say(`Warning: ${error.message} Until then boxes keep their readings, and nothing is lost.`);
      complained = true;
    }
  }, 30_000);
  timer.unref();
}

function explainUnknown(error) {
  if (error?.code === 'ENOSPC') return '\nThe disk is full. Free some space and start again.';
  return `\nThe start failed: ${error?.message ?? error}\nIf this sentence does not help, run with NODE_DEBUG=temoin and report what it prints.${process.env.NODE_DEBUG === 'temoin' ? `\n${error?.stack}` : ''}`;
}
