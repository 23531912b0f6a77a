import type { ApolloServerOptionsWithGateway } from '@apollo/server';
import { Injectable } from '@nestjs/common';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import type { FastifyInstance } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import { principalOf } from '#access';
import type { GraphQLContext } from '#graphql';
import { CompiledOperations } from './compiled-operations.js';
import { fastPath, type FastPathParts, resultOf } from './fast-path.js';

type Gateway = ApolloServerOptionsWithGateway<GraphQLContext>['gateway'];

export interface CompilingDriverConfig extends ApolloDriverConfig {
  /** Omitted: every request takes the usual path. */
  fastPath?: Omit<FastPathParts, 'operations'> | undefined;
  /** Omitted: as `CompiledOperations` decides. */
  compileAfter?: number | undefined;
}

/** Apollo Server with an executor of our own. Apollo Server accepts an executor only from a gateway. */
@Injectable()
export class CompilingDriver extends ApolloDriver {
  protected override async registerFastify({
    fastPath: parts,
    compileAfter,
    ...options
  }: CompilingDriverConfig): Promise<void> {
    const { schema, path } = options;
    if (!schema) throw new Error('The schema was not built.');
    const operations = new CompiledOperations(compileAfter);
    if (parts) this.shorten(path, { ...parts, operations });
    return super.registerFastify({ ...options, gateway: gatewayOf(schema, operations) } as ApolloDriverConfig);
  }

  /** Puts the fast path before the handler that Apollo Server's integration is about to register. */
  private shorten(path: string | undefined, parts: FastPathParts): void {
    const fastify = this.httpAdapterHost.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('onRoute', (route) => {
      if (route.url === path) route.handler = fastPath(route.handler, parts);
    });
  }
}

function gatewayOf(schema: GraphQLSchema, operations: CompiledOperations): Gateway {
  return {
    async load() {
      return {
        executor: async ({ document, operation, request, context }) => {
          const { operationName, variables = {} } = request;
          const { req } = context as GraphQLContext;
          const result = resultOf(req);
          if (result) return result;
          const isKnown = principalOf(req) != null;
          return operations.execute(
            { schema, document, operation, operationName, variables, contextValue: context },
            isKnown,
          );
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
