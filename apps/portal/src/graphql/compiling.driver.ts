import type { ApolloServerOptionsWithGateway } from '@apollo/server';
import { Injectable } from '@nestjs/common';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import type { GraphQLSchema } from 'graphql';
import { principalOf } from '#access';
import type { GraphQLContext } from '#graphql';
import { CompiledOperations } from './compiled-operations.js';

type Gateway = ApolloServerOptionsWithGateway<GraphQLContext>['gateway'];

/** Apollo Server with an executor of our own. Apollo Server accepts an executor only from a gateway. */
@Injectable()
export class CompilingDriver extends ApolloDriver {
  protected override async registerFastify(options: ApolloDriverConfig): Promise<void> {
    const { schema } = options;
    if (!schema) throw new Error('The schema was not built.');
    const gateway = gatewayOf(schema, new CompiledOperations());
    return super.registerFastify({ ...options, gateway } as ApolloDriverConfig);
  }
}

function gatewayOf(schema: GraphQLSchema, operations: CompiledOperations): Gateway {
  return {
    async load() {
      return {
        executor: async ({ document, operation, request, context }) => {
          const { operationName, variables = {} } = request;
          const isKnown = principalOf((context as GraphQLContext).req) != null;
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
