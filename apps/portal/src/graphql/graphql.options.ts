import type { ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import type { GuardedGraphQL } from '#api-keys/graphql';
import type { CompilingDriverConfig } from './compiling.driver.js';
import type { PortalContext } from './portal-context.js';

export interface GraphQLParts extends Pick<
  CompilingDriverConfig,
  'fastPath' | 'compileAfter' | 'streams' | 'consistency'
> {
  isProduction: boolean;
  guarded: GuardedGraphQL;
  /** Plugins that watch operations and change nothing. */
  plugins: ApolloServerPlugin<PortalContext>[];
}

/** The configuration of Apollo Server. The README describes the path of a request. */
export function graphqlOptions({
  isProduction,
  guarded,
  plugins,
  fastPath,
  compileAfter,
  streams,
  consistency,
}: GraphQLParts): CompilingDriverConfig {
  const options = guarded.options({
    path: '/graphql',
    // Not before HTTP has closed: requests still come in until then.
    stopOnApplicationShutdown: true,
    introspection: !isProduction,
    hideSchemaDetailsFromClientErrors: isProduction,
    graphiql: false,
    persistedQueries: false,
    plugins: [ApolloServerPluginCacheControlDisabled(), ...plugins],
  });
  return { ...options, fastPath, compileAfter, streams, consistency };
}
