#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// `npm run temoin -- …`: the built command line, built first when its sources changed.

const root = fileURLToPath(new URL('..', import.meta.url));
const bundle = `${root}apps/api/dist/temoin.js`;

if (!existsSync(`${root}node_modules`)) {
  console.error('Dependencies are not installed yet: run npm start or npm ci once.');
  process.exit(69);
}
try {
  const { buildAll } = await import('./build.mjs');
  await buildAll({ only: ['api'], progress: (text) => process.stderr.isTTY && console.error(text) });
} catch (error) {
  // A command that worked yesterday must not be out of reach because the sources are being edited.
  if (!existsSync(bundle)) {
    console.error(error.message);
    process.exit(1);
  }
  console.error('The sources do not build; the command line built last is used.');
}
// npm runs scripts in the project's folder; paths on the command line are meant from where the person is.
const child = spawn(process.execPath, ['--enable-source-maps', bundle, ...process.argv.slice(2)], {
  cwd: process.env.INIT_CWD ?? process.cwd(),
  env: { ...process.env, TEMOIN_DATA: process.env.TEMOIN_DATA ?? `${root}.temoin` },
  stdio: 'inherit',
});
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 130 : 1)));
