import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type AccessRegistry, type OperationGate, withAccessDirectives } from '#access';
import type { RequestAuthenticator, UseRecorder } from '#api-keys';
import { AppError, DateTime, LIMITS, toGraphQLError } from '#kernel';
import { formatError } from './format-error.js';
import type { GraphQLContext } from './graphql-context.js';
import { operationGatePlugin } from './operation-gate.plugin.js';
import { responsePlugin } from './response.plugin.js';
import { useRecorderPlugin } from './use-recorder.plugin.js';

export interface GraphQLParts {
  isProduction: boolean;
  registry: AccessRegistry;
  gate: OperationGate;
  authenticator: RequestAuthenticator;
  uses: UseRecorder;
}

/** How Apollo Server runs here; see the way of a request in the README. */
export function graphqlOptions({
  isProduction,
  registry,
  gate,
  authenticator,
  uses,
}: GraphQLParts): ApolloDriverConfig {
  return {
    driver: ApolloDriver,
    path: '/graphql',
    autoSchemaFile: true,
    sortSchema: true,
    buildSchemaOptions: { scalarsMap: [{ type: Date, scalar: DateTime }] },
    transformSchema: (schema) => {
      registry.register(schema);
      return withAccessDirectives(schema, (coordinate) => registry.accessOf(coordinate));
    },
    context: (req: FastifyRequest, reply: FastifyReply) => authenticated(authenticator, req, reply),
    fieldResolverEnhancers: ['guards'],
    parseOptions: { maxTokens: LIMITS.tokens },
    introspection: !isProduction,
    hideSchemaDetailsFromClientErrors: isProduction,
    graphiql: false,
    persistedQueries: false,
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    formatError,
    // Nest's own transformations would reset the status to 200 and rename codes: ours are decided in one place.
    autoTransformHttpErrors: false,
    preserveHttpStatusForExecutionErrors: false,
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      operationGatePlugin(gate, uses),
      useRecorderPlugin(gate, uses),
      responsePlugin(),
    ],
  };
}

/** Authenticates before the document is parsed: a bad credential ends the request here, whatever it asks for. */
async function authenticated(
  authenticator: RequestAuthenticator,
  req: FastifyRequest,
  reply: FastifyReply,
): Promise<GraphQLContext> {
  try {
    await authenticator.authenticate(req);
  } catch (error) {
    if (error instanceof AppError) throw toGraphQLError(error);
    req.log.error({ err: error }, 'authentication failed');
    throw Object.assign(new Error('authentication failed', { cause: error }), { extensions: { requestId: req.id } });
  }
  return { req, reply };
}
