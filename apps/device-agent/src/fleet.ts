import { readFile, rename, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { parsePlan } from './fleet/plan.ts';
import { runFleet } from './fleet/run-fleet.ts';
import { AGENT_VERSION } from './version.ts';

// Many virtual boxes in one process, for demonstrations and replays. What happens is said as NDJSON on the standard output,
// one event a line; problems of the command itself go to the standard error.

const HELP = `Usage: fleet [PLAN]

Runs many virtual boxes in one process. PLAN is a JSON file; without it, or with "-", the plan is read from standard input.
Events are printed as NDJSON. SIGTERM or SIGINT: what is open is put on disk, then the process ends; the next start goes on.

Exit codes: 0 done, 1 something of the plan could not be done, 2 the plan or the command is wrong.
`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const [file = '-'] = positionals;
  const plan = parsePlan(file === '-' ? await text(process.stdin) : await readFile(file, 'utf8'));
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort());
  // Whoever reads the events may end before us; that is no reason to lose readings.
  process.stdout.on('error', () => undefined);
  const say = (event: object): void => {
    process.stdout.write(`${JSON.stringify(event)}\n`);
  };
  const report = await runFleet(plan, { signal: stop.signal, say, agentVersion: AGENT_VERSION });
  if (plan.once) {
    if (plan.report) {
      await writeFile(`${plan.report}.new`, `${JSON.stringify(report, undefined, 2)}\n`);
      await rename(`${plan.report}.new`, plan.report);
    }
    say({ event: 'report', ...report });
    return report.complete ? 0 : 1;
  }
  return report.boxes.some((box) => box.error !== undefined) ? 1 : 0;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  },
);
