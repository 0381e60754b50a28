import { EXIT } from '../arguments.ts';
import type { Command } from '../command.ts';
import { table } from '../table.ts';

export const statusCommand: Command = {
  name: 'status',
  usage: '',
  summary: 'What there is, and how far the projections are',
  options: {},
  async run({ operations }) {
    const report = await (await operations()).status();
    const text = [
      `Temoin ${report.version}: ${report.vehicles} vehicles, ${report.boxes} boxes, ${report.people} people, ${report.batches} batches in the log.`,
      '',
      table([['projection', 'cursor', 'behind'], ...report.projections.map((p) => [p.name, p.cursor, p.behind])]),
    ].join('\n');
    return { report, text, code: EXIT.ok };
  },
};
