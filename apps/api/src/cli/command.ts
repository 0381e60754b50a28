import type { Operations } from '../features/operations/operations.ts';
import type { Arguments, Option } from './arguments.ts';

/** What a command has to say: `report` for `--json`, `text` for people, `code` for scripts. */
export interface Outcome {
  readonly report: unknown;
  readonly text: string;
  readonly code: number;
}

export interface Command {
  readonly name: string;
  /** What follows the name, for example `VEHICLE --format csv|ndjson`. */
  readonly usage: string;
  readonly summary: string;
  readonly help?: string;
  readonly options: Readonly<Record<string, Option>>;
  /** Undefined outcome: the command wrote its output itself. */
  run(context: CommandContext): Promise<Outcome | undefined>;
}

export interface CommandContext {
  readonly args: Arguments;
  readonly dataFolder: string;
  /** Connects to the running service, or opens the stores when none runs. Closed by the caller. */
  readonly operations: () => Promise<Operations>;
  /** A line about progress, to standard error and only on a terminal. */
  readonly progress: (text: string) => void;
}
