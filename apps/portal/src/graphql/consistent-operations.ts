import type { Consistency } from '#database';
import type { GraphQLContext } from '#graphql';

/** In an answer: the position of the client's last write. In a request: the writes that the answer has to show. */
const TOKEN = 'x-consistency-token';

/**
 * Runs an operation. Queries may be answered by a replica that has the client's own writes. The answer to a mutation gets the token
 * that a client sends with its next queries.
 */
export async function runConsistently<Result>(
  consistency: Consistency,
  isQuery: boolean,
  { req, reply }: GraphQLContext,
  run: () => Result | Promise<Result>,
): Promise<Result> {
  if (isQuery) return consistency.query(String(req.headers[TOKEN] ?? ''), run);
  const { result, token } = await consistency.change(run);
  if (token) reply.header(TOKEN, token);
  return result;
}
