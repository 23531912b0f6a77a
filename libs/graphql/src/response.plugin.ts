import type { ApolloServerPlugin, GraphQLRequestContextWillSendResponse, GraphQLRequestListener } from '@apollo/server';
import { answerTypeFor } from './accepted-media-types.js';
import { appErrorOf, isArgumentError, isBug } from './format-error.js';
import { logBug } from './bug-log.js';
import { boundedErrors } from './bounded-errors.js';
import type { GraphQLContext } from './graphql-context.js';
import { isStreamRequest } from './streams/stream-requests.js';

/** Failures of the request itself, which the older media type answers with 200. */
const REQUEST_FAILURES = new Set(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT']);

/** Sets status and headers of the whole answer from the errors in it. Bugs are logged under the request's id. */
export function responsePlugin(): ApolloServerPlugin<GraphQLContext> {
  const listener: GraphQLRequestListener<GraphQLContext> = {
    async didEncounterErrors({ errors, contextValue }) {
      for (const error of errors) logBug(error, contextValue);
    },
    async willSendResponse(requestContext) {
      failWhole(requestContext);
      refusePersistedQueries(requestContext);
      answerInType(requestContext);
      boundErrors(requestContext);
    },
  };
  return { requestDidStart: async () => listener };
}

/**
 * An outage, a bug, a lost permission or a variable that does not fit its argument fails the whole request as long as no root
 * field has produced a value. Once one root field has a value, the value stays, with the error beside it: a finished mutation
 * keeps its answer.
 */
function failWhole({ response, errors }: GraphQLRequestContextWillSendResponse<GraphQLContext>): void {
  if (response.body.kind !== 'single' || !errors) return;
  const { singleResult } = response.body;
  const hasValue = Object.values(singleResult.data ?? {}).some((value) => value !== null);
  if (!('data' in singleResult) || hasValue) return;
  const failing =
    errors.find((error) => isBug(error) || appErrorOf(error)?.httpStatus !== undefined) ?? errors.find(isArgumentError);
  if (!failing) return;
  const appError = appErrorOf(failing);
  delete singleResult.data;
  response.http.status = appError?.httpStatus ?? (isArgumentError(failing) ? 400 : 500);
  for (const [name, value] of Object.entries(appError?.headers() ?? {})) response.http.headers.set(name, value);
}

/** Apollo Server answers 200 to a document that is sent by name only. Nothing ran, so here the answer is a client error. */
function refusePersistedQueries({ response, errors }: GraphQLRequestContextWillSendResponse<GraphQLContext>): void {
  if (errors?.some(({ extensions }) => String(extensions['code']).startsWith('PERSISTED_QUERY_')))
    response.http.status = 400;
}

/** Type and status belong together, and Apollo Server would interpret `Accept` differently. */
function answerInType({
  request,
  response,
  contextValue,
}: GraphQLRequestContextWillSendResponse<GraphQLContext>): void {
  const accepted = answerTypeFor(request.http?.headers.get('accept'));
  // What is no stream is JSON even for a client that accepts only streams.
  const type = accepted ?? (isStreamRequest(contextValue.req) ? 'application/json' : undefined);
  if (!type || response.body.kind !== 'single') return;
  response.http.headers.set('content-type', `${type}; charset=utf-8`);
  const code = response.body.singleResult.errors?.[0]?.extensions?.['code'];
  if (accepted === 'application/json' && response.http.status === 400 && REQUEST_FAILURES.has(String(code)))
    response.http.status = 200;
}

function boundErrors({ response }: GraphQLRequestContextWillSendResponse<GraphQLContext>): void {
  if (response.body.kind !== 'single' || !response.body.singleResult.errors) return;
  response.body.singleResult.errors = boundedErrors(response.body.singleResult.errors);
}
