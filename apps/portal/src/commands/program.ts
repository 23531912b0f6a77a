import { Command } from 'commander';
import { existsSync, readFileSync } from 'node:fs';
import { auditCommand } from './audit.command.js';
import { bootstrapCommand } from './bootstrap.command.js';
import { importCommand } from './import.command.js';
import { keysCommand } from './keys.command.js';
import { migrateCommand } from './migrate.command.js';
import { serveCommand } from './serve.command.js';
import { sessionCommand } from './session.command.js';
import { tenantsCommand } from './tenants.command.js';
import { usersCommand } from './users.command.js';
import { webhooksCommand } from './webhooks.command.js';

const COMMANDS = [
  serveCommand,
  migrateCommand,
  bootstrapCommand,
  importCommand,
  tenantsCommand,
  usersCommand,
  keysCommand,
  webhooksCommand,
  auditCommand,
  sessionCommand,
];

const EXIT_CODES =
  'Exit codes: 0 done, 1 failed, 2 wrong usage; after a signal 128 and its number, such as 130 for Ctrl+C.';

/**
 * The whole command line. Wrong usage is thrown and does not exit: one place decides on exit codes.
 *
 * A `*.command.ts` file defines a command's options, and a `*.action.ts` file does its work. The action is loaded only when it
 * runs, so help, wrong usage and bad settings need no room, no framework and no ORM.
 */
export function createProgram(): Command {
  const program = new Command('portal')
    .description('The GraphQL API of the network portal, and what an operator does to it.')
    .version(version(), '--version', 'print the version')
    .configureHelp({ sortSubcommands: true })
    .addHelpText('afterAll', `\n${EXIT_CODES}`)
    .hook('preAction', async () => {
      const { readConfig } = await import('../portal.config.js');
      readConfig(process.env);
    });
  for (const command of COMMANDS) program.addCommand(command());
  return throwing(program);
}

/** From the nearest `package.json`: sources and build lie at different depths. */
function version(): string {
  let file = new URL('package.json', import.meta.url);
  while (!existsSync(file)) file = new URL('../package.json', file);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

function throwing(command: Command): Command {
  command.commands.forEach(throwing);
  return command.exitOverride().showHelpAfterError('(add --help for the options)');
}
