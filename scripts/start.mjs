#!/usr/bin/env node
// `npm start`: installs, builds and runs everything on this machine. This file must be understood by any Node that knows
// modules, so that a version that is too old gets a sentence instead of a syntax error; the rest is loaded after the check.

const NEEDED = [20, 19];
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1])) {
  console.error(
    `Temoin needs Node.js ${NEEDED.join('.')} or later, and this is ${process.versions.node}. Install a newer one from https://nodejs.org (or with your version manager), then start again.`,
  );
  process.exit(1);
}

void import('./start/run.mjs').then(({ run }) => run(process.argv.slice(2)));
