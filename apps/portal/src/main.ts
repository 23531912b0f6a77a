import { Command } from 'commander';
import { bootstrapCommand } from './commands/bootstrap.command.js';
import { reportFailure } from './commands/failure.js';
import { importCommand } from './commands/import.command.js';
import { migrateCommand } from './commands/migrate.command.js';
import { serveCommand } from './commands/serve.command.js';
import { sessionCommand } from './commands/session.command.js';
import { tenantsCommand } from './commands/tenants.command.js';
import { usersCommand } from './commands/users.command.js';

const program = new Command('portal')
  .description('The GraphQL API of the network portal, and what an operator does to it.')
  .exitOverride()
  .configureHelp({ sortSubcommands: true });
for (const command of [
  serveCommand(),
  migrateCommand(),
  bootstrapCommand(),
  importCommand(),
  tenantsCommand(),
  usersCommand(),
  sessionCommand(),
])
  program.addCommand(throwing(command));

/** Wrong usage is thrown, not exited on: one place decides on exit codes. */
function throwing(command: Command): Command {
  command.commands.forEach(throwing);
  return command.exitOverride().showHelpAfterError('(add --help for the options)');
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = reportFailure(error);
}
