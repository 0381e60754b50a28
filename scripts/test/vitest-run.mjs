import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runProcess } from './run-process.mjs';

/**
 * Runs vitest and counts what its JSON report says. A file that could not be loaded, a crash outside of any test, a run that
 * found nothing or was stopped each count as one failure: the sum can never look better than what happened.
 */
export async function runVitest(root, { name, args = [], env = {}, timeoutMs, report }) {
  const file = join(root, 'test-results', `${name}.json`);
  mkdirSync(dirname(file), { recursive: true });
  rmSync(file, { force: true });
  const cli = join(root, 'node_modules/vitest/vitest.mjs');
  const run = await runProcess(
    process.execPath,
    [cli, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`, ...args],
    { cwd: root, env: { ...process.env, ...env, FORCE_COLOR: '0' }, timeoutMs, onLine: report },
  );
  return { name, ...countTests(readReport(file), run), seconds: run.seconds };
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Counts passed, failed and skipped tests of a vitest JSON report; `skips` names what was skipped, `failures` what failed. */
export function countTests(report, run) {
  const counts = { passed: 0, failed: 0, skipped: 0, failures: [], skips: [] };
  for (const file of report?.testResults ?? []) {
    let failedHere = 0;
    for (const test of file.assertionResults) {
      const title = test.fullName || test.title;
      if (test.status === 'passed') counts.passed++;
      else if (test.status === 'failed') {
        failedHere++;
        counts.failures.push(`${file.name}: ${title}`);
      } else {
        counts.skipped++;
        counts.skips.push({ title, note: test.meta?.note ?? '' });
      }
    }
    if (file.status === 'failed' && failedHere === 0) {
      failedHere = 1;
      counts.failures.push(`${file.name}: could not be run`);
    }
    counts.failed += failedHere;
  }
  if (!report)
    counts.failures.push(
      run.timedOut
        ? 'the run took too long and was stopped'
        : `the run left no report (it ended with ${run.signal ?? run.code})`,
    );
  else if (counts.passed + counts.failed + counts.skipped === 0) counts.failures.push('no test was found');
  else if (!run.ok && counts.failed === 0) counts.failures.push('an error outside of any test');
  if (counts.failed === 0 && counts.failures.length > 0) counts.failed = 1;
  return counts;
}
