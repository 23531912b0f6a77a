import { Command, InvalidArgumentError } from 'commander';
import { DevelopmentIssuer } from '#sessions';
import { readConfig } from '../portal.config.js';
import { JSON_OPTION } from './output.js';

const UNIT_SECONDS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };

export function sessionCommand(): Command {
  return new Command('session')
    .description('Print a session token for a user. Development only.')
    .requiredOption('--email <address>', 'e-mail of the user')
    .option('--ttl <duration>', 'how long it works: a number and s, m, h or d', readDuration, 12 * 3600)
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExample: npm run --silent portal -- session --email admin@demo.example --ttl 1h')
    .action(async ({ email, ttl, json }: { email: string; ttl: number; json?: boolean }) => {
      const config = readConfig(process.env);
      if (config.isProduction || config.issuer)
        throw new Error('Session tokens come from the configured issuer; only the development issuer is ours.');
      const issuer = await DevelopmentIssuer.open(config.dataDirectory);
      const token = await issuer.token(email, ttl, new Date());
      console.log(json ? JSON.stringify({ token, ttlSeconds: ttl }) : token);
    });
}

function readDuration(text: string): number {
  const [, amount, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const seconds = Number(amount) * (UNIT_SECONDS[unit ?? ''] ?? Number.NaN);
  if (!(seconds > 0)) throw new InvalidArgumentError('must be a number and one of s, m, h, d, such as 12h.');
  return seconds;
}
