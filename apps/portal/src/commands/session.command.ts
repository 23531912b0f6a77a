import { Command, InvalidArgumentError, Option } from 'commander';
import { JSON_OPTION } from './output.js';
import type { SessionOptions } from './session.action.js';

const UNIT_SECONDS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };

export function sessionCommand(): Command {
  return new Command('session')
    .description('Print a session token for a user. Development only.')
    .requiredOption('--email <address>', 'e-mail of the user')
    .addOption(
      new Option('--ttl <duration>', 'how long it works: a number and s, m, h or d')
        .argParser(readDuration)
        .default(12 * 3600, '12h'),
    )
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExample: npm run --silent portal -- session --email admin@demo.example --ttl 1h')
    .action(async (options: SessionOptions) => (await import('./session.action.js')).printSession(options));
}

function readDuration(text: string): number {
  const [, amount, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const seconds = Number(amount) * (UNIT_SECONDS[unit ?? ''] ?? Number.NaN);
  if (!(seconds > 0)) throw new InvalidArgumentError('must be a number and one of s, m, h, d, such as 12h.');
  return seconds;
}
