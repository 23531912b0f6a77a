import { Injectable } from '@nestjs/common';
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { Principal } from '#access';
import { OperationGate } from '#access/graphql';
import { limitsExceeded } from '#graphql';
import { type HttpReply, type HttpRequest, setHeaders } from '#http';
import { type LimitVerdict, rateLimitHeaders, RateLimiter } from '../limits/rate-limiter.js';
import { UseRecorder } from '../usage/use-recorder.js';
import { credentialChannel } from './credential-channel.js';
import { RequestAuthenticator } from './request-authenticator.js';
import { rememberCounted } from './counted-request.js';
import { scopesNeeded } from './use-recorder.plugin.js';

/** A validated document and the operation of it that a request asks for. */
export interface KnownOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}

/**
 * Admits an operation without the plugins of `GuardedGraphQL`, by the same gate, limiter and recorder. Only admits: a refusal is
 * left to the plugins, which find by `countedBefore` what was counted here.
 */
@Injectable()
export class AdmissionAtOnce {
  constructor(
    private readonly authenticator: RequestAuthenticator,
    private readonly gate: OperationGate,
    private readonly limiter: RateLimiter,
    private readonly uses: UseRecorder,
  ) {}

  /**
   * True if the operation may run now. False where the plugins have to decide: the credential is missing, refused or not
   * remembered, a field or a limit is refused, or tracing watches credentials. A plain value unless the key has a rate limit.
   */
  admit(
    request: HttpRequest,
    reply: HttpReply,
    known: KnownOperation,
    variables: Readonly<Record<string, unknown>>,
  ): boolean | Promise<boolean> {
    const principal = credentialChannel.hasSubscribers ? undefined : this.rememberedPrincipal(request);
    if (!principal || limitsExceeded(known.schema, known.document, known.operation, variables).length > 0) return false;
    const needs = this.gate.needs(known.schema, known.document, known.operation, variables);
    if (this.gate.refusalsIn(needs, principal).length > 0) return false;
    if (principal.kind !== 'API_KEY') return true;
    const counted = (rate: LimitVerdict | undefined): boolean => {
      rememberCounted(request, rate);
      if (rate && !rate.isAdmitted) return false;
      if (rate) setHeaders(reply, rateLimitHeaders(rate));
      this.uses.allowed(principal.apiKeyId, request.ip, scopesNeeded(needs), principal.secretNumber);
      return true;
    };
    return principal.rateLimit ? this.limiter.consumeOf(principal).then(counted) : counted(undefined);
  }

  private rememberedPrincipal(request: HttpRequest): Principal | null {
    try {
      const principal = this.authenticator.authenticate(request);
      return principal instanceof Promise ? null : principal;
    } catch {
      // The plugins ask again, get the same refusal, and answer with it.
      return null;
    }
  }
}
