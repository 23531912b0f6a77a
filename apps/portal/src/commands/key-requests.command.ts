import { Command } from 'commander';
import type { LinkOptions } from './key-link.action.js';
import type { ApproveOptions, RejectOptions } from './keys.action.js';
import { listOption } from './list-option.js';
import { JSON_OPTION } from './output.js';

const actions = () => import('./keys.action.js');

export function approveCommand(): Command {
  return new Command('approve')
    .description("Approve a member's request for a key, as it was asked for or narrower.")
    .argument('<id>', 'the pending key')
    .option('--expected-version <number>', 'the version that was looked at; default: the present one', Number)
    .addOption(listOption('--scopes <scope...>', 'some of the scopes asked for; default: all of them'))
    .option('--expires-at <instant>', 'RFC 3339 with an offset, no later than asked; default: as asked')
    .addOption(listOption('--allowed-cidrs <network...>', 'networks within those asked for; default: as asked'))
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExample: npm run portal -- keys approve 0197… --scopes devices:read')
    .action(async (id: string, options: ApproveOptions, command: Command) =>
      (await actions()).approveKey(id, options, command),
    );
}

export function rejectCommand(): Command {
  return new Command('reject')
    .description("Refuse a member's request for a key: the pending key ends for good.")
    .argument('<id>', 'the pending key')
    .option('--note <text>', 'why; its owner sees it')
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExample: npm run portal -- keys reject 0197… --note "use the shared key"')
    .action(async (id: string, options: RejectOptions) => (await actions()).rejectKey(id, options));
}

export function linkCommand(): Command {
  return new Command('link')
    .description('Print a link to the form of a new key, filled with the scopes that a GraphQL document needs.')
    .requiredOption('--operation <file>', 'the document; - reads standard input')
    .option('--operation-name <name>', 'which operation of the document, where it has several')
    .option('--name <name>', 'what the key is for')
    .option('--expires <period>', 'days such as 90d, a date such as 2030-01-31, or never')
    .option('--note <text>', 'why the key is needed')
    .option('--url <url>', 'where the console is', 'http://localhost:4000')
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExample: npm run --silent portal -- keys link --operation backup.graphql --expires 90d')
    .action(async (options: LinkOptions, command: Command) =>
      (await import('./key-link.action.js')).printLink(options, command),
    );
}
