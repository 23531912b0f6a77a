import type { GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import { isBug } from './format-error.js';
import type { GraphQLContext } from './graphql-context.js';

/** Logs an error that is our own fault, and gives it the id of the request, the only thing that a client sees of it. */
export function logBug(error: GraphQLError, { req }: GraphQLContext): void {
  if (!isBug(error)) return;
  error.extensions['requestId'] = req.id;
  (req.log as Logger).error({ err: error.originalError ?? error, path: error.path }, 'resolver failed');
}
