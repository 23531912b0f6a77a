import { Command } from 'commander';
import { NOTIFICATION_KINDS } from '#notifications/words';
import { listOption } from './list-option.js';
import { JSON_OPTION, type Output } from './output.js';
import type { AddOptions, ListOptions, ReplayOptions } from './webhooks.action.js';

const actions = () => import('./webhooks.action.js');

export function webhooksCommand(): Command {
  return new Command('webhooks')
    .description('Webhook endpoints of tenants, and their deliveries.')
    .addCommand(listCommand())
    .addCommand(addCommand())
    .addCommand(testCommand())
    .addCommand(replayCommand())
    .addCommand(disableCommand());
}

function listCommand(): Command {
  return new Command('list')
    .description("List a tenant's endpoints, oldest first.")
    .requiredOption('--tenant <id>', 'the tenant')
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExample: npm run portal -- webhooks list --tenant 0197…')
    .action(async (options: ListOptions) => (await actions()).listEndpoints(options));
}

function addCommand(): Command {
  return new Command('add')
    .description('Make an endpoint and print its secret, this once.')
    .requiredOption('--tenant <id>', 'the tenant')
    .requiredOption('--url <url>', 'where deliveries are sent')
    .option('--description <text>', 'what it is for')
    .addOption(listOption('--kinds <kind...>', 'what it is sent; default: every kind', NOTIFICATION_KINDS))
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      '\nExample: npm run --silent portal -- webhooks add --tenant 0197… --url https://hooks.example.com/latchkey' +
        ' --kinds API_KEY_REVOKED API_KEY_ROTATED',
    )
    .action(async (options: AddOptions) => (await actions()).addEndpoint(options));
}

function testCommand(): Command {
  return new Command('test')
    .description('Have an instance that runs send an endpoint a test event.')
    .argument('<id>', 'the endpoint')
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExample: npm run portal -- webhooks test 0197…')
    .action(async (id: string, options: Output) => (await actions()).testEndpoint(id, options));
}

function replayCommand(): Command {
  return new Command('replay')
    .description('Have an instance that runs send deliveries again: some by id, or those that failed.')
    .argument('<id>', 'the endpoint')
    .argument('[deliveries...]', 'deliveries of the endpoint')
    .option('--failed-since <instant>', 'RFC 3339 with an offset: every failed one created since, 10,000 at most')
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExample: npm run portal -- webhooks replay 0197… --failed-since 2026-11-28T00:00:00Z')
    .action(async (id: string, deliveries: string[], options: ReplayOptions, command: Command) => {
      if ((deliveries.length === 0) === (options.failedSince === undefined))
        command.error('error: give either deliveries or --failed-since');
      await (await actions()).replayDeliveries(id, deliveries, options, command);
    });
}

function disableCommand(): Command {
  return new Command('disable')
    .description('Send nothing more to an endpoint, until an administrator enables it.')
    .argument('<id>', 'the endpoint')
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExample: npm run portal -- webhooks disable 0197…')
    .action(async (id: string, options: Output) => (await actions()).disableEndpoint(id, options));
}
