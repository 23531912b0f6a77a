import { NestFactory } from '@nestjs/core';
import type { INestApplicationContext } from '@nestjs/common';
import { administratorSql, migrate, runningServerUrl, startEmbeddedServer } from '#database';
import { ENTITIES } from '../../../../mikro-orm.config.js';
import { AdministrationModule } from '../administration.module.js';
import { type PortalConfig, readConfig } from '../portal.config.js';

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

/** Runs `work` with the services of the rooms. The database is migrated first. */
export async function withServices<Result>(
  work: (app: INestApplicationContext, config: PortalConfig) => Promise<Result>,
): Promise<Result> {
  const config = readConfig(process.env);
  const database = await useDatabase(config);
  try {
    await migrate({ url: database.directUrl, entities: ENTITIES });
    const app = await NestFactory.createApplicationContext(AdministrationModule.forRoot(config, database.url), {
      logger: ['fatal', 'error', 'warn'],
      abortOnError: false,
    });
    try {
      return await work(app, config);
    } finally {
      await app.close();
    }
  } finally {
    await database.release();
  }
}
