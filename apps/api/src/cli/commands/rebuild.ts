import { ProjectionName } from '../../features/operations/operations.ts';
import { EXIT, UsageError } from '../arguments.ts';
import type { Command } from '../command.ts';

const VERDICTS: Readonly<Record<string, string>> = {
  true: 'Equal.',
  false: 'They DIFFER: what was there was not what the log says. It is now.',
  undefined: 'Batches arrived meanwhile, so the two cannot be compared; verify --deep can.',
};

export const rebuildCommand: Command = {
  name: 'rebuild',
  usage: ProjectionName.options.join('|'),
  summary: 'Drop a projection, read the log again, compare digests before and after',
  help: 'The service goes on meanwhile; what the projection feeds is incomplete until it is done.\nExit code 1 when the digest differs.',
  options: {},
  async run({ args, operations, progress }) {
    const projection = ProjectionName.safeParse(args.positionals[0]);
    if (!projection.success) throw new UsageError(`Name one of ${ProjectionName.options.join(', ')}`);
    progress(`Rebuilding ${projection.data} …`);
    const report = await (await operations()).rebuild(projection.data);
    const text = [
      `${report.entries} batches read in ${(report.durationMs / 1000).toFixed(1)} s.`,
      `before ${report.before}`,
      `after  ${report.after}`,
      VERDICTS[String(report.equal)],
    ].join('\n');
    return { report, text, code: report.equal === false ? EXIT.problem : EXIT.ok };
  },
};
