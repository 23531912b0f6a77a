import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import { principalOf } from '#access';
import { type GraphQLContext, refusedResponse } from '#graphql';
import { type RateLimiter, rateLimited, rateLimitHeaders } from '../limits/rate-limiter.js';
import type { UseRecorder } from '../usage/use-recorder.js';
import { countedBefore } from './counted-request.js';
import { noteDenied } from './use-recorder.plugin.js';

/**
 * Counts a request against its key's rate. Runs after the operation gate: Apollo Server calls plugins in order until one answers,
 * so a request that the gate refuses consumes nothing. The use recorder counts the same requests as this plugin: a request whose
 * variables do not fit is both a unit and a use.
 */
export function rateLimitPlugin(limiter: RateLimiter, uses: UseRecorder): ApolloServerPlugin<GraphQLContext> {
  const listener: GraphQLRequestListener<GraphQLContext> = {
    async responseForOperation(requestContext) {
      // An unknown operation name yields no operation, though the type declares one. Execution reports the name and runs nothing.
      const { req } = requestContext.contextValue;
      const principal = principalOf(req);
      if (principal?.kind !== 'API_KEY' || !principal.rateLimit || !requestContext.operation) return null;
      const counted = countedBefore(req);
      const verdict = counted ? counted.rate : await limiter.consumeOf(principal);
      if (!verdict) return null;
      const { headers } = requestContext.response.http;
      for (const [name, value] of Object.entries(rateLimitHeaders(verdict))) headers.set(name, value);
      if (verdict.isAdmitted) return null;
      noteDenied(uses, req);
      return refusedResponse([{ error: rateLimited(verdict) }]);
    },
  };
  return { requestDidStart: async () => listener };
}
