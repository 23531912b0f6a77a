import type { ApolloServerPlugin, GraphQLRequestContextResponseForOperation } from '@apollo/server';
import { HeaderMap } from '@apollo/server';
import { GraphQLError } from 'graphql';
import { type FieldRefusal, type OperationGate, principalOf } from '#access';
import { extensionsOf } from '#kernel';
import type { GraphQLContext } from './graphql-context.js';

/** Asks the operation gate before anything runs, and answers in its place where something is missing. */
export function operationGatePlugin(gate: OperationGate): ApolloServerPlugin<GraphQLContext> {
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
          return refusals.length === 0 ? null : refusedResponse(refusals);
        },
      };
    },
  };
}

function refusalsOf(
  gate: OperationGate,
  { schema, document, operation, request, contextValue }: GraphQLRequestContextResponseForOperation<GraphQLContext>,
): readonly FieldRefusal[] {
  const principal = principalOf(contextValue.req);
  if (principal === undefined) throw new Error('The request was not authenticated before its operation.');
  return gate.refusals(schema, document, operation, request.variables ?? {}, principal);
}

/** All refusals at once; no credential at all is one error, whatever the number of fields. */
function refusedResponse(refusals: readonly FieldRefusal[]) {
  const [first] = refusals;
  const isAnonymous = first?.error.code === 'UNAUTHENTICATED';
  const shown = isAnonymous ? refusals.slice(0, 1) : refusals;
  const headers = new HeaderMap();
  for (const { error } of shown) for (const [name, value] of Object.entries(error.headers())) headers.set(name, value);
  const errors = shown.map(({ error, path }) => ({
    message: error.message,
    ...(isAnonymous ? {} : { path }),
    extensions: extensionsOf(error),
  }));
  return {
    http: { status: first?.error.httpStatus, headers },
    body: { kind: 'single' as const, singleResult: { errors } },
  };
}
