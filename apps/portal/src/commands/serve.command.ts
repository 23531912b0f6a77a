import { Command } from 'commander';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { migrate, schemaState } from '#database';
import { DevelopmentIssuer } from '#sessions';
import { ENTITIES } from '../../../../mikro-orm.config.js';
import { type PortalConfig, readConfig } from '../portal.config.js';
import { ownDatabase } from './database.js';
import { DEMONSTRATION_ADMIN, makeDemonstration } from './demonstration.js';

const SESSION_SECONDS = 12 * 60 * 60;

interface ServeOptions {
  migrate?: boolean;
  demo?: boolean;
}

export function serveCommand(): Command {
  return new Command('serve')
    .description('Serve the API until stopped.')
    .option('--migrate', 'apply pending migrations first')
    .option('--demo', 'on an empty database outside production, make a demonstration tenant and print its credentials')
    .addHelpText('after', '\nExample: DATABASE_URL=postgresql://portal@db/portal npm run portal -- serve')
    .action(serve);
}

async function serve(options: ServeOptions): Promise<void> {
  const config = readConfig(process.env);
  const database = await ownDatabase(config);
  try {
    if (options.migrate) await migrate({ url: database.url, entities: ENTITIES });
    else await requireSchema(database.url);
    // Loaded here, so that other commands start without HTTP and GraphQL.
    const { createPortal } = await import('../portal.application.js');
    const app = await createPortal(config, database.url);
    stopOnSignals(app, database.release);
    const key = options.demo && !config.isProduction ? await makeDemonstration(app) : undefined;
    await app.listen({ host: config.host, port: config.port });
    await announce(app, config, options.demo ? { key } : undefined);
  } catch (error) {
    await database.release();
    throw error;
  }
}

/** Serving half a schema, or one of a newer version, would fail later and worse. */
async function requireSchema(url: string): Promise<void> {
  const { pending, unknown } = await schemaState({ url, entities: ENTITIES });
  if (unknown.length > 0) throw new Error(`The database was migrated by a newer version (${unknown.join(', ')}).`);
  if (pending.length > 0)
    throw new Error(`The database lacks ${pending.join(', ')}: run "npm run portal -- migrate" first.`);
}

function stopOnSignals(app: NestFastifyApplication, release: () => Promise<void>): void {
  let isStopping = false;
  const stop = async () => {
    if (isStopping) return;
    isStopping = true;
    await app.close();
    await release();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop());
}

/** Each credential whole on a line of its own, ready to paste. */
async function announce(
  app: NestFastifyApplication,
  config: PortalConfig,
  demonstration: { key: string | undefined } | undefined,
): Promise<void> {
  console.log(`\nURL: ${(await app.getUrl()).replace('[::1]', 'localhost')}/graphql`);
  if (!demonstration || config.isProduction || config.issuer) return;
  const issuer = await DevelopmentIssuer.open(config.dataDirectory);
  console.log(`Session token (12 h): ${await issuer.token(DEMONSTRATION_ADMIN, SESSION_SECONDS, new Date())}`);
  console.log(
    demonstration.key
      ? `API key (shown once): ${demonstration.key}`
      : 'API key: shown at the first start only; make another with the session token.',
  );
}
