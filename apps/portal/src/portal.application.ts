import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger } from 'nestjs-pino';
import { LIMITS } from '#kernel';
import type { PortalConfig } from './portal.config.js';
import { PortalModule } from './portal.module.js';

const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;

/**
 * The application, wired and initialised, not yet listening.
 * @param additions further modules, as a test brings them
 * @throws {AccessNotDeclared} naming each resolver and handler without a declaration
 */
export async function createPortal(
  config: PortalConfig,
  databaseUrl: string,
  additions: DynamicModule['imports'] = [],
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: LIMITS.bodyBytes,
    requestTimeout: LIMITS.requestTimeoutMs,
    genReqId: (request: IncomingMessage) => {
      const given = request.headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
    },
  });
  adapter.getInstance().addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id).header('cache-control', 'no-store');
  });
  const app = await NestFactory.create<NestFastifyApplication>(
    PortalModule.forRoot(config, databaseUrl, additions),
    adapter,
    {
      // Until ours is in place, Nest reports what is wrong and keeps the rest to itself.
      logger: ['fatal', 'error', 'warn'],
      abortOnError: false,
    },
  );
  app.useLogger(app.get(Logger));
  await app.init();
  return app;
}
