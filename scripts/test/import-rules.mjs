import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

// The import rules, and a guard for the guard: with a TypeScript it does not know, dependency-cruiser finds no violation
// because it finds no module. So fewer modules than these is a failure too; raise the numbers as the project grows.

export const RUNS = [
  {
    roots: ['apps/api', 'apps/device-agent', 'packages', 'testing', 'bench', 'e2e'],
    tsConfig: 'tsconfig.json',
    atLeast: 150,
  },
  { roots: ['apps/web'], tsConfig: 'apps/web/tsconfig.json', atLeast: 50 },
];

/** Cruises `roots`; returns the number of own modules looked at and the violations as sentences. */
export function cruise(root, { roots, tsConfig, config = join(root, '.dependency-cruiser.cjs'), cli: tools = root }) {
  const cli = join(tools, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const args = [cli, ...roots, '--config', config, '--ts-config', tsConfig, '--output-type', 'json'];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', maxBuffer: 256 << 20 });
  let report;
  try {
    report = JSON.parse(stdout);
  } catch {
    throw new Error(`dependency-cruiser gave no report: ${stderr.trim() || stdout.slice(0, 500)}`);
  }
  const modules = report.modules.filter((module) => /^(apps|packages|testing|bench|e2e)\//.test(module.source)).length;
  const violations = report.summary.violations
    .filter((violation) => violation.rule.severity === 'error')
    .map(
      ({ rule, from, to, cycle }) =>
        `${rule.name}: ${from} → ${cycle ? cycle.map((step) => step.name).join(' → ') : to}`,
    );
  return { modules, violations };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  let failed = false;
  for (const run of RUNS) {
    const { modules, violations } = cruise(process.cwd(), run);
    for (const violation of violations) console.error(violation);
    if (modules < run.atLeast) {
      console.error(
        `Only ${modules} modules looked at below ${run.roots.join(', ')}, expected at least ${run.atLeast}: the check itself is broken.`,
      );
    } else console.log(`${modules} modules below ${run.roots.join(', ')} keep the import rules, or are named above.`);
    failed ||= violations.length > 0 || modules < run.atLeast;
  }
  process.exitCode = failed ? 1 : 0;
}
