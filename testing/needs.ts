import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe } from 'vitest';
import { installedPath, ROOT } from './tools.mjs';

// Which real servers take part in this run. A test that lacks one is skipped with the reason in its title, and every answer
// is written down, so that the end of the run can name what was not tested. Never passed in silence.

export type ServerName =
  | 'influxd'
  | 'influxd2'
  | 'seaweedfs'
  | 'nats'
  | 'elm'
  | 'chromium'
  | 'ffmpeg'
  | 'mediamtx'
  | 'recordings';

export interface ServerAnswer {
  readonly name: ServerName;
  readonly available: boolean;
  /** Absolute path of the program (or folder, for `recordings`); empty when not available. */
  readonly path: string;
  /** Why it is not there, in words for the end of the run; empty when available. */
  readonly reason: string;
}

/** One JSON file per server; the runner empties this folder before a run and prints it afterwards. */
export const SERVERS_FOLDER = join(ROOT, 'node_modules', '.cache', 'temoin-test', 'servers');

const answers = new Map<ServerName, ServerAnswer>();

/** Is this server here, where, and if not why not. The answer is registered for the end of the run. */
export function needs(name: ServerName): ServerAnswer {
  const known = answers.get(name);
  if (known) return known;
  const found = FINDERS[name]();
  const answer: ServerAnswer =
    'path' in found
      ? { name, available: true, path: found.path, reason: '' }
      : { name, available: false, path: '', reason: found.reason };
  answers.set(name, answer);
  register(answer);
  return answer;
}

/** `describe`, skipped with the reasons in its title when one of the servers is not there. */
export function describeWith(names: readonly ServerName[], title: string, body: () => void): void {
  const missing = names.map(needs).filter((answer) => !answer.available);
  if (missing.length === 0) {
    describe(title, body);
    return;
  }
  describe.skip(`${title} (not run: ${missing.map((answer) => `${answer.name}: ${answer.reason}`).join('; ')})`, body);
}

type Found = { path: string } | { reason: string };

const FINDERS: Record<ServerName, () => Found> = {
  influxd: () => program('INFLUXD_BIN', installedPath('influxd'), ['influxd'], (path) => influxMajor(path) === '1'),
  influxd2: () => program('INFLUXD2_BIN', undefined, ['influxd', 'influxd2'], (path) => influxMajor(path) === '2'),
  seaweedfs: () => program('WEED_BIN', installedPath('seaweedfs'), ['weed']),
  nats: () => program('NATS_SERVER_BIN', installedPath('nats'), ['nats-server']),
  elm: () => program('ELM_EMULATOR_BIN', installedPath('elm'), ['elm']),
  chromium: () => program('CHROMIUM_BIN', undefined, ['chromium', 'chromium-browser', 'google-chrome']),
  ffmpeg: () => program('FFMPEG_BIN', undefined, ['ffmpeg']),
  mediamtx: () => program('MEDIAMTX_BIN', undefined, ['mediamtx']),
  recordings: () => {
    const path = process.env.TEMOIN_RECORDINGS ?? join(ROOT, '..', 'shared', 'data');
    return existsSync(path) ? { path } : { reason: 'no recorded drives beside the repository (../shared/data)' };
  },
};

function program(
  variable: string,
  installed: string | undefined,
  names: string[],
  isRight = (_: string) => true,
): Found {
  const given = process.env[variable];
  if (given) return isExecutable(given) ? { path: given } : { reason: `${variable} names no program that can be run` };
  const onPath = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  const path = [...(installed ? [installed] : []), ...onPath].find(
    (candidate) => isExecutable(candidate) && isRight(candidate),
  );
  return path ? { path } : { reason: `${names[0]} is not installed (looked at ${variable}, .tools and PATH)` };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** '1', '2' …; empty when the program does not say. Both lines call their program `influxd`. */
function influxMajor(path: string): string {
  try {
    const text = execFileSync(path, ['version'], {
      encoding: 'utf8',
      timeout: 10_000,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    // A 1.x built by `go install` says "InfluxDB unknown": the linker flags of a release are not there.
    return /InfluxDB\s+v?(\d+)\./.exec(text)?.[1] ?? (/InfluxDB v?unknown/.test(text) ? '1' : '');
  } catch {
    return '';
  }
}

function register(answer: ServerAnswer): void {
  mkdirSync(SERVERS_FOLDER, { recursive: true });
  const path = join(SERVERS_FOLDER, `${answer.name}.json`);
  // Several test processes answer at once: each writes its own file and moves it into place whole.
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(answer));
  renameSync(draft, path);
}
