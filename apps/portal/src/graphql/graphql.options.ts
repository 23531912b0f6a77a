import type { ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import type { ApolloDriverConfig } from '@nestjs/apollo';
import type { GuardedGraphQL } from '#api-keys';
import type { GraphQLContext } from '#graphql';

export interface GraphQLParts {
  isProduction: boolean;
  guarded: GuardedGraphQL;
  /** What watches operations and changes nothing. */
  plugins: ApolloServerPlugin<GraphQLContext>[];
}

/** How Apollo Server runs here; see the way of a request in the README. */
export function graphqlOptions({ isProduction, guarded, plugins }: GraphQLParts): ApolloDriverConfig {
  return guarded.options({
    path: '/graphql',
    // Not before HTTP has closed: until then requests come in.
    stopOnApplicationShutdown: true,
    introspection: !isProduction,
    hideSchemaDetailsFromClientErrors: isProduction,
    graphiql: false,
    persistedQueries: false,
    plugins: [ApolloServerPluginCacheControlDisabled(), ...plugins],
  });
}
