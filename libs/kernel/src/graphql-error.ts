import { GraphQLError } from 'graphql';
import type { AppError } from './app-error.js';

/** `extensions` of an `AppError`, as clients see them. */
export function extensionsOf(error: AppError): Record<string, unknown> {
  return { code: error.code, ...error.details() };
}

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
