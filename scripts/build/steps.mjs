import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bundle, copyMigrations } from './bundle.mjs';

const run = promisify(execFile);
const SHARED = ['packages/shared/src', 'packages/shared/package.json'];
const ALWAYS = ['package-lock.json', 'tsconfig.base.json', 'scripts/build', 'scripts/build.mjs'];

/** Runs one workspace's own build script; on failure its output is the error, since it says what is wrong and ours does not. */
async function npmBuild(root, workspace) {
  try {
    await run('npm', ['run', 'build', '--silent', '-w', workspace], {
      cwd: root,
      maxBuffer: 64 << 20,
      shell: process.platform === 'win32',
      env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
    });
  } catch (error) {
    throw new Error(`Building ${workspace} failed:\n${`${error.stdout ?? ''}${error.stderr ?? error.message}`.trim()}`);
  }
}

async function version(root) {
  return JSON.stringify(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')).version);
}

/**
 * What is built, in order. `inputs` decides whether it has to be built again, `outputs` must all be there for a skip.
 * The base map comes first because the web app serves it and the bundles read the road graph.
 */
export const STEPS = [
  {
    name: 'map',
    title: 'base map and road graph',
    inputs: [...ALWAYS, 'packages/map-data'],
    outputs: ['packages/map-data/dist'],
    build: (root) => npmBuild(root, '@temoin/map-data'),
  },
  {
    name: 'api',
    title: 'service',
    inputs: [...ALWAYS, ...SHARED, 'apps/api/src', 'apps/api/package.json', 'packages/map-data/src'],
    outputs: ['apps/api/dist/main.js', 'apps/api/dist/temoin.js', 'apps/api/dist/migrations'],
    async build(root) {
      const define = { 'process.env.TEMOIN_VERSION': await version(root) };
      const out = await bundle({
        root,
        app: 'api',
        define,
        entries: { main: 'src/main.ts', temoin: 'src/cli/temoin.ts' },
      });
      await copyMigrations(join(root, 'apps/api/src/stores/postgres/migrations'), join(out, 'migrations'));
    },
  },
  {
    name: 'agent',
    title: 'device agent',
    inputs: [...ALWAYS, ...SHARED, 'apps/device-agent/src', 'apps/device-agent/package.json', 'packages/map-data/src'],
    outputs: ['apps/device-agent/dist/main.js', 'apps/device-agent/dist/fleet.js'],
    build: (root) => bundle({ root, app: 'device-agent', entries: { main: 'src/main.ts', fleet: 'src/fleet.ts' } }),
  },
  {
    name: 'web',
    title: 'web app',
    inputs: [...ALWAYS, ...SHARED, 'apps/web', 'packages/map-data'],
    outputs: ['apps/web/out/index.html'],
    build: (root) => npmBuild(root, '@temoin/web'),
  },
];
