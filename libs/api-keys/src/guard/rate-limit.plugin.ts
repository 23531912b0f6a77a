import type {
  ApolloServerPlugin,
  GraphQLRequestContextResponseForOperation,
  GraphQLRequestListener,
} from '@apollo/server';
import { getVariableValues } from 'graphql';
import { principalOf } from '#access';
import { type GraphQLContext, refusedResponse } from '#graphql';
import { type RateLimiter, rateLimited, rateLimitHeaders } from '../limits/rate-limiter.js';
import type { UseRecorder } from '../usage/use-recorder.js';
import { noteDenied } from './use-recorder.plugin.js';

/**
 * Counts a request against its key's rate. Comes after the operation gate: Apollo Server asks plugins in their order
 * until one answers, so what the gate refuses consumes nothing, and what is counted runs.
 */
export function rateLimitPlugin(limiter: RateLimiter, uses: UseRecorder): ApolloServerPlugin<GraphQLContext> {
  const listener: GraphQLRequestListener<GraphQLContext> = {
    async responseForOperation(requestContext) {
      const principal = principalOf(requestContext.contextValue.req);
      if (principal?.kind !== 'API_KEY' || !principal.rateLimit || !isExecutable(requestContext)) return null;
      const verdict = await limiter.consumeOf(principal);
      if (!verdict) return null;
      const { headers } = requestContext.response.http;
      for (const [name, value] of Object.entries(rateLimitHeaders(verdict))) headers.set(name, value);
      if (verdict.isAdmitted) return null;
      noteDenied(uses, requestContext.contextValue.req);
      return refusedResponse([{ error: rateLimited(verdict) }]);
    },
  };
  return { requestDidStart: async () => listener };
}

/** Is there an operation, and do the variables fit it? Where not, execution tells of it before any field runs. */
function isExecutable({
  schema,
  operation,
  request,
}: GraphQLRequestContextResponseForOperation<GraphQLContext>): boolean {
  // No operation of that name, though its type says otherwise.
  if (!operation) return false;
  return !getVariableValues(schema, operation.variableDefinitions ?? [], request.variables ?? {}, { maxErrors: 1 })
    .errors;
}
