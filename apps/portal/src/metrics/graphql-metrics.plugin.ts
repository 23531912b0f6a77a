import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import { GraphQLError } from 'graphql';
import { principalOf } from '#access';
import type { PortalContext } from '../graphql/portal-context.js';
import type { RequestMetrics } from './request-metrics.js';

/** Counts each operation as it is answered, and each error in an answer. */
export function graphqlMetricsPlugin(metrics: RequestMetrics): ApolloServerPlugin<PortalContext> {
  // One listener for all requests: the data of each request is on the request.
  const listener: GraphQLRequestListener<PortalContext> = {
    async willSendResponse({ operationName, contextValue: { req, reply }, response: { body } }) {
      metrics.operated(operationName, Boolean(principalOf(req)), reply.elapsedTime);
      if (body.kind !== 'single' || !body.singleResult.errors) return;
      for (const { extensions } of body.singleResult.errors) metrics.failed(extensions);
    },
  };
  return {
    requestDidStart: async () => listener,
    // The credential is not good, so nothing else of the request was read.
    async contextCreationDidFail({ error }) {
      metrics.failed(error instanceof GraphQLError ? error.extensions : { code: 'INTERNAL_SERVER_ERROR' });
    },
  };
}
