import { administratorSql, SchemaTooNew, schemaState } from '#database';
import { runningServerUrl, startEmbeddedServer } from '#embedded-server';
import { SCHEMA } from '../../../../mikro-orm.config.js';
import type { PortalConfig } from '../portal.config.js';
import { SchemaIncomplete } from '../portal.errors.js';

export interface UsedDatabase {
  url: string;
  /** The same database, without a transaction pooler between. */
  directUrl: string;
  /** Stops what was started for this; a configured database and another process's server stay as they are. */
  release(): Promise<void>;
}

/** The configured database, or else the embedded server: the one that runs already, or one started for this. */
export async function useDatabase(config: PortalConfig): Promise<UsedDatabase> {
  const configured = configuredDatabase(config);
  if (configured) return configured;
  const running = await runningServerUrl(config.dataDirectory);
  if (running) return { url: running, directUrl: running, release: async () => undefined };
  return ownDatabase(config);
}

/** The same, but the embedded server must be this process's own: it ends with it. */
export async function ownDatabase(config: PortalConfig): Promise<UsedDatabase> {
  const configured = configuredDatabase(config);
  if (configured) return configured;
  const server = await startEmbeddedServer({
    directory: config.dataDirectory,
    administratorSql,
    announce: (line) => console.error(line),
  });
  return { url: server.url, directUrl: server.url, release: () => server.stop() };
}

function configuredDatabase({ databaseUrl: url, databaseDirectUrl }: PortalConfig): UsedDatabase | undefined {
  if (!url) return undefined;
  return { url, directUrl: databaseDirectUrl ?? url, release: async () => undefined };
}

/**
 * Working on half a schema, or on one of a newer version, would fail later and worse.
 * @throws {SchemaIncomplete}
 * @throws {SchemaTooNew}
 */
export async function requireSchema(url: string): Promise<void> {
  const { pending, unknown } = await schemaState({ url, ...SCHEMA });
  if (unknown.length > 0) throw new SchemaTooNew(unknown);
  if (pending.length > 0) throw new SchemaIncomplete(pending);
}
