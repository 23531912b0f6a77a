#!/usr/bin/env node
/** The command line of the package: `npx latchkey migrate`. Help and wrong usage are reported before the rooms are loaded. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { Schema } from '#database/schema';
import { OperatorError } from '#kernel';

const HELP = `Usage: latchkey migrate [--schema FILE] [--check]

Makes the roles of the database and applies pending migrations.

  --schema FILE  a module of the application that exports SCHEMA, from composeSchema;
                 default: the tables of @latchkey/nestjs
  --check        apply nothing, and list what is pending
  --version      print the version
  --help         print this text

DATABASE_URL           the database, as the application serves from it
DATABASE_MIGRATE_URL   the same database, for the login that owns the tables; default: DATABASE_URL

Exit code: 0 done, 1 failed or (--check) pending, 2 wrong usage.

Example: DATABASE_URL=postgresql://app@db/app npx latchkey migrate --schema dist/schema.js`;

/** Something about the call is wrong, as the message says. */
class WrongUsage extends OperatorError {}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  console.error(await sentenceOf(error));
  process.exitCode = error instanceof WrongUsage ? 2 : 1;
}

async function run(argv: string[]): Promise<number> {
  const { positionals, values } = argumentsOf(argv);
  if (values.version) return print(version());
  if (values.help) return print(HELP);
  if (positionals.join(' ') !== 'migrate') throw new WrongUsage(`The one command is "migrate".\n\n${HELP}`);
  const servingUrl = databaseUrl('DATABASE_URL');
  const url = process.env['DATABASE_MIGRATE_URL'] ? databaseUrl('DATABASE_MIGRATE_URL') : servingUrl;
  const target = { url, servingUrl, ...(await schemaOf(values.schema)) };
  const { migrate, schemaState } = await import('#database');
  if (!values.check) return print(listOf('Applied', await migrate(target)));
  const { pending } = await schemaState(target);
  print(listOf('Pending', pending));
  return pending.length > 0 ? 1 : 0;
}

function argumentsOf(args: string[]) {
  const [text, flag] = [{ type: 'string' }, { type: 'boolean' }] as const;
  const options = { schema: text, check: flag, version: flag, help: flag };
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    throw new WrongUsage(`${(error as Error).message}\n\n${HELP}`);
  }
}

/** @throws {WrongUsage} naming the variable, and never its value, which holds a password */
function databaseUrl(name: string): string {
  const url = process.env[name] ?? '';
  if (!/^postgres(ql)?:\/\//.test(url)) throw new WrongUsage(`${name} has to be a postgresql:// URL of the database.`);
  return url;
}

/** @throws {WrongUsage} for a module that cannot be loaded or exports no schema */
async function schemaOf(file: string | undefined): Promise<Schema> {
  if (file === undefined) return ownSchema();
  const { SCHEMA } = await import(pathToFileURL(resolve(file)).href).catch((error: unknown) => {
    throw new WrongUsage(`--schema: ${file} cannot be loaded: ${(error as Error).message}`);
  });
  if (!Array.isArray(SCHEMA?.entities) || !Array.isArray(SCHEMA?.migrations))
    throw new WrongUsage(`--schema: ${file} exports no SCHEMA, as composeSchema returns it.`);
  return SCHEMA;
}

async function ownSchema(): Promise<Schema> {
  const { composeSchema } = await import('#database/schema');
  const { TENANCY_SCHEMA } = await import('#tenancy/schema');
  const { API_KEYS_SCHEMA } = await import('#api-keys/schema');
  return composeSchema([TENANCY_SCHEMA, API_KEYS_SCHEMA]);
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
