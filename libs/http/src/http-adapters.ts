import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { LIMITS, OperatorError } from '#kernel';
import { GRAPHQL_PATH } from './graphql-path.js';

type HttpAdapter = HttpAdapterHost['httpAdapter'];

const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;
const REQUEST_ID_HEADER = 'x-request-id';
/** The limit on a body where the application sets none. Express has the limit of `LIMITS`. */
const FASTIFY_BODY_BYTES = 1024 * 1024;

/** The guard reads requests of Fastify and Express. A request of another adapter has another form, and each one would be a 500. */
class HttpAdapterNotSupported extends OperatorError {
  constructor(found: string) {
    super(
      `ApiKeysModule guards applications on Fastify or Express, and this one runs on ${found}: create it with ` +
        'NestFactory.create(AppModule, new FastifyAdapter()), or without an adapter for Express.',
    );
  }
}

/**
 * Prepares the HTTP adapter, so that a request has every member of `HttpRequest` and an answer has the id of its request. Comes with
 * the construction: a middleware of Express runs before those that the application adds later, and the driver of GraphQL ends the
 * process in its own `onModuleInit` where its package for the adapter is missing.
 */
@Injectable()
export class HttpAdapters {
  /** @throws {HttpAdapterNotSupported} */
  constructor({ httpAdapter }: HttpAdapterHost) {
    // Typed as always there, but absent in an application context, such as a command line.
    const adapter = httpAdapter as HttpAdapter | undefined;
    if (!adapter) return;
    const prepare = PREPARE[adapter.getType()];
    if (!prepare) throw new HttpAdapterNotSupported(adapter.getType());
    prepare(adapter);
  }
}

const PREPARE: Record<string, (adapter: HttpAdapter) => void> = {
  fastify(adapter) {
    const fastify = adapter.getInstance<FastifyInstance & { genReqId: (request: IncomingMessage) => string }>();
    const newId = fastify.genReqId;
    fastify.setGenReqId((request: IncomingMessage) => givenId(request) ?? newId(request));
    fastify.addHook('onSend', (request, reply, _body, done) => {
      void reply.header(REQUEST_ID_HEADER, request.id);
      done();
    });
    if (fastify.initialConfig.bodyLimit === FASTIFY_BODY_BYTES)
      fastify.addHook('onRoute', (route) => {
        if (route.url === GRAPHQL_PATH) route.bodyLimit = LIMITS.bodyBytes;
      });
  },
  express(adapter) {
    adapter.use((request: IncomingMessage, reply: ServerResponse, next: () => void) => {
      const id = givenId(request) ?? randomUUID();
      Object.assign(request, { raw: request, id });
      reply.setHeader(REQUEST_ID_HEADER, id);
      next();
    });
  },
};

/** The id that a client or a proxy has given to a request. */
function givenId({ headers }: IncomingMessage): string | undefined {
  const given = headers[REQUEST_ID_HEADER];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : undefined;
}
