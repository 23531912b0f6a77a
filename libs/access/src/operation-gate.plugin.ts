import type {
  ApolloServerPlugin,
  GraphQLRequestContextResponseForOperation,
  GraphQLRequestListener,
  GraphQLResponse,
} from '@apollo/server';
import { type DocumentNode, GraphQLError } from 'graphql';
import { type GraphQLContext, limitsExceeded, QueryTooComplex, type Refused, refusedResponse } from '#graphql';
import { Forbidden, scopeChallenge } from './access.errors.js';
import type { OperationGate } from './operation-gate.js';
import { principalOf } from './request-principal.js';
import type { ScopeCatalogue } from './scope-catalogue.js';

/** Callbacks for the gate's decisions. */
interface GateObserver {
  /** Called once for each request that the gate refuses. */
  onRefusal(request: GraphQLContext['req']): void;
  /** Called for each document from which a caller with a credential may run an operation. */
  onAdmission(document: DocumentNode): void;
}

/** Asks the operation gate before anything runs. If the caller lacks something, the refusal is the answer. */
export function operationGatePlugin(
  gate: OperationGate,
  catalogue: ScopeCatalogue,
  { onRefusal, onAdmission }: GateObserver,
): ApolloServerPlugin<GraphQLContext> {
  const listener: GraphQLRequestListener<GraphQLContext> = {
    async didResolveOperation({ schema, operation }) {
      if (operation && !schema.getRootType(operation.operation))
        throw new GraphQLError(`This API has no ${operation.operation} operations.`, {
          extensions: { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } },
        });
    },
    async responseForOperation(requestContext) {
      const refusals = refusalsOf(gate, requestContext);
      const { req } = requestContext.contextValue;
      if (refusals.length === 0) {
        if (principalOf(req)) onAdmission(requestContext.document);
        return null;
      }
      onRefusal(req);
      return withWholeChallenge(refusedResponse(refusals), refusals, catalogue);
    },
  };
  return { requestDidStart: async () => listener };
}

function refusalsOf(
  gate: OperationGate,
  { schema, document, operation, request, contextValue }: GraphQLRequestContextResponseForOperation<GraphQLContext>,
): readonly Refused[] {
  // The document has no operation of that name. Execution reports this and runs nothing.
  if (!operation) return [];
  const variables = request.variables ?? {};
  const exceeded = limitsExceeded(schema, document, operation, variables);
  if (exceeded.length > 0) return exceeded.map((error) => ({ error }));
  const principal = principalOf(contextValue.req);
  if (principal === undefined) throw new Error('The request was not authenticated before its operation.');
  try {
    return gate.refusals(schema, document, operation, variables, principal);
  } catch (error) {
    if (error instanceof QueryTooComplex) return [{ error }];
    throw error;
  }
}

/** Each refusal asks for its own scopes, but the answer has one header: it names the scopes of all refusals. */
function withWholeChallenge(
  response: GraphQLResponse,
  refusals: readonly Refused[],
  catalogue: ScopeCatalogue,
): GraphQLResponse {
  const scopes = refusals.flatMap(({ error }) =>
    error instanceof Forbidden && error.refusal.reason === 'MISSING_SCOPE' ? error.refusal.requiredScopes : [],
  );
  if (scopes.length === 0) return response;
  for (const [name, value] of Object.entries(scopeChallenge(catalogue.inOrder(scopes))))
    response.http.headers.set(name, value);
  return response;
}
