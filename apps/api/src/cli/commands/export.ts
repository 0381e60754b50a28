import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { readInstant, UsageError } from '../arguments.ts';
import type { Command } from '../command.ts';

export const exportCommand: Command = {
  name: 'export',
  usage: '--vehicle VIN|LABEL [--from TIME] [--to TIME] [--format csv|ndjson] [--out FILE]',
  summary: 'Every reading of a vehicle at full resolution',
  help: 'Times are UTC unless they carry an offset; --from is included, --to is not. A metric that was not\nmeasured at an instant is empty. --json is the same as --format ndjson.',
  options: {
    vehicle: { type: 'string', value: 'VIN|LABEL', help: 'Which vehicle' },
    from: { type: 'string', value: 'TIME', help: 'From when, for example 2026-03-01 or 2026-03-01T14:30:00+01:00' },
    to: { type: 'string', value: 'TIME', help: 'Until when' },
    format: { type: 'string', value: 'csv|ndjson', help: 'Default csv' },
    out: { type: 'string', value: 'FILE', help: 'Write there instead of to standard output' },
  },
  async run({ args, operations }) {
    const vehicle = args.text('vehicle') ?? args.positionals[0];
    if (!vehicle) throw new UsageError('Say which vehicle with --vehicle VIN|LABEL');
    const format = args.text('format') ?? (args.flag('json') ? 'ndjson' : 'csv');
    if (format !== 'csv' && format !== 'ndjson') throw new UsageError(`--format takes csv or ndjson, not "${format}"`);
    const request = {
      vehicle,
      format,
      from: readInstant('from', args.text('from')),
      to: readInstant('to', args.text('to')),
    } as const;
    const text = Readable.from((await operations()).exportReadings(request));
    const out = args.text('out');
    if (out === undefined) {
      await pipeline(text, process.stdout, { end: false });
      return undefined;
    }
    // A file that has the name is whole: it gets it when everything is in it.
    const draft = `${out}.part`;
    try {
      await pipeline(text, createWriteStream(draft));
      await rename(draft, out);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
    return undefined;
  },
};
