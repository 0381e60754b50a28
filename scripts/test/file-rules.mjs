import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';

// Rules about files that no other tool checks: names in kebab-case, no grab-bag folders, no file that outgrew its thought,
// no TODO without an issue. Tests, data and composition roots may be longer.

const MAX_LINES = 350;
const CODE = /\.(ts|tsx|mjs|cjs)$/;
const KEBAB = /^\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;
const GRAB_BAG = /(^|\/)(utils?|common|helpers?|misc|types)\//;
const LENGTH_EXEMPT = /(\.test\.tsx?$|\/main\.ts$|\/catalogue\.ts$|\/messages\/|\/data\/)/;

/** Problems of the project's files, one sentence each. */
export function fileProblems(root) {
  const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  const problems = [];
  for (const file of tracked.split('\n').filter((name) => CODE.test(name))) {
    let text;
    try {
      text = readFileSync(`${root}/${file}`, 'utf8');
    } catch {
      continue; // deleted, not yet committed
    }
    if (!KEBAB.test(basename(file))) problems.push(`${file}: file names are kebab-case.`);
    if (GRAB_BAG.test(file)) problems.push(`${file}: no grab-bag folders; name the thing.`);
    const lines = text.split('\n').length;
    if (lines > MAX_LINES && !LENGTH_EXEMPT.test(file))
      problems.push(`${file}: ${lines} lines, more than ${MAX_LINES}; split it.`);
    for (const match of text.matchAll(/\bTODO\b(?!\(#\d+\))/g)) {
      if (file.startsWith('scripts/test/')) break;
      problems.push(`${file}:${text.slice(0, match.index).split('\n').length}: a TODO names its issue: TODO(#12).`);
    }
  }
  return problems;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const problems = fileProblems(process.cwd());
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
