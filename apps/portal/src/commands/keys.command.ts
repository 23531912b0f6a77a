import { Command, InvalidArgumentError, Option } from 'commander';
import {
  API_KEY_STATUSES,
  type ApiKeyRow,
  type ApiKeyStatus,
  KeyAdministration,
  REVOCATION_REASON,
  type RevocationReason,
} from '#api-keys';
import { parseInstant } from '#kernel';
import { withServices } from './database.js';
import { namingOptions } from './option-names.js';
import { JSON_OPTION, printObject, printRows } from './output.js';

interface Output {
  json?: boolean;
}
interface CreateOptions extends Output {
  owner: string;
  name: string;
  scopes: string[];
  description?: string;
  expiresAt?: Date;
  allowedCidrs?: string[];
}
interface ListOptions extends Output {
  tenant: string;
  status?: ApiKeyStatus[];
}
interface RevokeOptions extends Output {
  owner?: string;
  reason: RevocationReason;
  note?: string;
}

export function keysCommand(): Command {
  return new Command('keys')
    .description('API keys: create, list, revoke. The audit trail tells of it as done by the system.')
    .addCommand(createCommand())
    .addCommand(listCommand())
    .addCommand(revokeCommand());
}

function createCommand(): Command {
  return new Command('create')
    .description("Make a key and print it, this once. The tenant's rules hold.")
    .requiredOption('--owner <email>', 'the user whose key it is to be: a person or a service account')
    .requiredOption('--name <name>', 'what it is for')
    .requiredOption('--scopes <scope...>', "what it may do; nothing that its owner's role does not open")
    .option('--description <text>', 'more about it')
    .option('--expires-at <instant>', 'RFC 3339 with an offset; default: never', readInstant)
    .option('--allowed-cidrs <network...>', 'from where it may be used; default: anywhere')
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      '\nExample: npm run --silent portal -- keys create --owner ci@acme.example --name "Nightly backup"' +
        ' --scopes devices:read config:read --expires-at 2030-01-31T00:00:00Z',
    )
    .action(async ({ json, ...input }: CreateOptions) => {
      const { key, secret } = await namingOptions(() => administer((keys) => keys.create(input)));
      printObject({ ...shown(key), key: secret }, { json });
    });
}

function listCommand(): Command {
  return new Command('list')
    .description("List a tenant's keys, newest first; those that are revoked or expired by --status only.")
    .requiredOption('--tenant <id>', 'the tenant')
    .addOption(new Option('--status <status...>', 'only keys of these').choices(API_KEY_STATUSES))
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExample: npm run portal -- keys list --tenant 0197… --status REVOKED EXPIRED')
    .action(async ({ tenant, status, json }: ListOptions) => {
      const rows = await namingOptions(() =>
        administer(async (keys) => {
          const found: Record<string, unknown>[] = [];
          for await (const key of keys.keys(tenant, { status })) found.push(shown(key));
          return found;
        }),
      );
      printRows(rows, { json });
    });
}

function revokeCommand(): Command {
  return new Command('revoke')
    .description('End keys for good, all of those named or none: some by id, or every key of an owner.')
    .argument('[ids...]', 'keys of one tenant')
    .option('--owner <email>', 'every key of this user, instead of ids')
    .addOption(
      new Option('--reason <reason>', 'kept with the key').choices(Object.values(REVOCATION_REASON)).default('OTHER'),
    )
    .option('--note <text>', 'kept with the key')
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      '\nExample: npm run portal -- keys revoke 0197… --reason COMPROMISED --note "in a public log"',
    )
    .action(async (ids: string[], { json, ...why }: RevokeOptions, command: Command) => {
      if ((ids.length === 0) === (why.owner === undefined)) command.error('error: give either ids or --owner');
      const named = why.owner === undefined ? { ids } : {};
      const revoked = namingOptions(() => administer((service) => service.revoke({ ...why, ...named })), { ids: 'id' });
      const { keys, count } = await revoked;
      printRows(keys.map(shown), { json });
      if (count > keys.length) console.error(`${count} in all, ${keys.length} of them shown.`);
    });
}

function readInstant(text: string): Date {
  const instant = parseInstant(text);
  if (!instant) throw new InvalidArgumentError('must be RFC 3339 with an offset, such as 2030-01-31T00:00:00Z.');
  return instant;
}

function administer<Result>(work: (keys: KeyAdministration) => Promise<Result>): Promise<Result> {
  return withServices((app) => work(app.get(KeyAdministration, { strict: false })));
}

function shown(key: ApiKeyRow): Record<string, unknown> {
  const { id, name, ownerId, keyPrefix, status, scopes, expiresAt, lastUsedAt } = key;
  return { id, name, ownerId, keyPrefix, status, scopes, expiresAt, lastUsedAt };
}
