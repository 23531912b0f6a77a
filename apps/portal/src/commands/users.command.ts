import { Argument, Command, Option } from 'commander';
import type { UserRole } from '#access';
import { JSON_OPTION, type Output } from './output.js';
import type { AddOptions, ListOptions } from './users.action.js';
import { USER_ROLES } from '#access/words';

const actions = () => import('./users.action.js');

export function usersCommand(): Command {
  const users = new Command('users').description('Users: add, activate, deactivate, role, list.');
  users
    .command('add')
    .description("Add a person, or a service account. A person's subject is bound at the first session.")
    .option('--tenant <id>', 'tenant; every role but SUPER_ADMIN needs one')
    .requiredOption('--email <address>', 'unique over all tenants')
    .option('--name <name>', 'default: the e-mail')
    .addOption(new Option('--role <role>', 'what the user may do').choices(USER_ROLES).default('VIEWER'))
    .option('--service', 'a service account: owns keys, never signs in')
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExample: npm run portal -- users add --tenant 0197… --email ci@acme.example --service')
    .action(async (options: AddOptions) => (await actions()).addUser(options));
  change(users, 'activate', 'Let a user work again.', { isActive: true });
  change(users, 'deactivate', 'Stop every session and key of a user, at once.', { isActive: false });
  users
    .command('role <email>')
    .description('Give a user another role.')
    .addArgument(new Argument('<role>', 'what the user may do').choices(USER_ROLES))
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExample: npm run portal -- users role ada@acme.example OPERATOR')
    .action(async (email: string, role: UserRole, output: Output) =>
      (await actions()).changeUser(email, { role }, output),
    );
  users
    .command('list')
    .description('List users.')
    .option('--tenant <id>', 'of this tenant only')
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExample: npm run portal -- users list --json')
    .action(async (options: ListOptions) => (await actions()).listUsers(options));
  return users;
}

function change(users: Command, name: string, description: string, changes: { isActive: boolean }): void {
  users
    .command(`${name} <email>`)
    .description(description)
    .option(...JSON_OPTION)
    .addHelpText('after', `\nExample: npm run portal -- users ${name} ada@acme.example`)
    .action(async (email: string, output: Output) => (await actions()).changeUser(email, changes, output));
}
