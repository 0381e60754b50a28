import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Complaint } from './options.mjs';

// Dependencies are installed when node_modules does not fit the lock file, and the network is asked for nothing otherwise.
// npm keeps a copy of the lock file in node_modules/.package-lock.json; our own stamp remembers the last one that fitted.

const stampOf = (root) => join(root, 'node_modules/.cache/temoin-build/installed.sha256');

async function lockHash(root) {
  return createHash('sha256')
    .update(await readFile(join(root, 'package-lock.json')))
    .digest('hex');
}

/** The first package of the lock file that is not installed in its locked version; undefined when all are. */
async function firstMissing(root) {
  const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));
  const installed = await readFile(join(root, 'node_modules/.package-lock.json'), 'utf8')
    .then((text) => JSON.parse(text).packages)
    .catch(() => undefined);
  if (!installed) return 'node_modules';
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (!path.startsWith('node_modules/') || entry.optional || entry.link) continue;
    if (installed[path]?.version !== entry.version || !existsSync(join(root, path, 'package.json'))) return path;
  }
  return undefined;
}

/** Installs what the lock file names unless it is there already. Returns whether npm ran. */
export async function installDependencies(root, progress) {
  const hash = await lockHash(root);
  const stamp = stampOf(root);
  if (
    (await readFile(stamp, 'utf8').catch(() => '')) === hash &&
    existsSync(join(root, 'node_modules/.package-lock.json'))
  )
    return false;
  const missing = await firstMissing(root);
  if (missing) {
    progress('Installing dependencies (npm ci), about a minute the first time …');
    const { code, output } = await npmCi(root);
    if (code !== 0) {
      throw new Complaint(
        `Installing dependencies failed (npm ci ended with ${code}). The end of what it said:\n${output.trim().split('\n').slice(-12).join('\n')}\n` +
          'Check that the npm registry can be reached and that the disk has 1.5 GB free, then start again.',
      );
    }
  }
  // Whoever may not write here (an installed, read-only copy) simply looks again next time.
  await mkdir(dirname(stamp), { recursive: true })
    .then(() => writeFile(stamp, hash))
    .catch(() => undefined);
  return Boolean(missing);
}

function npmCi(root) {
  return new Promise((done) => {
    const child = spawn('npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    let output = '';
    const keep = (chunk) => {
      output = (output + chunk).slice(-20_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) =>
      done({ code: 127, output: `${error.message}: npm is needed to install dependencies.` }),
    );
    child.on('exit', (code) => done({ code: code ?? 1, output }));
  });
}
