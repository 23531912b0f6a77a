import { Command } from 'commander';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { migrate, requireRoles, SchemaTooNew, schemaState } from '#database';
import { DevelopmentIssuer } from '#sessions';
import { ENTITIES } from '../../../../mikro-orm.config.js';
import { type PortalConfig, readConfig } from '../portal.config.js';
import { ownDatabase } from './database.js';
import { EXIT, SchemaIncomplete } from './failure.js';
import { DEMONSTRATION_ADMIN, makeDemonstration } from './demonstration.js';
import { drainable } from '../http/drain.js';
import { endOnUncaught } from './uncaught.js';

const SESSION_SECONDS = 12 * 60 * 60;
/** Requests under way have so long to end; then their connections are cut. */
const DRAIN_MS = 6_000;
/** Whoever asked the process to stop kills it after ten seconds. */
const STOP_MS = 9_500;

interface ServeOptions {
  migrate?: boolean;
  demo?: boolean;
  json?: boolean;
}

export function serveCommand(): Command {
  return new Command('serve')
    .description('Serve the API until stopped.')
    .option('--migrate', 'apply pending migrations first')
    .option('--demo', 'on an empty database outside production, make a demonstration tenant and print its credentials')
    .option('--json', 'print the URL, and the credentials of --demo, as one line of JSON')
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
    if (options.migrate) await migrate({ url: database.directUrl, entities: ENTITIES });
    else await requireSchema(database.directUrl);
    await requireRoles(database.url);
    const { createPortal } = await import('../portal.application.js');
    const app = await createPortal(config, database.url, { logger });
    stopOnSignals(app, database.release);
    const key = options.demo && !config.isProduction ? await makeDemonstration(app) : undefined;
    await app.listen({ host: config.host, port: config.port });
    announce({ url: await urlOf(app), ...(options.demo ? await credentials(config, key) : {}) }, options);
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
  const drain = drainable(app.getHttpServer());
  let isStopping = false;
  const stop = async () => {
    if (isStopping) return;
    isStopping = true;
    setTimeout(() => process.exit(EXIT.ended), STOP_MS).unref();
    await drain(DRAIN_MS);
    await app.close();
    await release();
    process.exit(EXIT.done);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop());
}

async function urlOf(app: NestFastifyApplication): Promise<string> {
  return `${(await app.getUrl()).replace('[::1]', 'localhost')}/graphql`;
}

interface Announced {
  url: string;
  sessionToken?: string;
  /** Null: an earlier start has shown it. */
  apiKey?: string | null;
}

/** None where sessions come from a configured issuer. */
async function credentials(config: PortalConfig, key: string | undefined): Promise<Omit<Announced, 'url'>> {
  if (config.isProduction || config.issuer) return {};
  const issuer = await DevelopmentIssuer.open(config.dataDirectory);
  return { sessionToken: await issuer.token(DEMONSTRATION_ADMIN, SESSION_SECONDS, new Date()), apiKey: key ?? null };
}

/** Each credential whole on a line of its own, ready to paste. */
function announce(announced: Announced, { json }: ServeOptions): void {
  if (json) return console.log(JSON.stringify(announced));
  const { url, sessionToken, apiKey } = announced;
  console.log(`\nURL: ${url}`);
  if (sessionToken !== undefined) console.log('Explorer: the same URL in a browser, and one of these under Headers');
  if (sessionToken !== undefined) console.log(`Session token (12 h): ${sessionToken}`);
  if (apiKey === null)
    console.log('API key: shown at the first start only; make another with the session token, or by "keys create".');
  else if (apiKey !== undefined) console.log(`API key (shown once): ${apiKey}`);
}
