import type { ApolloServerPlugin } from '@apollo/server';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { credentialChannel } from '#api-keys';
import { addTraceParentSource, statementChannel } from '#database';
import type { GraphQLContext } from '#graphql';
import { shownName } from '../metrics/operation-names.js';
import { followAttempts } from './attempt-spans.js';
import { RequestSpans } from './request-spans.js';
import { spanOfStatement } from './statement-spans.js';
import { Tracing } from './tracing.js';
import type { TracingSettings } from './tracing.settings.js';

/** The parts that a traced application is built with. */
export interface PortalTracing {
  readonly plugin: ApolloServerPlugin<GraphQLContext>;
  /** Called before the application is initialised. */
  attach(app: NestFastifyApplication): void;
}

/**
 * Traces from the HTTP request through the verification of its credential to the statements of SQL, and from a change to the attempts of
 * its webhooks.
 */
export function startTracing(settings: TracingSettings): PortalTracing {
  const tracing = new Tracing(settings);
  const requests = new RequestSpans(tracing);
  return {
    plugin: operationPlugin(requests),
    attach: (app) => {
      const fastify = app.getHttpAdapter().getInstance();
      requests.watch(fastify);
      tracing.follow(credentialChannel, () => ({ name: 'verify credential', options: {} }));
      tracing.follow(statementChannel, spanOfStatement);
      const ends = [addTraceParentSource(() => tracing.traceparent), followAttempts(tracing)];
      fastify.addHook('onClose', async () => {
        for (const end of ends) end();
        await tracing.stop();
      });
    },
  };
}

/** Names the operation in the span of its request. */
function operationPlugin(requests: RequestSpans): ApolloServerPlugin<GraphQLContext> {
  return {
    requestDidStart: async () => ({
      async didResolveOperation({ operation, operationName, contextValue: { req } }) {
        if (!operation) return;
        requests.of(req)?.setAttributes({
          'graphql.operation.type': operation.operation,
          'graphql.operation.name': shownName(operationName),
        });
      },
    }),
  };
}
