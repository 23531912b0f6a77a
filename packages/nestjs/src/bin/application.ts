/** What the command line takes of the application: the address of its database, and what a module of it exports. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ScopeCatalogueOptions } from '#access';
import type { ApiKeysOptions } from '#api-keys';
import type { Schema } from '#database/schema';
import { WrongUsage } from './options.js';

/** @throws {WrongUsage} naming the variable, and never its value, which holds a password */
export function databaseUrl(name: string): string {
  const url = process.env[name] ?? '';
  if (!/^postgres(ql)?:\/\//.test(url)) throw new WrongUsage(`${name} has to be a postgresql:// URL of the database.`);
  return url;
}

/**
 * The tables that the module exports as SCHEMA; those of the package where no module is named.
 * @throws {WrongUsage} for a module that cannot be loaded or exports no schema
 */
export async function schemaOf(file: string | undefined): Promise<Schema> {
  if (file === undefined) return ownSchema();
  const { SCHEMA } = await load(file);
  if (has<Schema>(SCHEMA, 'entities', 'migrations')) return SCHEMA;
  throw new WrongUsage(`--app: ${file} exports no SCHEMA, as composeSchema returns it.`);
}

/**
 * What the module exports for `AccessModule` and `ApiKeysModule`, and its SCHEMA if it has tables of its own.
 * @throws {WrongUsage} naming what is missing
 */
export async function settingsOf(
  file: string,
): Promise<{ schema: Schema; access: ScopeCatalogueOptions; apiKeys: ApiKeysOptions }> {
  const { SCHEMA, ACCESS, API_KEYS } = await load(file);
  if (!has<ScopeCatalogueOptions>(ACCESS, 'scopes', 'roleScopes'))
    throw new WrongUsage(`--app: ${file} exports no ACCESS, the options of AccessModule ({ scopes, roleScopes }).`);
  if (!has<ApiKeysOptions>(API_KEYS, 'prefix', 'cacheSize'))
    throw new WrongUsage(`--app: ${file} exports no API_KEYS, the options of ApiKeysModule ({ prefix, cacheSize }).`);
  const schema = has<Schema>(SCHEMA, 'entities', 'migrations') ? SCHEMA : await ownSchema();
  return { schema, access: ACCESS, apiKeys: API_KEYS };
}

async function load(file: string): Promise<Record<string, unknown>> {
  return import(pathToFileURL(resolve(file)).href).catch((error: unknown) => {
    throw new WrongUsage(`--app: ${file} cannot be loaded: ${(error as Error).message}`);
  });
}

function has<Whole>(value: unknown, ...members: (keyof Whole)[]): value is Whole {
  return typeof value === 'object' && value !== null && members.every((member) => member in value);
}

async function ownSchema(): Promise<Schema> {
  const { composeSchema } = await import('#database/schema');
  const { TENANCY_SCHEMA } = await import('#tenancy/schema');
  const { API_KEYS_SCHEMA } = await import('#api-keys/schema');
  return composeSchema([TENANCY_SCHEMA, API_KEYS_SCHEMA]);
}
