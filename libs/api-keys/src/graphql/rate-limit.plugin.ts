import { type ApolloServerPlugin, type GraphQLRequestContextResponseForOperation, HeaderMap } from '@apollo/server';
import { getVariableValues } from 'graphql';
import { principalOf } from '#access';
import { type RateLimiter, rateLimited, rateLimitHeaders } from '../limits/rate-limiter.js';
import type { UseRecorder } from '../usage/use-recorder.js';
import { extensionsOf } from '#kernel';
import type { GraphQLContext } from './graphql-context.js';
import { noteDenied } from './use-recorder.plugin.js';

/**
 * Counts a request against its key's rate. Comes after the operation gate: Apollo Server asks plugins in their order
 * until one answers, so what the gate refuses consumes nothing, and what is counted runs.
 */
export function rateLimitPlugin(limiter: RateLimiter, uses: UseRecorder): ApolloServerPlugin<GraphQLContext> {
  return {
    async requestDidStart() {
      return {
        async responseForOperation(requestContext) {
          const principal = principalOf(requestContext.contextValue.req) ?? null;
          if (principal?.kind !== 'API_KEY' || !principal.rateLimit || !isExecutable(requestContext)) return null;
          const verdict = await limiter.consumeRequest(principal);
          if (!verdict) return null;
          const { headers } = requestContext.response.http;
          for (const [name, value] of Object.entries(rateLimitHeaders(verdict))) headers.set(name, value);
          if (verdict.isAdmitted) return null;
          noteDenied(uses, requestContext.contextValue.req);
          return refusedResponse(rateLimited(verdict));
        },
      };
    },
  };
}

/** Do the variables fit their types? Execution would refuse them before any field runs, and tells of it itself. */
function isExecutable({
  schema,
  operation,
  request,
}: GraphQLRequestContextResponseForOperation<GraphQLContext>): boolean {
  return !getVariableValues(schema, operation.variableDefinitions ?? [], request.variables ?? {}, { maxErrors: 1 })
    .errors;
}

function refusedResponse(error: ReturnType<typeof rateLimited>) {
  return {
    http: { status: error.httpStatus, headers: new HeaderMap(Object.entries(error.headers())) },
    body: {
      kind: 'single' as const,
      singleResult: { errors: [{ message: error.message, extensions: extensionsOf(error) }] },
    },
  };
}
