import { resolve } from 'node:path';
import { ErrorCode } from '@temoin/shared/errors';
import { readEnv } from '../config/env.ts';
import type { Operations } from '../features/operations/operations.ts';
import { AppError } from '../http/app-error.ts';
import { describeOptions, EXIT, readArguments, UsageError } from './arguments.ts';
import type { Command } from './command.ts';
import { backupCommand } from './commands/backup.ts';
import { boxCommand } from './commands/box.ts';
import { exportCommand } from './commands/export.ts';
import { rebuildCommand } from './commands/rebuild.ts';
import { restoreCommand } from './commands/restore.ts';
import { statusCommand } from './commands/status.ts';
import { userCommand } from './commands/user.ts';
import { verifyCommand } from './commands/verify.ts';
import { connectOperations } from './connect.ts';

// The operator's command line. Each command works on the service that runs on the data folder, and on the stores themselves
// when none runs. Exit codes: 0 all well, 1 a problem was found, 2 the command line is wrong, 69 a store is not to be had.

const COMMANDS: readonly Command[] = [
  statusCommand,
  verifyCommand,
  rebuildCommand,
  exportCommand,
  userCommand,
  boxCommand,
  backupCommand,
  restoreCommand,
];

function overview(): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length));
  return [
    'Usage: npm run temoin -- COMMAND …',
    '',
    ...COMMANDS.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    'npm run temoin -- COMMAND --help explains a command. All take --json and --data DIR.',
    'Exit codes: 0 all well, 1 a problem was found, 2 wrong command line, 69 a store or the service is not to be had.',
  ].join('\n');
}

const helpOf = ({ name, usage, summary, help, options }: Command): string =>
  [
    `Usage: npm run temoin -- ${name} ${usage}`.trimEnd(),
    '',
    `${summary}.`,
    ...(help ? ['', help] : []),
    '',
    describeOptions(options),
  ].join('\n');

async function run(argv: readonly string[]): Promise<number> {
  const [name = '--help', ...rest] = argv;
  if (name === '--help' || name === 'help') {
    print(
      rest.includes('--json') ? COMMANDS.map(({ name, usage, summary }) => ({ name, usage, summary })) : overview(),
    );
    return EXIT.ok;
  }
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (!command) {
    console.error(`There is no command "${name}".\n\n${overview()}`);
    return EXIT.usage;
  }
  const json = rest.includes('--json');
  let operations: Promise<Operations> | undefined;
  try {
    const args = readArguments(rest, command.options);
    if (args.flag('help')) {
      print(helpOf(command));
      return EXIT.ok;
    }
    const dataFolder = resolve(args.text('data') ?? readEnv().TEMOIN_DATA);
    const outcome = await command.run({
      args,
      dataFolder,
      operations: () => {
        operations ??= connectOperations(dataFolder);
        return operations;
      },
      progress: (text) => {
        if (process.stderr.isTTY && !json) console.error(text);
      },
    });
    if (outcome) print(json ? outcome.report : outcome.text);
    return outcome?.code ?? EXIT.ok;
  } catch (error) {
    return complain(error, command, json);
  } finally {
    await operations?.then(
      (there) => there.close(),
      () => undefined,
    );
  }
}

function complain(error: unknown, command: Command, json: boolean): number {
  const code = error instanceof UsageError ? 'bad_request' : error instanceof AppError ? error.code : 'internal_error';
  const message = error instanceof Error ? error.message : String(error);
  if (json) print({ error: { code: ErrorCode.parse(code), message } });
  else
    console.error(
      error instanceof UsageError ? `${message}.\nUsage: npm run temoin -- ${command.name} ${command.usage}` : message,
    );
  if (error instanceof UsageError) return EXIT.usage;
  return code === 'store_unavailable' ? EXIT.unavailable : EXIT.problem;
}

function print(output: unknown): void {
  console.log(typeof output === 'string' ? output : JSON.stringify(output, undefined, 2));
}

// A reader such as `head` that has seen enough closes the pipe: that is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT.ok);
});

process.exitCode = await run(process.argv.slice(2));
