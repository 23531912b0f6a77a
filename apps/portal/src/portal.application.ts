import { randomUUID } from 'node:crypto';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type FastifyInstance, LogController } from 'fastify';
import { LIMITS } from '#kernel';
import { keepAnswersOnClose } from './http/connection-close.js';
import { allowOrigins } from './http/cors.js';
import { fastifyTrust } from './http/trust-proxy.js';
import { readJsonBodies } from './http/json-body.js';
import { fastifyLogger, logRequests, nestLogger, type PortalLog, standardLog } from './http/logging.js';
import {
  malformedRequestHandler,
  refuseTunnels,
  takeExpectations,
  unreadablePathHandler,
} from './http/malformed-requests.js';
import { mustClose, requireReadable } from './http/request-rules.js';
import { type AnswerTimes, boundUnreadAnswers } from './http/unread-answers.js';
import type { PortalConfig } from './portal.config.js';
import { PortalModule } from './portal.module.js';

export interface PortalAdditions {
  /** Further modules, for tests. */
  imports?: DynamicModule['imports'];
  /** Default: standard output. */
  log?: PortalLog;
  /** Default: the limits of `LIMITS`, which are too long for a test to wait for. */
  timeouts?: HttpTimeouts;
  /** Default: the limits of `LIMITS.answers`. */
  answerTimes?: AnswerTimes;
}

export type HttpTimeouts = Record<'headersTimeoutMs' | 'requestTimeoutMs' | 'keepAliveTimeoutMs', number>;

/**
 * The application, wired and initialised, not yet listening.
 * @param databaseUrl the configured URL, or the embedded server's
 * @throws {AccessNotDeclared} naming each resolver and handler without a declaration
 */
export async function createPortal(
  config: PortalConfig,
  databaseUrl: string,
  {
    imports = [],
    log: { logger, output } = standardLog(config),
    timeouts = LIMITS,
    answerTimes = LIMITS.answers,
  }: PortalAdditions = {},
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    loggerInstance: fastifyLogger(logger),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: LIMITS.bodyBytes,
    // A request that came in before the stop gets its answer.
    return503OnClosing: false,
    http: {
      headersTimeout: timeouts.headersTimeoutMs,
      connectionsCheckingInterval: timeouts.headersTimeoutMs / 10,
      // Refused together with other bad requests, in the form of our answers.
      requireHostHeader: false,
    },
    requestTimeout: timeouts.requestTimeoutMs,
    keepAliveTimeout: timeouts.keepAliveTimeoutMs,
    clientErrorHandler: malformedRequestHandler(logger),
    frameworkErrors: unreadablePathHandler,
    trustProxy: fastifyTrust(config.trustProxy),
    genReqId: () => randomUUID(),
  });
  prepareHttp(adapter.getInstance(), config, answerTimes);
  // Loaded here, so that untraced applications pay nothing.
  const tracing = config.tracing && (await import('./tracing/start-tracing.js')).startTracing(config.tracing);
  const module = PortalModule.forRoot(config, databaseUrl, output, imports, { tracing, stallMs: answerTimes.stallMs });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger: nestLogger(logger),
    abortOnError: false,
    bodyParser: false,
  });
  tracing?.attach(app);
  allowOrigins(app, config.corsOrigins);
  await app.init().catch(async (error: unknown) => {
    // A failed start must not keep the process alive with its connections.
    await app.close();
    throw error;
  });
  return app;
}

/** The hooks for every request, whatever its route. */
function prepareHttp(fastify: FastifyInstance, config: PortalConfig, answerTimes: AnswerTimes): void {
  readJsonBodies(fastify);
  keepAnswersOnClose(fastify.server);
  refuseTunnels(fastify);
  takeExpectations(fastify);
  fastify.addHook('onRequest', async (request, reply) => {
    void reply.header('cache-control', 'no-store');
    requireReadable(request, reply);
  });
  boundUnreadAnswers(fastify, answerTimes);
  fastify.addHook('onSend', (request, reply, _payload, done) => {
    if (mustClose(request)) void reply.header('connection', 'close');
    done();
  });
  logRequests(fastify, config);
}
