import { GraphQLError } from 'graphql';
import type { AppError } from './app-error.js';

/**
 * An `AppError` as clients see it: code and members in `extensions`, the message for people. Apollo Server takes
 * status and headers of the whole answer from `extensions.http` and does not show that member.
 */
export function toGraphQLError(error: AppError, path?: readonly (string | number)[]): GraphQLError {
  const http = error.httpStatus && { status: error.httpStatus, headers: new Map(Object.entries(error.headers())) };
  return new GraphQLError(error.message, {
    path,
    originalError: error,
    extensions: { code: error.code, ...error.details(), ...(http ? { http } : {}) },
  });
}
