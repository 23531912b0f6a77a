import type { ApolloServerOptionsWithGateway } from '@apollo/server';
import { Injectable } from '@nestjs/common';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import { principalOf } from '#access';
import type { Consistency } from '#database';
import type { GraphQLContext } from '#graphql';
import { CompiledOperations } from './compiled-operations.js';
import { runConsistently } from './consistent-operations.js';
import { beginSubscription, type EventStreamParts, eventStreams } from './event-streams.js';
import { fastPath, type FastPathParts, resultOf } from './fast-path.js';

type ContextFunction = (request: FastifyRequest, reply: FastifyReply) => Promise<GraphQLContext>;
type Gateway = ApolloServerOptionsWithGateway<GraphQLContext>['gateway'];

export interface CompilingDriverConfig extends ApolloDriverConfig {
  /** Omitted: every request takes the usual path. */
  fastPath?: Omit<FastPathParts, 'operations' | 'consistency'> | undefined;
  /** Omitted: every operation reads from the primary. */
  consistency?: Consistency | undefined;
  /** Omitted: subscriptions are refused. */
  streams?: EventStreamParts | undefined;
  /** Omitted: as `CompiledOperations` decides. */
  compileAfter?: number | undefined;
}

/** Apollo Server with an executor of our own. Apollo Server accepts an executor only from a gateway. */
@Injectable()
export class CompilingDriver extends ApolloDriver {
  protected override async registerFastify({
    fastPath: parts,
    streams,
    consistency,
    compileAfter,
    ...options
  }: CompilingDriverConfig): Promise<void> {
    const { schema, path } = options;
    if (!schema) throw new Error('The schema was not built.');
    const operations = new CompiledOperations(compileAfter);
    if (parts) this.handle(path, (usual) => fastPath(usual, { ...parts, operations, consistency }));
    if (streams)
      this.handle(path, (usual) =>
        eventStreams(usual, streams, () => this.apolloServer, options.context as ContextFunction),
      );
    const gateway = gatewayOf(schema, { operations, streams, consistency });
    return super.registerFastify({ ...options, gateway } as ApolloDriverConfig);
  }

  /** Puts a handler before the one that Apollo Server's integration is about to register. */
  private handle(path: string | undefined, handlerBefore: (usual: RouteHandlerMethod) => RouteHandlerMethod): void {
    const fastify = this.httpAdapterHost.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('onRoute', (route) => {
      if (route.url === path) route.handler = handlerBefore(route.handler);
    });
  }
}

interface GatewayParts {
  operations: CompiledOperations;
  streams: EventStreamParts | undefined;
  consistency: Consistency | undefined;
}

function gatewayOf(schema: GraphQLSchema, { operations, streams, consistency }: GatewayParts): Gateway {
  return {
    async load() {
      return {
        executor: async ({ document, operation, request, context }) => {
          const { operationName, variables = {} } = request;
          const { req } = context as GraphQLContext;
          const result = resultOf(req);
          if (result) return result;
          const isKnown = principalOf(req) != null;
          const execution = { schema, document, operation, operationName, variables, contextValue: context };
          if (streams && operation?.operation === 'subscription') return beginSubscription(execution, streams);
          const run = () => operations.execute(execution, isKnown);
          if (!consistency) return run();
          return runConsistently(consistency, operation?.operation === 'query', context as GraphQLContext, run);
        },
      };
    },
    onSchemaLoadOrUpdate(notify) {
      notify({ apiSchema: schema, coreSupergraphSdl: '' });
      return () => undefined;
    },
    async stop() {},
  } as Gateway;
}
