import { GraphQLError } from 'graphql';
import Negotiator from 'negotiator';

const ANSWERS = ['application/graphql-response+json', 'application/json'];
/** What nearly every client sends: no need to read it closely. */
const PLAIN = new Set<string | undefined>([undefined, '', '*/*', ...ANSWERS, ANSWERS.join(', '), ANSWERS.join()]);

/**
 * Apollo Server finds out that a client accepts no answer of its kind when it has one: by then a mutation has run and
 * what it made is lost. So this is asked before.
 * @param accept the `Accept` header
 * @throws {GraphQLError} BAD_REQUEST, 406
 */
export function requireAcceptable(accept: string | undefined): void {
  if (PLAIN.has(accept) || new Negotiator({ headers: { accept } }).mediaType(ANSWERS)) return;
  throw new GraphQLError(`Answers are ${ANSWERS.join(' or ')}, which the Accept header does not admit.`, {
    extensions: { code: 'BAD_REQUEST', http: { status: 406 } },
  });
}
