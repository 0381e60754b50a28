import { expect, test } from 'vitest';
import { countTests } from './vitest-run.mjs';

const fine = { ok: true, timedOut: false };
const file = (statuses, status = 'passed') => ({
  name: 'a.test.ts',
  status,
  assertionResults: statuses.map((each, i) => ({ status: each, fullName: `test ${i}` })),
});
const sum = (report, run = fine) => {
  const { passed, failed, skipped } = countTests(report, run);
  return [passed, failed, skipped];
};

test('counts what passed, failed and was skipped', () => {
  expect(
    sum(
      { testResults: [file(['passed', 'failed', 'skipped', 'pending', 'todo'], 'failed'), file(['passed'])] },
      { ok: false },
    ),
  ).toEqual([2, 1, 3]);
});

test.each([
  ['a file that could not be loaded', { testResults: [file([], 'failed'), file(['passed'])] }, { ok: false }],
  ['an error outside of any test', { testResults: [file(['passed'])] }, { ok: false }],
  ['no report at all', undefined, { ok: true }],
  ['a run that was stopped', undefined, { ok: false, timedOut: true }],
  ['a run that found no test', { testResults: [] }, fine],
])('%s is a failure', (_what, report, run) => {
  const counted = countTests(report, run);
  expect(counted.failed).toBe(1);
  expect(counted.failures).toHaveLength(1);
});
