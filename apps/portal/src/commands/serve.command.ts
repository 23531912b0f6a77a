import { Command } from 'commander';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { migrate, SchemaTooNew, schemaState } from '#database';
import { DevelopmentIssuer } from '#sessions';
import { ENTITIES } from '../../../../mikro-orm.config.js';
import { type PortalConfig, readConfig } from '../portal.config.js';
import { ownDatabase } from './database.js';
import { EXIT, SchemaIncomplete } from './failure.js';
import { DEMONSTRATION_ADMIN, makeDemonstration } from './demonstration.js';
import { drain } from '../http/drain.js';
import { endOnUncaught } from './uncaught.js';

const SESSION_SECONDS = 12 * 60 * 60;
/** Requests under way have so long to end; then their connections are cut. */
const DRAIN_MS = 6_000;
/** Whoever asked the process to stop kills it after ten seconds. */
const STOP_MS = 9_500;

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
  // Loaded here, so that other commands start without HTTP and GraphQL.
  const { createLogger } = await import('../http/logging.js');
  const logger = createLogger(config);
  endOnUncaught(logger);
  const database = await ownDatabase(config);
  try {
    if (options.migrate) await migrate({ url: database.url, entities: ENTITIES });
    else await requireSchema(database.url);
    const { createPortal } = await import('../portal.application.js');
    const app = await createPortal(config, database.url, { logger });
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
  if (unknown.length > 0) throw new SchemaTooNew(unknown);
  if (pending.length > 0) throw new SchemaIncomplete(pending);
}

/** Requests first: what they need closes when they have ended, and what they leave to be written is written then. */
function stopOnSignals(app: NestFastifyApplication, release: () => Promise<void>): void {
  let isStopping = false;
  const stop = async () => {
    if (isStopping) return;
    isStopping = true;
    setTimeout(() => process.exit(EXIT.ended), STOP_MS).unref();
    await drain(app.getHttpServer(), DRAIN_MS);
    await app.close();
    await release();
    process.exit(EXIT.done);
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
