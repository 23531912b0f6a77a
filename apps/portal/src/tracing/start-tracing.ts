import type { ApolloServerPlugin } from '@apollo/server';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { principalOf } from '#access';
import { RequestAuthenticator } from '#api-keys';
import type { GraphQLContext } from '#graphql';
import { type DatabaseOptions, VerifierDatabase } from '#database';
import { shownName } from '../metrics/operation-names.js';
import { RequestSpans } from './request-spans.js';
import { traceStatements, traceVerifier } from './statement-spans.js';
import { Tracing } from './tracing.js';
import type { TracingSettings } from './tracing.settings.js';

/** What an application is built with to be traced. */
export interface PortalTracing {
  readonly onConnect: NonNullable<DatabaseOptions['onConnect']>;
  readonly plugin: ApolloServerPlugin<GraphQLContext>;
  /** Before the application is initialised. */
  attach(app: NestFastifyApplication): void;
}

/** Traces from the HTTP request through the verification of its credential to the statements of SQL. */
export function startTracing(settings: TracingSettings): PortalTracing {
  const tracing = new Tracing(settings);
  const requests = new RequestSpans(tracing);
  return {
    onConnect: (client) => traceStatements(client, tracing),
    plugin: operationPlugin(requests),
    attach: (app) => {
      const fastify = app.getHttpAdapter().getInstance();
      requests.watch(fastify);
      fastify.addHook('onClose', () => tracing.stop());
      traceVerifier(app.get(VerifierDatabase, { strict: false }), tracing);
      traceVerification(app.get(RequestAuthenticator, { strict: false }), tracing);
    },
  };
}

/** Once for each request: whoever asks again finds the principal there. */
function traceVerification(authenticator: RequestAuthenticator, tracing: Tracing): void {
  const authenticate = authenticator.authenticate.bind(authenticator);
  authenticator.authenticate = (request) =>
    principalOf(request) === undefined
      ? tracing.run('verify credential', {}, () => authenticate(request))
      : authenticate(request);
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
