import { Injectable } from '@nestjs/common';
import type { GqlOptionsFactory } from '@nestjs/graphql';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { AccessRegistry, ScopeCatalogue } from '#access';
import { apiFieldsOf, OperationGate, operationGatePlugin, withAccessDirectives } from '#access/graphql';
import {
  DateTime,
  formatError,
  isStreamRequest,
  type GraphQLContext,
  KeptDocuments,
  requireAcceptable,
  requireOneGraphQL,
  responsePlugin,
  streamPlugin,
  toGraphQLError,
  withFreshMutations,
} from '#graphql';
import { type HttpReply, type HttpRequest, logFault } from '#http';
import { AppError, LIMITS, OperatorError } from '#kernel';
import { RateLimiter } from '../limits/rate-limiter.js';
import { UseRecorder } from '../usage/use-recorder.js';
import { RequestAuthenticator } from './request-authenticator.js';
import { rateLimitPlugin } from './rate-limit.plugin.js';
import { noteDenied, useRecorderPlugin } from './use-recorder.plugin.js';

/** The options that the guard depends on; an application cannot change them. Subscriptions over a WebSocket would pass no gate. */
const GUARDED = [
  'driver',
  'transformSchema',
  'context',
  'fieldResolverEnhancers',
  'allowBatchedHttpRequests',
  'includeStacktraceInErrorResponses',
  'formatError',
  'autoTransformHttpErrors',
  'preserveHttpStatusForExecutionErrors',
  'subscriptions',
  'installSubscriptionHandlers',
] as const satisfies readonly (keyof ApolloDriverConfig)[];
type Guarded = (typeof GUARDED)[number];

/** An application chooses what the guard depends on. */
class OptionsGuarded extends OperatorError {
  constructor(names: readonly string[]) {
    super(
      `GuardedGraphQL.options() was given ${names.join(', ')}, on which the guard depends: leave out each of them.`,
    );
  }
}

/** The context's arguments: the integration for Fastify passes a request and a reply, and the one for Express an object of both. */
type Passed = [HttpRequest, HttpReply] | [{ req: HttpRequest; res: HttpReply }];

/** How Apollo Server has to be configured so that operations are guarded. */
@Injectable()
export class GuardedGraphQL implements GqlOptionsFactory<ApolloDriverConfig> {
  constructor(
    private readonly registry: AccessRegistry,
    private readonly gate: OperationGate,
    private readonly catalogue: ScopeCatalogue,
    private readonly authenticator: RequestAuthenticator,
    private readonly uses: UseRecorder,
    private readonly limiter: RateLimiter,
  ) {
    requireOneGraphQL();
  }

  /** For `GraphQLModule.forRootAsync({ driver: ApolloDriver, imports: […], useExisting: GuardedGraphQL })`. */
  createGqlOptions(): ApolloDriverConfig {
    return this.options();
  }

  /**
   * The configuration of `GraphQLModule`, to be returned from its `forRootAsync`.
   * @param own further options of the application; its plugins run before the gate
   * @throws {OptionsGuarded}
   */
  options(own: Omit<ApolloDriverConfig, Guarded> = {}): ApolloDriverConfig {
    const { registry, gate, catalogue, uses, limiter } = this;
    const chosen = GUARDED.filter((name) => name in own);
    if (chosen.length > 0) throw new OptionsGuarded(chosen);
    const documents = new KeptDocuments();
    return {
      autoSchemaFile: true,
      sortSchema: true,
      // Apollo Server validates the schema. The check of Nest would execute a whole introspection query at each start.
      buildSchemaOptions: { scalarsMap: [{ type: Date, scalar: DateTime }], skipCheck: true },
      parseOptions: { maxTokens: LIMITS.tokens },
      documentStore: documents,
      ...own,
      driver: ApolloDriver,
      transformSchema: (schema) => {
        registry.register(apiFieldsOf(schema));
        return withFreshMutations(withAccessDirectives(schema, (coordinate) => registry.accessOf(coordinate)));
      },
      context: (...passed: Passed) =>
        passed.length === 2 ? this.authenticated(...passed) : this.authenticated(passed[0].req, passed[0].res),
      fieldResolverEnhancers: ['guards'],
      allowBatchedHttpRequests: false,
      includeStacktraceInErrorResponses: false,
      formatError: (formatted, error) =>
        formatError(formatted, error, { hidesSchema: own.hideSchemaDetailsFromClientErrors }),
      // Nest's own transformations would reset the status to 200 and rename codes. We decide both in one place.
      autoTransformHttpErrors: false,
      preserveHttpStatusForExecutionErrors: false,
      plugins: [
        ...(own.plugins ?? []),
        operationGatePlugin(gate, catalogue, {
          onRefusal: (request) => noteDenied(uses, request),
          onAdmission: (document) => documents.keep(document),
        }),
        // After the gate: an API without subscriptions says so, and does not advise a stream.
        streamPlugin(),
        rateLimitPlugin(limiter, uses),
        useRecorderPlugin(gate, uses),
        responsePlugin(),
      ],
    };
  }

  /** Authenticates before the document is parsed: a bad credential ends the request here, whatever the request asks for. */
  private async authenticated(req: HttpRequest, reply: HttpReply): Promise<GraphQLContext> {
    try {
      await this.authenticator.authenticate(req);
    } catch (error) {
      if (error instanceof AppError) throw toGraphQLError(error);
      logFault(req, 'authentication failed', error);
      throw Object.assign(new Error('authentication failed', { cause: error }), { extensions: { requestId: req.id } });
    }
    if (!isStreamRequest(req)) requireAcceptable(req.headers.accept);
    return { req, reply };
  }
}
