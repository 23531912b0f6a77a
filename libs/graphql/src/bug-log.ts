import type { GraphQLError } from 'graphql';
import { logFault } from '#http';
import { isBug } from './format-error.js';
import type { GraphQLContext } from './graphql-context.js';

/** Logs an error that is our own fault, and gives it the id of the request, the only thing that a client sees of it. */
export function logBug(error: GraphQLError, { req }: GraphQLContext): void {
  if (!isBug(error)) return;
  error.extensions['requestId'] = req.id;
  logFault(req, 'resolver failed', error.originalError ?? error, { path: error.path });
}
