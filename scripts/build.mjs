#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { hashInputs } from './build/input-hash.mjs';
import { STEPS } from './build/steps.mjs';

// `npm run build`: everything that runs in production, and nothing twice. A stamp is written only after a step succeeded, so
// an interrupted build is built again.

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const stampOf = (name) => join(ROOT, 'node_modules/.cache/temoin-build', `${name}.sha256`);

/** Builds what changed. `progress(text)` gets one line per step; `only` limits to steps by name. Returns the names built. */
export async function buildAll({ progress = console.log, force = false, only } = {}) {
  const built = [];
  for (const step of STEPS) {
    if (only && !only.includes(step.name)) continue;
    const hash = await hashInputs(ROOT, step.inputs);
    const stamp = stampOf(step.name);
    const there = step.outputs.every((output) => existsSync(join(ROOT, output)));
    const before = there && !force ? await readFile(stamp, 'utf8').catch(() => '') : '';
    if (before === hash) continue;
    const startedAt = Date.now();
    progress(`Building the ${step.title} …`);
    await rm(stamp, { force: true });
    await step.build(ROOT);
    const missing = step.outputs.filter((output) => !existsSync(join(ROOT, output)));
    if (missing.length > 0) throw new Error(`Building the ${step.title} left no ${missing.join(', ')}.`);
    await mkdir(dirname(stamp), { recursive: true });
    await writeFile(stamp, hash);
    built.push(step.name);
    progress(`Built the ${step.title} in ${((Date.now() - startedAt) / 1000).toFixed(1)} s.`);
  }
  return built;
}

const HELP = `Usage: npm run build -- [--force] [--only ${STEPS.map((step) => step.name).join('|')}]
Builds the base map, the service, the device agent and the web app; what is unchanged is skipped.`;

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    console.log(HELP);
  } else {
    const only = args.includes('--only') ? args[args.indexOf('--only') + 1]?.split(',') : undefined;
    if (only?.some((name) => !STEPS.some((step) => step.name === name))) {
      console.error(HELP);
      process.exit(2);
    }
    try {
      const built = await buildAll({ force: args.includes('--force'), only });
      if (built.length === 0) console.log('Everything is built already.');
    } catch (error) {
      console.error(error instanceof Error ? error.message : error);
      process.exit(1);
    }
  }
}
