import { Command } from 'commander';
import { API_KEY_EVENT_KINDS } from '#api-keys/words';
import type { AuditOptions } from './audit.action.js';
import { listOption } from './list-option.js';
import { JSON_OPTION } from './output.js';

export function auditCommand(): Command {
  return new Command('audit')
    .description("Print what happened to a tenant's keys and to its policy, newest first.")
    .requiredOption('--tenant <id>', 'the tenant')
    .option('--key <id>', 'only events of this key')
    .addOption(listOption('--kind <kind...>', 'only events of these kinds', API_KEY_EVENT_KINDS))
    .option('--after <instant>', 'only later events: RFC 3339 with an offset')
    .option('--before <instant>', 'only earlier events: RFC 3339 with an offset')
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      '\nExample: npm run --silent portal -- audit --tenant 0197… --kind REVOKED LEAK_REPORTED --after 2030-01-01T00:00:00Z',
    )
    .action(async (options: AuditOptions, command: Command) =>
      (await import('./audit.action.js')).printEvents(options, command),
    );
}
