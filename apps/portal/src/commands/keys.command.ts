import { Command, Option } from 'commander';
import { readDuration } from './durations.js';
import { approveCommand, linkCommand, rejectCommand } from './key-requests.command.js';
import { listOption } from './list-option.js';
import { JSON_OPTION, type Output } from './output.js';
import type { CreateOptions, ListOptions, RevokeOptions, RotateOptions, TransferOptions } from './keys.action.js';
import { API_KEY_STATUSES, REVOCATION_REASONS } from '#api-keys/words';

const actions = () => import('./keys.action.js');

export function keysCommand(): Command {
  return new Command('keys')
    .description('API keys, from creation to revocation. The audit trail names the system as the actor.')
    .addCommand(createCommand())
    .addCommand(listCommand())
    .addCommand(approveCommand())
    .addCommand(rejectCommand())
    .addCommand(linkCommand())
    .addCommand(rotateCommand())
    .addCommand(suspendCommand())
    .addCommand(resumeCommand())
    .addCommand(transferCommand())
    .addCommand(revokeCommand());
}

function createCommand(): Command {
  return new Command('create')
    .description("Make a key and print it, this once. The tenant's rules hold.")
    .requiredOption('--owner <email>', 'the user whose key it is to be: a person or a service account')
    .requiredOption('--name <name>', 'what it is for')
    .addOption(
      listOption(
        '--scopes <scope...>',
        "what it may do; nothing that its owner's role does not open",
      ).makeOptionMandatory(),
    )
    .option('--description <text>', 'more about it')
    .option('--expires-at <instant>', 'RFC 3339 with an offset; default: never')
    .addOption(listOption('--allowed-cidrs <network...>', 'from where it may be used; default: anywhere'))
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      '\nExample: npm run --silent portal -- keys create --owner ci@acme.example --name "Nightly backup"' +
        ' --scopes devices:read config:read --expires-at 2030-01-31T00:00:00Z',
    )
    .action(async (options: CreateOptions, command: Command) => (await actions()).createKey(options, command));
}

function listCommand(): Command {
  return new Command('list')
    .description("List a tenant's keys, newest first; those that are revoked or expired by --status only.")
    .requiredOption('--tenant <id>', 'the tenant')
    .addOption(listOption('--status <status...>', 'only keys of these', API_KEY_STATUSES))
    .addOption(new Option('--pending', 'only requests of members that wait for approval').conflicts('status'))
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExample: npm run portal -- keys list --tenant 0197… --status REVOKED EXPIRED')
    .action(async (options: ListOptions) => (await actions()).listKeys(options));
}

function revokeCommand(): Command {
  return new Command('revoke')
    .description('End keys for good, all of those named or none: some by id, or every key of an owner.')
    .argument('[ids...]', 'keys of one tenant')
    .option('--owner <email>', 'every key of this user, instead of ids')
    .addOption(new Option('--reason <reason>', 'kept with the key').choices(REVOCATION_REASONS).default('OTHER'))
    .option('--note <text>', 'kept with the key')
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      '\nExample: npm run portal -- keys revoke 0197… --reason COMPROMISED --note "in a public log"',
    )
    .action(async (ids: string[], options: RevokeOptions, command: Command) => {
      if ((ids.length === 0) === (options.owner === undefined)) command.error('error: give either ids or --owner');
      await (await actions()).revokeKeys(ids, options);
    });
}

function rotateCommand(): Command {
  return new Command('rotate')
    .description('Give a key a new secret and print it, this once. The old secret works on until the overlap ends.')
    .argument('<id>', 'the key')
    .addOption(
      new Option(
        '--overlap <duration>',
        'how long the old secret still works: a number and s, m, h or d; 0s: ends at once',
      )
        .argParser(readDuration)
        .default(86_400, '1d'),
    )
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExample: npm run --silent portal -- keys rotate 0197… --overlap 2h')
    .action(async (id: string, options: RotateOptions) => (await actions()).rotateKey(id, options));
}

function suspendCommand(): Command {
  return new Command('suspend')
    .description('Stop a key until it is resumed.')
    .argument('<id>', 'the key')
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExample: npm run portal -- keys suspend 0197…')
    .action(async (id: string, options: Output) => (await actions()).suspendKey(id, options));
}

function resumeCommand(): Command {
  return new Command('resume')
    .description('End the suspension of a key.')
    .argument('<id>', 'the key')
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExample: npm run portal -- keys resume 0197…')
    .action(async (id: string, options: Output) => (await actions()).resumeKey(id, options));
}

function transferCommand(): Command {
  return new Command('transfer')
    .description("Give a key to another user of its tenant. It keeps the scopes that both owners' roles open.")
    .argument('<id>', 'the key')
    .requiredOption('--to <email>', 'the new owner: an active person or service account')
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExample: npm run portal -- keys transfer 0197… --to ci@acme.example')
    .action(async (id: string, options: TransferOptions) => (await actions()).transferKey(id, options));
}
