import type { ApolloServerPlugin, GraphQLRequestContextResponseForOperation } from '@apollo/server';
import { HeaderMap } from '@apollo/server';
import { GraphQLError } from 'graphql';
import { type FieldRefusal, type OperationGate, QueryTooComplex, principalOf } from '#access';
import type { UseRecorder } from '../usage/use-recorder.js';
import { type AppError, extensionsOf } from '#kernel';
import { limitsExceeded } from './document-limits.js';
import type { GraphQLContext } from './graphql-context.js';
import { noteDenied } from './use-recorder.plugin.js';

/** A field that is refused, or without a path the whole operation. */
type Refused = FieldRefusal | { error: AppError; path?: undefined };

/** Asks the operation gate before anything runs, and answers in its place where something is missing. */
export function operationGatePlugin(gate: OperationGate, uses: UseRecorder): ApolloServerPlugin<GraphQLContext> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ schema, operation }) {
          if (operation && !schema.getRootType(operation.operation))
            throw new GraphQLError(`This API has no ${operation.operation} operations.`, {
              extensions: { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } },
            });
        },
        async responseForOperation(requestContext) {
          const refusals = refusalsOf(gate, requestContext);
          if (refusals.length === 0) return null;
          noteDenied(uses, requestContext.contextValue.req);
          return refusedResponse(refusals);
        },
      };
    },
  };
}

function refusalsOf(
  gate: OperationGate,
  { schema, document, operation, request, contextValue }: GraphQLRequestContextResponseForOperation<GraphQLContext>,
): readonly Refused[] {
  // No operation of that name: execution says so, and runs nothing.
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

/** All refusals at once; no credential at all is one error, whatever the number of fields. */
function refusedResponse(refusals: readonly Refused[]) {
  const [first] = refusals;
  const isAnonymous = first?.error.code === 'UNAUTHENTICATED';
  const shown = isAnonymous ? refusals.slice(0, 1) : refusals;
  const headers = new HeaderMap();
  for (const { error } of shown) for (const [name, value] of Object.entries(error.headers())) headers.set(name, value);
  const errors = shown.map(({ error, path }) => ({
    message: error.message,
    ...(isAnonymous || !path ? {} : { path }),
    extensions: extensionsOf(error),
  }));
  return {
    http: { status: first?.error.httpStatus, headers },
    body: { kind: 'single' as const, singleResult: { errors } },
  };
}
