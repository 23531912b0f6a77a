import { Command, InvalidArgumentError, Option } from 'commander';
import { readDuration } from './durations.js';
import { JSON_OPTION } from './output.js';
import type { SessionOptions } from './session.action.js';

export function sessionCommand(): Command {
  return new Command('session')
    .description('Print a session token for a person. Development only.')
    .requiredOption('--email <address>', 'e-mail of an active person; a service account has keys instead')
    .addOption(
      new Option('--ttl <duration>', 'how long it works: a number and s, m, h or d')
        .argParser(readLife)
        .default(12 * 3600, '12h'),
    )
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExample: npm run --silent portal -- session --email admin@demo.example --ttl 1h')
    .action(async (options: SessionOptions) => (await import('./session.action.js')).printSession(options));
}

/** A token that has ended before it is printed would be of no use. */
function readLife(text: string): number {
  const seconds = readDuration(text);
  if (seconds === 0) throw new InvalidArgumentError('must be more than 0.');
  return seconds;
}
