import { administratorSql, SchemaTooNew, schemaState } from '#database';
import { runningServerUrl, startEmbeddedServer } from '#embedded-server';
import { SCHEMA } from '../../../../mikro-orm.config.js';
import type { PortalConfig } from '../portal.config.js';
import { SchemaIncomplete } from '../portal.errors.js';

export interface UsedDatabase {
  url: string;
  /** URL of the same database without a transaction pooler. */
  directUrl: string;
  /** Stops the server that was started for this command. A configured database and another process's server keep running. */
  release(): Promise<void>;
}

/** The configured database, or else the embedded server: the running one, or one started for this command. */
export async function useDatabase(config: PortalConfig): Promise<UsedDatabase> {
  const configured = configuredDatabase(config);
  if (configured) return configured;
  const running = await runningServerUrl(config.dataDirectory);
  if (running) return { url: running, directUrl: running, release: async () => undefined };
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
  return { url: server.url, directUrl: server.url, release: () => server.stop() };
}

function configuredDatabase({ databaseUrl: url, databaseDirectUrl }: PortalConfig): UsedDatabase | undefined {
  if (!url) return undefined;
  return { url, directUrl: databaseDirectUrl ?? url, release: async () => undefined };
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
