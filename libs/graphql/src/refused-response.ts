import { type GraphQLResponse, HeaderMap } from '@apollo/server';
import { type AppError, extensionsOf } from '#kernel';

/** A refused field; without a path, the refused operation. */
export interface Refused {
  error: AppError;
  path?: readonly string[];
}

/** The answer in place of an operation. A missing credential is one error, whatever the number of fields. */
export function refusedResponse(refusals: readonly Refused[]): GraphQLResponse {
  const [first] = refusals;
  const isAnonymous = first?.error.code === 'UNAUTHENTICATED';
  const shown = isAnonymous ? refusals.slice(0, 1) : refusals;
  const errors = shown.map(({ error, path }) => ({
    message: error.message,
    ...(isAnonymous || !path ? {} : { path }),
    extensions: extensionsOf(error),
  }));
  const headers = new HeaderMap(shown.flatMap(({ error }) => Object.entries(error.headers())));
  return {
    http: { status: first?.error.httpStatus, headers },
    body: { kind: 'single', singleResult: { errors } },
  };
}
