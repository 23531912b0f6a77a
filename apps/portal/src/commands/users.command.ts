import { Command, Option } from 'commander';
import { USER_ROLES, type UserRole } from '#access';
import { TenancyAdministration } from '#tenancy';
import { withServices } from './database.js';
import { namingOptions } from './option-names.js';
import { JSON_OPTION, printObject, printRows } from './output.js';

interface Output {
  json?: boolean;
}
interface AddOptions extends Output {
  tenant?: string;
  email: string;
  name?: string;
  role: UserRole;
  service?: boolean;
}
type User = Awaited<ReturnType<TenancyAdministration['addUser']>>;

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
    .action(async ({ tenant, email, name, role, service, json }: AddOptions) => {
      const user = { tenantId: tenant ?? null, email, name: name ?? email, role, kind: kindOf(service) };
      const added = namingOptions(() => administer((administration) => administration.addUser(user)));
      printObject(shown(await added), { json });
    });
  change(users, 'activate', 'Let a user work again.', { isActive: true });
  change(users, 'deactivate', 'Stop every session and key of a user, at once.', { isActive: false });
  users
    .command('role <email> <role>')
    .description(`Give a user another role: ${USER_ROLES.join(', ')}.`)
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExample: npm run portal -- users role ada@acme.example OPERATOR')
    .action(async (email: string, role: string, output: Output) => {
      const known = USER_ROLES.find((candidate) => candidate === role);
      if (!known) users.error(`error: ${role} is no role; allowed are ${USER_ROLES.join(', ')}`);
      else
        printObject(
          shown(await administer((administration) => administration.changeUser(email, { role: known }))),
          output,
        );
    });
  users
    .command('list')
    .description('List users.')
    .option('--tenant <id>', 'of this tenant only')
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExample: npm run portal -- users list --json')
    .action(async ({ tenant, json }: Output & { tenant?: string }) =>
      printRows((await administer((administration) => administration.users(tenant))).map(shown), { json }),
    );
  return users;
}

const kindOf = (isService: boolean | undefined): 'HUMAN' | 'SERVICE' => (isService ? 'SERVICE' : 'HUMAN');

function change(users: Command, name: string, description: string, changes: { isActive: boolean }): void {
  users
    .command(`${name} <email>`)
    .description(description)
    .option(...JSON_OPTION)
    .addHelpText('after', `\nExample: npm run portal -- users ${name} ada@acme.example`)
    .action(async (email: string, output: Output) =>
      printObject(shown(await administer((administration) => administration.changeUser(email, changes))), output),
    );
}

function administer<Result>(work: (administration: TenancyAdministration) => Promise<Result>): Promise<Result> {
  return withServices((app) => work(app.get(TenancyAdministration, { strict: false })));
}

function shown({ id, tenantId, email, name, kind, role, isActive }: User): Record<string, unknown> {
  return { id, tenantId, email, name, kind, role, isActive };
}
