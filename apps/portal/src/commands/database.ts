import { administratorSql, migrate, SchemaTooNew, schemaState } from '#database';
import { runningServerUrl, startEmbeddedServer } from '#embedded-server';
import { SCHEMA } from '../../../../mikro-orm.config.js';
import type { PortalConfig } from '../portal.config.js';
import { SchemaIncomplete } from '../portal.errors.js';

export interface UsedDatabase {
  url: string;
  /** URL of the same database without a transaction pooler. */
  directUrl: string;
  /** URL of the same database for the login that owns the tables. */
  migrateUrl: string;
  /** Stops the server that was started for this command. A configured database and another process's server keep running. */
  release(): Promise<void>;
}

/** The configured database, or else the embedded server: the running one, or one started for this command. */
export async function useDatabase(config: PortalConfig): Promise<UsedDatabase> {
  const configured = configuredDatabase(config);
  if (configured) return configured;
  const running = await runningServerUrl(config.dataDirectory);
  if (running) return { ...oneLogin(running), release: async () => undefined };
  return ownDatabase(config);
}

/** Like the above, but the embedded server must belong to this process and ends with it. */
export async function ownDatabase(config: PortalConfig): Promise<UsedDatabase> {
  const configured = configuredDatabase(config);
  if (configured) return configured;
  const server = await startEmbeddedServer({
    directory: config.dataDirectory,
    administratorSql,
    announce: (line) => console.error(line),
  });
  return { ...oneLogin(server.url), release: () => server.stop() };
}

function configuredDatabase(config: PortalConfig): UsedDatabase | undefined {
  const { databaseUrl: url, databaseDirectUrl: directUrl = url, databaseMigrateUrl: migrateUrl = directUrl } = config;
  return url && directUrl && migrateUrl ? { url, directUrl, migrateUrl, release: async () => undefined } : undefined;
}

/** The embedded server has one login, which owns the tables. */
const oneLogin = (url: string) => ({ url, directUrl: url, migrateUrl: url });

/** Creates the roles and applies pending migrations. @returns the names of the applied migrations */
export function applyMigrations({ migrateUrl, directUrl }: UsedDatabase): Promise<string[]> {
  return migrate({ url: migrateUrl, servingUrl: directUrl, ...SCHEMA });
}

/**
 * An incomplete schema, or one of a newer version, would fail later and with a worse message.
 * @throws {SchemaIncomplete}
 * @throws {SchemaTooNew}
 */
export async function requireSchema(url: string): Promise<void> {
  const { pending, unknown } = await schemaState({ url, ...SCHEMA });
  if (unknown.length > 0) throw new SchemaTooNew(unknown);
  if (pending.length > 0) throw new SchemaIncomplete(pending);
}

/**
 * The database of a development folder is migrated, since nobody plans its migration. A configured database must have been migrated
 * already.
 * @throws {SchemaIncomplete}
 * @throws {SchemaTooNew}
 */
export async function prepareSchema(config: PortalConfig, database: UsedDatabase): Promise<void> {
  if (config.databaseUrl) await requireSchema(database.directUrl);
  else await applyMigrations(database);
}
