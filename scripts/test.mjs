#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildAll } from './build.mjs';
import { installDependencies } from './start/install.mjs';
import { killAll, runProcess } from './test/run-process.mjs';
import { forgetServers, serversThatTookPart } from './test/servers.mjs';
import { runStaticChecks } from './test/static.mjs';
import { runVitest } from './test/vitest-run.mjs';

// `npm test`: installs what it needs, then types, lint and import rules, the build, unit and integration tests on real
// servers, and end to end in a real browser. The last line is the sum; nothing that went wrong is left out of it.

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MINUTE = 60_000;
const HELP = `Usage: npm test -- [--only static|unit|e2e] [--soak] [--no-install] [-- vitest filters]
  --only        One part only
  --soak        Long seeded runs as well (hours rather than minutes)
  --no-install  Do not install test servers; use what is there`;

async function main(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      only: { type: 'string' },
      soak: { type: 'boolean', default: false },
      'no-install': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(HELP);
  if (values.only && !['static', 'unit', 'e2e'].includes(values.only)) throw new Error(HELP);
  const wants = (part) => !values.only || values.only === part;
  const say = (text) => console.log(text);
  const startedAt = Date.now();
  const parts = [];
  const patience = values.soak ? 240 : 1;

  await installDependencies(ROOT, say);
  if (!values['no-install'] && (wants('unit') || wants('e2e'))) await installTestServers(say);

  forgetServers(ROOT);
  if (wants('static')) {
    say('\n— Types, lint, rules');
    const results = await runStaticChecks(ROOT, say);
    const failures = results.filter((result) => !result.ok).map((result) => result.name);
    parts.push({
      name: 'static',
      passed: results.length - failures.length,
      failed: failures.length,
      skipped: 0,
      failures,
      skips: [],
    });
  }
  const built = values.only === 'static' || (await build(parts, say));

  const env = { TEMOIN_SOAK: values.soak ? '1' : '' };
  if (wants('unit')) {
    say('\n— Unit and integration');
    parts.push(
      await runVitest(ROOT, {
        name: 'unit',
        args: positionals,
        env,
        timeoutMs: 15 * MINUTE * patience,
        report: say,
      }),
    );
  }
  if (wants('e2e')) {
    say('\n— End to end');
    const args = ['--config', 'e2e/vitest.config.ts', ...positionals];
    if (built)
      parts.push(await runVitest(ROOT, { name: 'e2e', args, env, timeoutMs: 15 * MINUTE * patience, report: say }));
    else
      parts.push({ name: 'e2e', passed: 0, failed: 1, skipped: 0, failures: ['not run: the build failed'], skips: [] });
  }

  const sum = (key) => parts.reduce((total, part) => total + part[key], 0);
  if (sum('failed') > 0)
    say(`\nFailed:\n${parts.flatMap((part) => part.failures.map((line) => `  ${part.name}: ${line}`)).join('\n')}`);
  if (!values.only || values.only !== 'static') say(`\n${serversThatTookPart(ROOT).join('\n')}`);
  say(`\n${((Date.now() - startedAt) / MINUTE).toFixed(1)} min in all.`);
  say(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
  process.exitCode = sum('failed') > 0 ? 1 : 0;
}

async function build(parts, say) {
  say('\n— Build');
  try {
    await buildAll({ progress: say });
    parts.push({ name: 'build', passed: 1, failed: 0, skipped: 0, failures: [], skips: [] });
    return true;
  } catch (error) {
    say(error.message);
    parts.push({ name: 'build', passed: 0, failed: 1, skipped: 0, failures: ['the build failed'], skips: [] });
    return false;
  }
}

async function installTestServers(say) {
  if (!existsSync(`${ROOT}/scripts/install-test-servers.mjs`)) return;
  say('Installing test servers (once) …');
  const run = await runProcess(process.execPath, ['scripts/install-test-servers.mjs'], {
    cwd: ROOT,
    timeoutMs: 20 * MINUTE,
    onLine: say,
  });
  if (!run.ok) say('Some test servers could not be installed; what needs them says so below.');
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    killAll();
    process.exit(130);
  });
}
main(process.argv.slice(2)).catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(2);
});
