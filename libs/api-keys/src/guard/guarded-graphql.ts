import { Injectable } from '@nestjs/common';
import type { GqlOptionsFactory } from '@nestjs/graphql';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AccessRegistry, ScopeCatalogue } from '#access';
import { apiFieldsOf, OperationGate, operationGatePlugin, withAccessDirectives } from '#access/graphql';
import {
  DateTime,
  formatError,
  isStreamRequest,
  type GraphQLContext,
  KeptDocuments,
  requireAcceptable,
  responsePlugin,
  streamPlugin,
  toGraphQLError,
  withFreshMutations,
} from '#graphql';
import { AppError, LIMITS } from '#kernel';
import { RateLimiter } from '../limits/rate-limiter.js';
import { UseRecorder } from '../usage/use-recorder.js';
import { RequestAuthenticator } from './request-authenticator.js';
import { rateLimitPlugin } from './rate-limit.plugin.js';
import { noteDenied, useRecorderPlugin } from './use-recorder.plugin.js';

/** The options that the guard depends on; an application cannot change them. */
type Guarded =
  | 'driver'
  | 'transformSchema'
  | 'context'
  | 'fieldResolverEnhancers'
  | 'allowBatchedHttpRequests'
  | 'includeStacktraceInErrorResponses'
  | 'formatError'
  | 'autoTransformHttpErrors'
  | 'preserveHttpStatusForExecutionErrors';

/** How Apollo Server has to be configured so that operations are guarded; for Fastify. */
@Injectable()
export class GuardedGraphQL implements GqlOptionsFactory<ApolloDriverConfig> {
  constructor(
    private readonly registry: AccessRegistry,
    private readonly gate: OperationGate,
    private readonly catalogue: ScopeCatalogue,
    private readonly authenticator: RequestAuthenticator,
    private readonly uses: UseRecorder,
    private readonly limiter: RateLimiter,
  ) {}

  /** For `GraphQLModule.forRootAsync({ driver: ApolloDriver, imports: […], useExisting: GuardedGraphQL })`. */
  createGqlOptions(): ApolloDriverConfig {
    return this.options();
  }

  /**
   * The configuration of `GraphQLModule`, to be returned from its `forRootAsync`.
   * @param own further options of the application; its plugins run before the gate
   */
  options(own: Omit<ApolloDriverConfig, Guarded> = {}): ApolloDriverConfig {
    const { registry, gate, catalogue, uses, limiter } = this;
    const documents = new KeptDocuments();
    return {
      autoSchemaFile: true,
      sortSchema: true,
      buildSchemaOptions: { scalarsMap: [{ type: Date, scalar: DateTime }] },
      parseOptions: { maxTokens: LIMITS.tokens },
      documentStore: documents,
      ...own,
      driver: ApolloDriver,
      transformSchema: (schema) => {
        registry.register(apiFieldsOf(schema));
        return withFreshMutations(withAccessDirectives(schema, (coordinate) => registry.accessOf(coordinate)));
      },
      context: (req: FastifyRequest, reply: FastifyReply) => this.authenticated(req, reply),
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
  private async authenticated(req: FastifyRequest, reply: FastifyReply): Promise<GraphQLContext> {
    try {
      await this.authenticator.authenticate(req);
    } catch (error) {
      if (error instanceof AppError) throw toGraphQLError(error);
      req.log.error({ err: error }, 'authentication failed');
      throw Object.assign(new Error('authentication failed', { cause: error }), { extensions: { requestId: req.id } });
    }
    if (!isStreamRequest(req)) requireAcceptable(req.headers.accept);
    return { req, reply };
  }
}
