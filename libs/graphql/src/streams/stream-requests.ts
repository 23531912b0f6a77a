import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import { GraphQLError } from 'graphql';
import Negotiator from 'negotiator';
import type { GraphQLContext } from '../graphql-context.js';

const EVENT_STREAM = 'text/event-stream';

/** True if the header names event streams. A wildcard does not: every browser and every HTTP library sends one. */
export function acceptsEventStream(accept: string | undefined): boolean {
  if (!accept?.toLowerCase().includes(EVENT_STREAM)) return false;
  const named = new Negotiator({ headers: { accept } }).mediaTypes();
  return named.some((type) => type.toLowerCase() === EVENT_STREAM);
}

/** Set by the handler that can answer a request as an event stream. */
const AS_STREAM = Symbol('as stream');

export function markStreamRequest(request: object): void {
  (request as { [AS_STREAM]?: true })[AS_STREAM] = true;
}

export function isStreamRequest(request: object): boolean {
  return (request as { [AS_STREAM]?: true })[AS_STREAM] === true;
}

/** Refuses what a request cannot get: a subscription without a stream, and a mutation by GET. */
export function streamPlugin(): ApolloServerPlugin<GraphQLContext> {
  const listener: GraphQLRequestListener<GraphQLContext> = {
    async didResolveOperation({ operation, contextValue: { req } }) {
      if (operation?.operation === 'subscription' && !isStreamRequest(req))
        throw new GraphQLError(`Subscriptions are answered as a stream: send "Accept: ${EVENT_STREAM}".`, {
          extensions: { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } },
        });
      if (operation?.operation === 'mutation' && req.method === 'GET')
        throw new GraphQLError('Mutations are sent by POST.', {
          extensions: { code: 'BAD_REQUEST', http: { status: 405, headers: new Map([['allow', 'POST']]) } },
        });
    },
  };
  return { requestDidStart: async () => listener };
}
