import cluster from 'node:cluster';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { excessRights, requireRoles } from '#database';
import { OpenStreams } from '#graphql';
import { DevelopmentIssuer } from '#sessions';
import { consoleModeOf } from '../console/console.mode.js';
import { drainable } from '../http/drain.js';
import { type PortalLog, standardLog } from '../http/logging.js';
import { createPortal } from '../portal.application.js';
import { type PortalConfig, readConfig } from '../portal.config.js';
import { applyMigrations, ownDatabase, requireSchema } from './database.js';
import { DEMONSTRATION_ADMIN } from './demonstration-data.js';
import { makeDemonstration } from './demonstration.js';
import { EXIT } from './failure.js';
import { exitNow, exitWithLog } from './exit.js';
import { onFirstSignal } from './signals.js';
import { endOnUncaught } from './uncaught.js';
import { requireShared, WorkerFleet } from '../workers/worker-fleet.js';

export interface ServeOptions {
  migrate?: boolean;
  demo?: boolean;
  json?: boolean;
  workers?: number;
}

const SESSION_SECONDS = 12 * 60 * 60;
/** How long requests under way may take to end; then their connections are cut. */
const DRAIN_MS = 6_000;
/** Process managers usually kill a process ten seconds after they asked it to stop. */
const STOP_MS = 9_500;

export async function serve(options: ServeOptions): Promise<void> {
  const config = readConfig(process.env);
  const log = standardLog(config);
  endOnUncaught(log);
  if (cluster.isPrimary && options.workers !== undefined && options.workers > 1)
    return serveByWorkers(options.workers, config, options, log);
  const database = await ownDatabase(config);
  try {
    if (options.migrate) await applyMigrations(database);
    else await requireSchema(database.directUrl);
    await requireRoles(database.url);
    // The embedded server has one login, for this machine.
    if (config.databaseUrl)
      for (const excess of await excessRights(database.directUrl)) log.logger.warn({ context: 'Database' }, excess);
    const app = await createPortal(config, database.url, { log });
    stopOnSignals(app, log, database.release);
    await open(app, config, options, log);
  } catch (error) {
    await database.release();
    // Otherwise the channel to the primary process keeps this process alive.
    cluster.worker?.disconnect();
    throw error;
  }
}

/** The primary process migrates and keeps the workers; each worker runs `serve`. */
async function serveByWorkers(
  count: number,
  config: PortalConfig,
  { migrate }: ServeOptions,
  { logger, output }: PortalLog,
): Promise<void> {
  requireShared(config);
  if (migrate) await applyMigrations(await ownDatabase(config));
  const fleet = new WorkerFleet(count, logger);
  const stop = async (signal: string) => {
    logger.info({ signal }, 'stopping: the workers answer the requests under way');
    const inTime = await fleet.stop();
    logger.info('stopped');
    await exitWithLog(inTime ? EXIT.done : EXIT.ended, output);
  };
  onFirstSignal((signal) => void stop(signal));
  const failure = await fleet.start();
  if (failure !== undefined && !fleet.isStopping) await exitWithLog(failure, output);
}

async function open(
  app: NestFastifyApplication,
  config: PortalConfig,
  options: ServeOptions,
  { logger }: PortalLog,
): Promise<void> {
  try {
    const credentials = options.demo && !config.isProduction ? await demonstrate(app, config) : {};
    await app.listen({ host: config.host, port: config.port });
    const addresses = await addressesOf(app, config);
    logger.info(addresses, 'listening');
    // In production standard output holds only JSON lines.
    const isFirst = cluster.worker === undefined || cluster.worker.id === 1;
    if (isFirst && (!config.isProduction || options.json)) announce({ ...addresses, ...credentials }, options);
  } catch (error) {
    // A failed start must not keep the process alive with its connections.
    await app.close();
    throw error;
  }
}

/** Requests end first. The services they need close afterwards, and then write what is left to write. */
function stopOnSignals(app: NestFastifyApplication, { logger, output }: PortalLog, release: () => Promise<void>): void {
  const drain = drainable(app.getHttpServer());
  const streams = app.get(OpenStreams, { strict: false });
  const stop = async (signal: string) => {
    setTimeout(() => {
      logger.error('the stop took too long: the process ends now');
      exitNow(EXIT.ended, output);
    }, STOP_MS).unref();
    logger.info({ signal }, 'stopping: no new connections, requests under way are answered');
    await Promise.all([streams.drain(), drain(DRAIN_MS)]);
    logger.info('no request is under way: waiting uses are written');
    await app.close();
    await release();
    logger.info('stopped');
    await exitWithLog(EXIT.done, output);
  };
  onFirstSignal((signal) => void stop(signal));
}

interface Addresses {
  url: string;
  console?: string;
  /** The reason why there is no console. */
  consoleOff?: string;
}

async function addressesOf(app: NestFastifyApplication, config: PortalConfig): Promise<Addresses> {
  const origin = (await app.getUrl()).replace('[::1]', 'localhost');
  const mode = consoleModeOf(config);
  const console = mode.kind === 'off' ? { consoleOff: mode.reason } : { console: `${origin}/console` };
  return { url: `${origin}/graphql`, ...console };
}

interface Announced extends Addresses {
  sessionToken?: string;
  /** Null: an earlier start has shown the key. */
  apiKey?: string | null;
}

/** Nothing for a database with other tenants; no token where sessions come from a configured issuer. */
async function demonstrate(
  app: NestFastifyApplication,
  config: PortalConfig,
): Promise<Omit<Announced, keyof Addresses>> {
  const apiKey = await makeDemonstration(app);
  if (apiKey === undefined) return {};
  if (config.issuer) return { apiKey };
  const issuer = await DevelopmentIssuer.open(config.dataDirectory);
  return { sessionToken: await issuer.token(DEMONSTRATION_ADMIN, SESSION_SECONDS, new Date()), apiKey };
}

/** Each credential complete on a line of its own, ready to paste. */
function announce(announced: Announced, { json }: ServeOptions): void {
  if (json) return console.log(JSON.stringify(announced));
  const { url, console: page, consoleOff, sessionToken, apiKey } = announced;
  console.log(`\nURL: ${url}`);
  console.log(page === undefined ? `Console: off, ${consoleOff}` : `Console: ${page}`);
  if (sessionToken !== undefined) console.log('Explorer: the same URL in a browser, and one of these under Headers');
  if (sessionToken !== undefined) console.log(`Session token (12 h): ${sessionToken}`);
  if (apiKey === null)
    console.log('API key: shown at the first start only; make another with the session token, or by "keys create".');
  else if (apiKey !== undefined) console.log(`API key (shown once): ${apiKey}`);
}
