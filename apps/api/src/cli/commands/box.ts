import { EXIT, UsageError } from '../arguments.ts';
import type { Command } from '../command.ts';
import { table } from '../table.ts';

export const boxCommand: Command = {
  name: 'box',
  usage: 'list | code VEHICLE | revoke BOX|VEHICLE | legacy-key VEHICLE',
  summary: 'The boxes in the vehicles',
  help: `  list                 every box, its vehicle and its state
  code VEHICLE         a one-time code, 24 hours, with which a new box enrols itself
  revoke BOX|VEHICLE   nothing is taken from that box any more; what it sent stays
  legacy-key VEHICLE   a key for a box that speaks the old upload format
VEHICLE is a VIN, a label or an id.`,
  options: {},
  async run({ args, operations }) {
    const [verb = 'list', subject] = args.positionals;
    if (!['list', 'code', 'revoke', 'legacy-key'].includes(verb)) throw new UsageError(`"box ${verb}" is no command`);
    if (verb !== 'list' && !subject)
      throw new UsageError(`"box ${verb}" needs ${verb === 'revoke' ? 'a BOX or a VEHICLE' : 'a VEHICLE'}`);
    const there = await operations();
    const name = subject ?? '';
    if (verb === 'code') {
      const report = await there.createBoxCode(name);
      return {
        report,
        text: `${report.code}\nFor ${report.vehicle}, once, until ${new Date(report.expiresAt).toISOString()}.`,
        code: EXIT.ok,
      };
    }
    if (verb === 'legacy-key') {
      const report = await there.createLegacyKey(name);
      const text = `POST /api/embedded/${report.hashedVin}/UploadData\nAuthorization: Bearer ${report.key}\nFor ${report.vehicle}. The key is shown this once.`;
      return { report, text, code: EXIT.ok };
    }
    if (verb === 'revoke') {
      const report = await there.revokeBox(name);
      return {
        report,
        text: `Box ${report.id}${report.vehicle ? ` of ${report.vehicle}` : ''} is revoked.`,
        code: EXIT.ok,
      };
    }
    const report = await there.listBoxes();
    const rows = report.map((box) => [
      box.id,
      box.vehicle ?? '',
      box.kind,
      box.agentVersion,
      new Date(box.enrolledAt).toISOString().slice(0, 16).replace('T', ' '),
      box.revokedAt === undefined ? '' : `revoked ${new Date(box.revokedAt).toISOString().slice(0, 10)}`,
    ]);
    return { report, text: table([['box', 'vehicle', 'kind', 'agent', 'enrolled', ''], ...rows]), code: EXIT.ok };
  },
};
