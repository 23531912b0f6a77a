import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import { principalOf } from '#access';
import type { FieldNeed, OperationGate } from '#access/graphql';
import type { GraphQLContext } from '#graphql';
import type { HttpRequest } from '#http';
import type { UseRecorder } from '../usage/use-recorder.js';
import { countedBefore } from './counted-request.js';

/** The gate keeps the needs of a document; this keeps the scopes derived from them. */
const scopesOf = new WeakMap<readonly FieldNeed[], readonly string[]>();

/** Records each operation of an API key that passed gate, limiter and network check, at the moment it begins to run. */
export function useRecorderPlugin(gate: OperationGate, uses: UseRecorder): ApolloServerPlugin<GraphQLContext> {
  const listener: GraphQLRequestListener<GraphQLContext> = {
    async executionDidStart({ schema, document, operation, request, contextValue: { req } }) {
      const principal = principalOf(req);
      // An operation with an unknown name also comes this far, and execution then reports the name.
      if (principal?.kind !== 'API_KEY' || !operation || countedBefore(req)) return;
      const needs = gate.needs(schema, document, operation, request.variables ?? {});
      uses.allowed(principal.apiKeyId, req.ip, scopesNeeded(needs), principal.secretNumber);
    },
  };
  return { requestDidStart: async () => listener };
}

/** Records a request that was refused although its key is good. The code that refuses a request calls this, once. */
export function noteDenied(uses: UseRecorder, request: HttpRequest): void {
  const principal = principalOf(request);
  if (principal?.kind === 'API_KEY') uses.denied(principal.apiKeyId);
}

/** The scopes that the fields of an operation ask for, each once. */
export function scopesNeeded(needs: readonly FieldNeed[]): readonly string[] {
  const known = scopesOf.get(needs);
  if (known) return known;
  const scopes = [...new Set(needs.flatMap(({ access }) => (access.kind === 'scopes' ? access.scopes : [])))];
  scopesOf.set(needs, scopes);
  return scopes;
}
