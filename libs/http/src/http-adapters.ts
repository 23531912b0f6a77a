import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Injectable, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { ApplicationConfig, HttpAdapterHost, ModuleRef } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { LIMITS, OperatorError } from '#kernel';
import { graphqlPathsOf, rememberGraphqlPaths } from './graphql-path.js';

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

/** The address of a client would be whatever the client says, and so would be the networks of its key. */
class EveryProxyTrusted extends OperatorError {
  constructor(option: string) {
    super(
      `The application trusts every proxy, so a client could choose its own address: set ${option} to the addresses of the proxies.`,
    );
  }
}

/**
 * Prepares the HTTP adapter, so that a request has every member of `HttpRequest` and an answer has the id of its request. Comes with
 * the construction: a middleware of Express runs before those that the application adds later, and the driver of GraphQL ends the
 * process in its own `onModuleInit` where its package for the adapter is missing.
 */
@Injectable()
export class HttpAdapters implements OnModuleInit, OnApplicationBootstrap {
  private prepared: PreparedAdapter | undefined;

  /** @throws {HttpAdapterNotSupported} */
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly modules: ModuleRef,
    private readonly application: ApplicationConfig,
  ) {
    if (this.adapter) this.prepare();
    // A testing module constructs all modules before its application has an adapter.
    else host.init$.subscribe(() => this.prepare());
    this.requireSupported();
  }

  /**
   * Not earlier: an application sets its global prefix after its construction.
   * @throws {HttpAdapterNotSupported}
   */
  onModuleInit(): void {
    this.requireSupported();
    if (this.adapter) rememberGraphqlPaths(this.adapter.getInstance(), this.graphqlPaths());
  }

  /**
   * Not earlier: an application on Express sets this option after its construction.
   * @throws {EveryProxyTrusted}
   */
  onApplicationBootstrap(): void {
    const { trust, option = '' } = this.prepared ?? {};
    if (trust?.() === true) throw new EveryProxyTrusted(option);
  }

  /** Typed as always there, but absent in an application context, such as a command line. */
  private get adapter(): HttpAdapter | undefined {
    return this.host.httpAdapter as HttpAdapter | undefined;
  }

  private prepare(): void {
    const { adapter } = this;
    if (adapter) this.prepared = PREPARE[adapter.getType()]?.(adapter, () => this.graphqlPaths());
  }

  private requireSupported(): void {
    if (this.adapter && !this.prepared) throw new HttpAdapterNotSupported(this.adapter.getType());
  }

  private graphqlPaths(): string[] {
    return graphqlPathsOf(this.modules, this.application);
  }
}

interface PreparedAdapter {
  /** The adapter's option that names proxies. */
  option: string;
  /** True if a stranger's address counts as the address of a proxy. */
  trust: () => unknown;
}

/** An address that no host has, further away than any proxy of an application. */
const STRANGER = ['255.255.255.255', 100] as const;
type TrustFunction = (...proxy: typeof STRANGER) => unknown;

const PREPARE: Record<string, (adapter: HttpAdapter, graphqlPaths: () => string[]) => PreparedAdapter> = {
  fastify(adapter, graphqlPaths) {
    const fastify = adapter.getInstance<FastifyInstance & { genReqId: (request: IncomingMessage) => string }>();
    const newId = fastify.genReqId;
    fastify.setGenReqId((request: IncomingMessage) => givenId(request) ?? newId(request));
    fastify.addHook('onSend', (request, reply, _body, done) => {
      void reply.header(REQUEST_ID_HEADER, request.id);
      done();
    });
    if (fastify.initialConfig.bodyLimit === FASTIFY_BODY_BYTES)
      fastify.addHook('onRoute', (route) => {
        if (graphqlPaths().includes(route.url)) route.bodyLimit = LIMITS.bodyBytes;
      });
    return { option: 'trustProxy', trust: () => isTrusting(optionsOf(fastify).trustProxy) };
  },
  express(adapter) {
    adapter.use((request: IncomingMessage, reply: ServerResponse, next: () => void) => {
      const id = givenId(request) ?? randomUUID();
      Object.assign(request, { raw: request, id });
      reply.setHeader(REQUEST_ID_HEADER, id);
      next();
    });
    const { settings } = adapter.getInstance<{ settings: Record<string, unknown> }>();
    return { option: '"trust proxy"', trust: () => isTrusting(settings['trust proxy fn']) };
  },
};

const isTrusting = (trust: unknown) => (typeof trust === 'function' ? (trust as TrustFunction)(...STRANGER) : trust);

/** Fastify shows some of its options, and not this one. */
function optionsOf(fastify: object): { trustProxy?: unknown } {
  const key = Object.getOwnPropertySymbols(fastify).find(({ description }) => description === 'fastify.options');
  return key ? ((fastify as Record<symbol, object>)[key] ?? {}) : {};
}

/** The id that a client or a proxy has given to a request. */
function givenId({ headers }: IncomingMessage): string | undefined {
  const given = headers[REQUEST_ID_HEADER];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : undefined;
}
