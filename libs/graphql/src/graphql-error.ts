import { GraphQLError } from 'graphql';
import { type AppError, extensionsOf } from '#kernel';

/**
 * An `AppError` that ends a request before its operation runs. Apollo Server takes status and headers of the answer
 * from `extensions.http` and does not show that member.
 */
export function toGraphQLError(error: AppError): GraphQLError {
  const http = { status: error.httpStatus, headers: new Map(Object.entries(error.headers())) };
  return new GraphQLError(error.message, {
    originalError: error,
    extensions: { ...extensionsOf(error), ...(error.httpStatus === undefined ? {} : { http }) },
  });
}
