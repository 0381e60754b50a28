import { Role } from '@temoin/shared/accounts';
import type { ChangedUser } from '../../features/operations/operations.ts';
import { EXIT, UsageError } from '../arguments.ts';
import type { Command, Outcome } from '../command.ts';
import { table } from '../table.ts';

const roles = Role.options.join(', ');

function readRole(text: string | undefined): Role {
  const role = Role.safeParse(text);
  if (!role.success) throw new UsageError(`The role is one of ${roles}`);
  return role.data;
}

const outcomeOf = (report: ChangedUser, what: string): Outcome => ({
  report,
  text: report.password ? `${what}\nPassword: ${report.password}\nIt is shown this once.` : what,
  code: EXIT.ok,
});

export const userCommand: Command = {
  name: 'user',
  usage: 'list | add EMAIL | role EMAIL ROLE | disable EMAIL | enable EMAIL | password EMAIL',
  summary: 'People who may sign in',
  help: `  list                                             everybody
  add EMAIL --name NAME --role ROLE [--organisation NAME] [--client NAME] [--password TEXT]
  role EMAIL ROLE [--client NAME]                  what they may; sessions follow at once
  disable EMAIL, enable EMAIL                      open sessions end at once
  password EMAIL [--password TEXT]                 a new one, made and shown unless given
Roles: ${roles}.`,
  options: {
    name: { type: 'string', value: 'NAME', help: 'How the person is called' },
    role: { type: 'string', value: 'ROLE', help: 'What the person may' },
    organisation: { type: 'string', value: 'NAME', help: 'Insurer; made if new, may be left out when there is one' },
    client: { type: 'string', value: 'NAME', help: 'Client record, for the role client' },
    password: { type: 'string', value: 'TEXT', help: 'At least 10 characters; left out, one is made' },
  },
  async run({ args, operations }) {
    const [verb = 'list', email = '', third] = args.positionals;
    if (!['list', 'add', 'role', 'disable', 'enable', 'password'].includes(verb))
      throw new UsageError(`"user ${verb}" is no command`);
    if (verb !== 'list' && !email.includes('@')) throw new UsageError(`"user ${verb}" needs the person's EMAIL`);
    const role = verb === 'role' ? readRole(third ?? args.text('role')) : undefined;
    if (verb === 'list') {
      const report = await (await operations()).listUsers();
      const rows = report.map((user) => [
        user.email,
        user.name,
        user.role,
        user.client ?? '',
        user.organisation,
        user.disabled ? 'disabled' : '',
      ]);
      return { report, text: table([['email', 'name', 'role', 'client', 'organisation', ''], ...rows]), code: EXIT.ok };
    }
    const password = args.text('password');
    if (password !== undefined && password.length < 10) throw new UsageError('A password has at least 10 characters');
    const client = args.text('client');
    if (verb === 'add') {
      const name = args.text('name') ?? email.split('@')[0] ?? email;
      const user = {
        email,
        name,
        role: readRole(args.text('role')),
        organisation: args.text('organisation'),
        client,
        password,
      };
      return outcomeOf(await (await operations()).addUser(user), `${email} is added.`);
    }
    if (verb === 'role')
      return outcomeOf(await (await operations()).changeUser({ email, role, client }), `${email} is ${role} now.`);
    if (verb === 'password')
      return outcomeOf(
        await (await operations()).changeUser({ email, password: password ?? true }),
        `${email} has a new password.`,
      );
    const disabled = verb === 'disable';
    return outcomeOf(
      await (await operations()).changeUser({ email, disabled }),
      `${email} is ${disabled ? 'disabled' : 'enabled'}.`,
    );
  },
};
