import { resolve } from 'node:path';
import type { ErrorCode } from '@temoin/shared/errors';
import { programVersion, readEnv } from '../config/env.ts';
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

const VERSION = programVersion();

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

export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Whether somebody is looking: then progress is shown. */
  readonly watched: boolean;
}

/** Runs one command line; returns its exit code. */
export async function runCommandLine(argv: readonly string[], terminal: Terminal): Promise<number> {
  const print = (output: unknown) =>
    terminal.out(typeof output === 'string' ? output : JSON.stringify(output, undefined, 2));
  const [name = '--help', ...rest] = argv;
  if (name === '--help' || name === 'help') {
    print(
      rest.includes('--json') ? COMMANDS.map(({ name, usage, summary }) => ({ name, usage, summary })) : overview(),
    );
    return EXIT.ok;
  }
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (!command) {
    terminal.err(`There is no command "${name}".\n\n${overview()}`);
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
        const there = operations ?? connectOperations(dataFolder, VERSION);
        operations = there;
        return there;
      },
      progress: (text) => {
        if (terminal.watched && !json) terminal.err(text);
      },
    });
    if (outcome) print(json ? outcome.report : outcome.text);
    return outcome?.code ?? EXIT.ok;
  } catch (error) {
    const { code, exit, message } = complaintOf(error, command);
    if (json) print({ error: { code, message } });
    else terminal.err(message);
    return exit;
  } finally {
    await operations?.then(
      (there) => there.close(),
      () => undefined,
    );
  }
}

function complaintOf(error: unknown, { name, usage }: Command): { code: ErrorCode; exit: number; message: string } {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof UsageError) {
    return { code: 'bad_request', exit: EXIT.usage, message: `${message}.\nUsage: npm run temoin -- ${name} ${usage}` };
  }
  const code = error instanceof AppError ? error.code : 'internal_error';
  return { code, exit: code === 'store_unavailable' ? EXIT.unavailable : EXIT.problem, message };
}
