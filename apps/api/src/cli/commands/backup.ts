import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { checkBackup } from '../../features/operations/restore.ts';
import { EXIT, UsageError } from '../arguments.ts';
import type { Command } from '../command.ts';

export const backupCommand: Command = {
  name: 'backup',
  usage: 'FILE',
  summary: 'All that cannot be made again (people, vehicles, boxes, the log), as of one moment, while the service runs',
  help: `The file is read again and checked before it gets its name. Not in it: the photos themselves (their names are; copy
the blob store), the service's keys (people sign in again), projections (they are made again from the log).`,
  options: {},
  async run({ args, operations, progress }) {
    const [file] = args.positionals;
    if (!file) throw new UsageError('Name the FILE to write');
    const draft = `${file}.part`;
    try {
      progress('Writing the backup …');
      await pipeline(Readable.from((await operations()).backup()), createWriteStream(draft, { mode: 0o600 }));
      progress('Checking it …');
      const manifest = await checkBackup(draft);
      await rename(draft, file);
      const { size } = await stat(file);
      const batches = manifest.sections.find((section) => section.name === 'batch_log')?.rows ?? 0;
      const report = {
        file,
        bytes: size,
        head: manifest.head,
        batches,
        photosNamed: manifest.blobs.length,
        digests: manifest.digests,
      };
      const text = `${file}: ${batches} batches up to position ${manifest.head}, ${(size / (1 << 20)).toFixed(1)} MB, whole.`;
      return {
        report,
        text:
          manifest.blobs.length > 0
            ? `${text}\n${manifest.blobs.length} photos are named in it and kept in the blob store: copy that too.`
            : text,
        code: EXIT.ok,
      };
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  },
};
