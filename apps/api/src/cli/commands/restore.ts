import { resolve } from 'node:path';
import { EXIT, UsageError } from '../arguments.ts';
import type { Command } from '../command.ts';
import { restoreIntoFolder } from '../local-restore.ts';
import { table } from '../table.ts';

export const restoreCommand: Command = {
  name: 'restore',
  usage: 'FILE --data NEW_DIR',
  summary: 'Fill an empty data folder from a backup, make the projections again, compare digests',
  help: `Nothing is restored over something: name a new folder (and, with DATABASE_URL, an empty database).
Exit code 1 when a projection differs from what it was when the backup was made.`,
  options: {},
  async run({ args, dataFolder, progress }) {
    const [file] = args.positionals;
    if (!file) throw new UsageError('Name the FILE to read');
    const report = await restoreIntoFolder(resolve(file), dataFolder, progress);
    const rows = report.projections.map((p) => [
      p.name,
      p.digest.slice(0, 16),
      p.expected === undefined ? 'was not caught up at the backup' : p.equal ? 'equal' : 'DIFFERS',
    ]);
    const text = [
      `${report.batches} batches up to position ${report.head} restored into ${dataFolder}.`,
      '',
      table([['projection', 'digest', 'compared with the backup'], ...rows]),
      ...(report.photosNamed > 0 ? ['', `${report.photosNamed} photos are named in it: copy the blob store too.`] : []),
    ].join('\n');
    return { report, text, code: report.projections.every((p) => p.equal !== false) ? EXIT.ok : EXIT.problem };
  },
};
