#!/usr/bin/env node
/** The command line of the package: `npx latchkey …`. Help and wrong usage are reported before the rooms are loaded. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { OperatorError } from '#kernel';
import { databaseUrl, schemaOf } from './application.js';
import { actionOf, commandsOf, TEXT_OPTIONS } from './keys.js';
import { type Options, refuseOthers, textOf, WrongUsage } from './options.js';

const HELP = `Usage: latchkey migrate [--app FILE] [--check]
       latchkey users create --app FILE --tenant NAME --email EMAIL [--role ROLE]
       latchkey keys create --app FILE --owner EMAIL --name NAME --scopes A,B [--expires-at INSTANT]
       latchkey keys list --app FILE --owner EMAIL
       latchkey keys revoke --app FILE --reason REASON [--note TEXT] ID...

migrate       makes the roles of the database and applies pending migrations; --check only lists them
users create  makes a service account, which can own keys, and its tenant where no tenant has that name;
              --role: TENANT_ADMIN, OPERATOR (default) or VIEWER
keys create   makes a key and prints it, once; nobody can read it again
keys revoke   --reason: COMPROMISED, OWNER_LEFT, SUPERSEDED, UNUSED, POLICY or OTHER

  --app FILE  a module of the application. It exports SCHEMA, from composeSchema, if it has tables of its own;
              "users" and "keys" also need ACCESS and API_KEYS, the options of AccessModule and ApiKeysModule
  --version   print the version
  --help      print this text

"users" and "keys" print one JSON object a line.

DATABASE_URL           the database, as the application serves from it
DATABASE_MIGRATE_URL   the same database, for the login that owns the tables; default: DATABASE_URL

Exit code: 0 done, 1 failed or (--check) pending, 2 wrong usage.

Example: DATABASE_URL=postgresql://app@db/app npx latchkey migrate --app dist/latchkey.js`;

const [TEXT, FLAG] = [{ type: 'string' }, { type: 'boolean' }] as const;
const FLAGS = ['check', 'version', 'help'];
const OPTIONS = Object.fromEntries([
  ...TEXT_OPTIONS.map((name) => [name, TEXT] as const),
  ...FLAGS.map((name) => [name, FLAG] as const),
]);

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  console.error(await sentenceOf(error));
  process.exitCode = error instanceof WrongUsage ? 2 : 1;
}

async function run(argv: string[]): Promise<number> {
  const { positionals, values } = argumentsOf(argv);
  if (values['version']) return print(version());
  if (values['help']) return print(HELP);
  if (positionals.join(' ') === 'migrate') return migrateDatabase(values);
  if (positionals.length === 0) throw new WrongUsage(HELP);
  const action = actionOf(positionals);
  if (!action) throw new WrongUsage(`${noCommand(positionals, commandsOf(positionals))}\n\n${HELP}`);
  for (const found of await action(values)) print(JSON.stringify(found));
  return 0;
}

/** @param further the words that may follow */
function noCommand(words: readonly string[], further: readonly string[]): string {
  const given = `"${words.join(' ')}"`;
  return further.length > 0 ? `${given} lacks a word: ${further.join(', ')}.` : `There is no command ${given}.`;
}

async function migrateDatabase(options: Options): Promise<number> {
  refuseOthers('migrate', options, ['app', 'check']);
  const servingUrl = databaseUrl('DATABASE_URL');
  const url = process.env['DATABASE_MIGRATE_URL'] ? databaseUrl('DATABASE_MIGRATE_URL') : servingUrl;
  const target = { url, servingUrl, ...(await schemaOf(textOf(options, 'app'))) };
  const { migrate, schemaState } = await import('#database');
  if (!options['check']) return print(listOf('Applied', await migrate(target)));
  const { pending } = await schemaState(target);
  print(listOf('Pending', pending));
  return pending.length > 0 ? 1 : 0;
}

function argumentsOf(args: string[]): { positionals: string[]; values: Options } {
  try {
    const { positionals, values } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
    return { positionals, values: values as Options };
  } catch (error) {
    throw new WrongUsage(`${(error as Error).message}\n\n${HELP}`);
  }
}

/** One sentence where it says all that an operator needs, and the stack of any other failure. */
async function sentenceOf(error: unknown): Promise<string> {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof OperatorError) return error.message;
  // An error for several addresses has no message of its own.
  const reason = error instanceof AggregateError ? error.errors.map(String).join('; ') : error.message;
  const { databaseErrorClass } = await import('#database');
  if (databaseErrorClass(error) === 'OUTAGE') return `The database does not answer: ${reason}`;
  return error.stack ?? reason;
}

function version(): string {
  const { version: own } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return own;
}

function listOf(title: string, names: readonly string[]): string {
  return names.length === 0 ? `Nothing ${title.toLowerCase()}.` : `${title}:\n  ${names.join('\n  ')}`;
}

function print(text: string): number {
  console.log(text);
  return 0;
}
