import { join } from 'node:path';
import { runProcess } from './run-process.mjs';

const bin = (name) => join('node_modules', name);

/** Each is one check and counts as one test. The slow ones come first, so that two at a time keep two cores busy. */
export const STATIC_CHECKS = [
  { name: 'types of service, agent, packages and tests', args: [bin('typescript/bin/tsc'), '-p', 'tsconfig.json'] },
  { name: 'types of the web app', args: [bin('typescript/bin/tsc'), '-p', 'apps/web/tsconfig.json'] },
  { name: 'lint and format', args: [bin('@biomejs/biome/bin/biome'), 'check', '--diagnostic-level=error', '.'] },
  { name: 'import rules', args: ['scripts/test/import-rules.mjs'] },
  { name: 'file names and sizes', args: ['scripts/test/file-rules.mjs'] },
];

/** Runs the checks two at a time; returns them with `ok`, `seconds` and, for those that failed, `output`. */
export async function runStaticChecks(root, report) {
  const waiting = [...STATIC_CHECKS];
  const results = [];
  const worker = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      const result = await runProcess(process.execPath, check.args, { cwd: root, timeoutMs: 240_000 });
      results.push({ name: check.name, ...result });
      report(`${result.ok ? '✓' : '✗'} ${check.name} (${result.seconds.toFixed(1)} s)`);
      if (!result.ok) report(result.output.trim().split('\n').slice(0, 80).join('\n'));
    }
  };
  await Promise.all([worker(), worker()]);
  return results;
}
