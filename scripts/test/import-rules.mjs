import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

// The import rules, and a guard for the guard: with a TypeScript it does not know, dependency-cruiser finds no violation
// because it finds no module. So fewer modules than these is a failure too; raise the numbers as the project grows.

const ROOTS = ['apps', 'packages', 'testing', 'bench', 'e2e'];
const AT_LEAST = 300;

/** Cruises `roots`; returns the number of own modules looked at and the violations as sentences. */
export function cruise(
  root,
  {
    roots = ROOTS,
    tsConfig = 'tsconfig.imports.json',
    config = join(root, '.dependency-cruiser.cjs'),
    cli: tools = root,
  } = {},
) {
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
  const { modules, violations } = cruise(process.cwd());
  for (const violation of violations) console.error(violation);
  const tooFew = modules < AT_LEAST;
  if (tooFew)
    console.error(`Only ${modules} modules were looked at, expected at least ${AT_LEAST}: the check itself is broken.`);
  else console.log(`${modules} modules looked at, ${violations.length} violations.`);
  process.exitCode = tooFew || violations.length > 0 ? 1 : 0;
}
