import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { QueryTooComplex } from './query-too-complex.js';
import { AppError, extensionsOf, LIMITS } from '#kernel';
import { boundedError } from './bounded-errors.js';

/** Codes that Apollo Server gives to requests which never reach a resolver. Their messages are about the request. */
const REQUEST_ERRORS = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'PERSISTED_QUERY_NOT_FOUND',
]);

const NO_INTROSPECTION = 'This server does not answer introspection (__schema and __type).';
const TOO_NESTED = 'Syntax Error: The document is nested too deeply to be read.';

/** The `AppError` that caused `error`. Undefined for request errors and for bugs. */
export function appErrorOf(error: unknown): AppError | undefined {
  const thrown = unwrapResolverError(error);
  if (thrown instanceof AppError) return thrown;
  if (isTokenLimit(error)) return new QueryTooComplex('TOKENS', LIMITS.tokens, LIMITS.tokens + 1);
  const original = thrown instanceof GraphQLError ? thrown.originalError : undefined;
  return original instanceof AppError ? original : undefined;
}

/** True if the error is our own fault. Clients then see only the request's id. */
export function isBug(error: unknown): boolean {
  if (appErrorOf(error) || isVariableLimit(error) || isArgumentError(error)) return false;
  return !(error instanceof GraphQLError && REQUEST_ERRORS.has(String(error.extensions['code'])));
}

/**
 * The one place where errors become GraphQL. An `AppError` is shown with its code and members; an error of the request is shown
 * as Apollo Server reports it; any other error is masked.
 * @param hidesSchema leaves out the names that graphql-js suggests in place of an unknown name
 */
export function formatError(
  formatted: GraphQLFormattedError,
  error: unknown,
  { hidesSchema = false } = {},
): GraphQLFormattedError {
  const { locations, path } = formatted;
  const place = { ...(locations && { locations }), ...(path && { path }) };
  const appError = appErrorOf(error);
  if (appError) return boundedError({ message: appError.message, ...place, extensions: extensionsOf(appError) });
  if (isArgumentError(error))
    return boundedError({ message: formatted.message, ...place, extensions: { code: 'BAD_USER_INPUT' } });
  if (isVariableLimit(error)) return { message: 'And more errors.', extensions: { code: 'BAD_USER_INPUT' } };
  if (!isBug(error))
    return boundedError({ ...formatted, message: requestMessage(formatted.message, error, hidesSchema) });
  const requestId = formatted.extensions?.['requestId'];
  const extensions = { code: 'INTERNAL_SERVER_ERROR', ...(requestId === undefined ? {} : { requestId }) };
  return { message: 'Internal server error.', ...place, extensions };
}

/** Apollo Server removes suggestions from the errors of documents, but not from the errors of variables. */
function requestMessage(message: string, error: unknown, hidesSchema: boolean): string {
  if (isStackOverflow(error)) return TOO_NESTED;
  if (isIntrospection(error)) return NO_INTROSPECTION;
  return hidesSchema ? message.replace(/ ?Did you mean .*\?$/s, '') : message;
}

/** Apollo Server's message here is advice to its operator, whom no client can reach. */
function isIntrospection(error: unknown): boolean {
  return error instanceof GraphQLError && error.extensions['validationErrorCode'] === 'INTROSPECTION_DISABLED';
}

/** The parser has no code for this error and reports it like any other syntax error. */
function isTokenLimit(error: unknown): boolean {
  return error instanceof GraphQLError && /^Syntax Error: Document contains more that \d+ tokens\b/.test(error.message);
}

/** The last error of too many errors of variables. Apollo Server gives it no code. */
function isVariableLimit(error: unknown): boolean {
  return error instanceof GraphQLError && error.message.startsWith('Too many errors processing variables');
}

/**
 * Found by graphql-js in execution: a variable that fits its own type but not the argument it is used for, such as null for a
 * nullable variable with a default. Apollo Server gives this error no code.
 */
export function isArgumentError(error: unknown): boolean {
  if (!(error instanceof GraphQLError)) return false;
  const found = error.originalError instanceof GraphQLError ? error.originalError : error;
  return !found.originalError && Boolean(found.nodes) && found.message.startsWith('Argument "');
}

/** True if the parser overflowed the stack: its message would then be the engine's own. */
function isStackOverflow(error: unknown): boolean {
  for (
    let cause = error;
    cause instanceof Error;
    cause = cause instanceof GraphQLError ? cause.originalError : undefined
  )
    if (cause instanceof RangeError) return true;
  return false;
}
