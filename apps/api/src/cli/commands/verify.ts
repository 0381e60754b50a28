import type { VerifyReport } from '../../features/operations/operations.ts';
import { EXIT } from '../arguments.ts';
import type { Command } from '../command.ts';
import { table } from '../table.ts';

export const verifyCommand: Command = {
  name: 'verify',
  usage: '[--deep]',
  summary: "Check the log, every signature, each box's chain, and the projections",
  help: `Reads the whole log and changes nothing. A hole (batches that never came) is listed and is no
problem of the store: while the box lives it still holds them. Exit code 1 when anything stored
is damaged, wrongly signed, out of its chain, or when a projection differs.`,
  options: { deep: { type: 'boolean', help: 'Also read the log into fresh projections and compare their digests' } },
  async run({ args, operations, progress }) {
    progress('Reading the log …');
    const report = await (await operations()).verify({ deep: args.flag('deep') });
    return { report, text: describe(report), code: report.ok ? EXIT.ok : EXIT.problem };
  },
};

function describe({ ok, log, projections }: VerifyReport): string {
  const lines = [
    `Log: ${log.entries} batches up to position ${log.head}, ${log.sealed} sealed by their box, ${log.unsealed} of forms without a seal.`,
  ];
  for (const problem of log.problems)
    lines.push(
      `  ${problem.code}: position ${problem.position}, box ${problem.boxId}, batch ${problem.boot}/${problem.seq}: ${problem.detail}`,
    );
  if (log.problemCount > log.problems.length)
    lines.push(`  … and ${log.problemCount - log.problems.length} more problems`);
  if (log.conflicts > 0) lines.push(`${log.conflicts} batches came again with other contents; the first was kept.`);
  if (log.boxes.length > 0) {
    const rows = log.boxes.map((box) => [
      box.vehicle ?? box.boxId,
      box.batches,
      box.lastSeq,
      box.missingBatches,
      box.broken.length,
      box.repeated.length,
      describeHoles(box.holes),
    ]);
    lines.push('', table([['vehicle', 'batches', 'last', 'missing', 'broken', 'repeated', 'holes'], ...rows]));
  }
  const rows = projections.map((p) => [p.name, p.cursor, p.behind, p.skipped, p.digest.slice(0, 16), verdict(p)]);
  lines.push('', table([['projection', 'cursor', 'behind', 'skipped', 'digest', ''], ...rows]));
  lines.push('', ok ? 'All is as it should be.' : 'There are problems.');
  return lines.join('\n');
}

const describeHoles = (holes: readonly { fromSeq: number; toSeq: number }[]): string =>
  holes
    .slice(0, 4)
    .map(({ fromSeq, toSeq }) => (fromSeq === toSeq ? `${fromSeq}` : `${fromSeq}–${toSeq}`))
    .join(', ') + (holes.length > 4 ? ', …' : '');

function verdict({ replayed, digest, ok }: VerifyReport['projections'][number]): string {
  if (replayed === undefined) return ok ? '' : 'problem';
  return replayed === digest ? 'equal to a fresh replay' : 'DIFFERS from a fresh replay';
}
