import { parseArgs } from 'node:util';

/** A wrong command line: shown with the command's own help, exit code 2. */
export class UsageError extends Error {}

export const EXIT = { ok: 0, problem: 1, usage: 2, unavailable: 69 } as const;

export interface Option {
  readonly type: 'string' | 'boolean';
  /** What stands for the value in the help, for example `FILE`. */
  readonly value?: string;
  readonly help: string;
}

export interface Arguments {
  readonly positionals: readonly string[];
  text(name: string): string | undefined;
  flag(name: string): boolean;
}

export const COMMON_OPTIONS = {
  data: { type: 'string', value: 'DIR', help: 'Data folder (default .temoin, or TEMOIN_DATA)' },
  json: { type: 'boolean', help: 'Print JSON instead of text' },
  help: { type: 'boolean', help: 'Show this' },
} as const satisfies Record<string, Option>;

/** Reads a command line with the options that are declared; throws `UsageError` in words. */
export function readArguments(args: readonly string[], options: Readonly<Record<string, Option>>): Arguments {
  try {
    const declared = Object.fromEntries(
      Object.entries({ ...options, ...COMMON_OPTIONS }).map(([name, { type }]) => [name, { type }]),
    );
    const { values, positionals } = parseArgs({ args: [...args], options: declared, allowPositionals: true });
    return {
      positionals,
      text: (name) => (typeof values[name] === 'string' ? values[name] : undefined),
      flag: (name) => values[name] === true,
    };
  } catch (error) {
    throw new UsageError((error as Error).message.split('. To specify')[0]);
  }
}

export function describeOptions(options: Readonly<Record<string, Option>>): string {
  const all: Readonly<Record<string, Option>> = { ...options, ...COMMON_OPTIONS };
  const rows = Object.entries(all).map(
    ([name, { value, help }]) => [`--${name}${value ? ` ${value}` : ''}`, help] as const,
  );
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, help]) => `  ${name.padEnd(width)}  ${help}`).join('\n');
}

/**
 * An instant from the command line, ms UTC: ISO 8601 (without an offset: UTC), a date, or ms since 1970. Undefined when not
 * given; throws `UsageError`.
 */
export function readInstant(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{10,14}$/.test(text)) return Number(text);
  const iso =
    /^\d{4}-\d{2}-\d{2}$/.test(text) || /(Z|[+-]\d{2}:?\d{2})$/.test(text) ? text : `${text.replace(' ', 'T')}Z`;
  const at = Date.parse(iso);
  if (Number.isNaN(at))
    throw new UsageError(`--${name} takes a time such as 2026-03-01 or 2026-03-01T14:30:00Z, not "${text}"`);
  return at;
}
