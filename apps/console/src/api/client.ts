import { cacheExchange, Client, fetchExchange } from 'urql';
import type { Session } from '../session/session.js';
import { withFreshAnswers } from './fresh-answers.js';
import { noteOwnWrite, sendOwnWrites } from './own-writes.js';

const ENDPOINT = '/graphql';

/**
 * A client of the portal's API. Answers to queries are kept until a mutation returns an object of a type that they
 * hold; answers to mutations are not kept, so no secret is.
 */
export function createClient(session: Session): Client {
  const options = optionsOf(session);
  return new Client({ ...options, fetch: withFreshAnswers(options.fetch), exchanges: [cacheExchange, fetchExchange] });
}

/** A client that keeps nothing, and whose mutations make no page ask again. */
export function createPlainClient(session: Session): Client {
  return new Client({ ...optionsOf(session), exchanges: [fetchExchange] });
}

function optionsOf(session: Session) {
  return {
    url: ENDPOINT,
    requestPolicy: 'cache-and-network',
    preferGetMethod: false,
    fetch: (input: RequestInfo | URL, init?: RequestInit) => authorizedFetch(session, input, init),
  } as const;
}

/** Sends a request with the session's token. Where that has expired the request waits for the next one: nothing ran. */
async function authorizedFetch(session: Session, input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const token = await session.currentToken();
  const { tenantId } = session.snapshot();
  const headers = new Headers(init?.headers);
  headers.set('authorization', `Bearer ${token}`);
  if (tenantId !== undefined) headers.set('x-tenant-id', tenantId);
  sendOwnWrites(headers);
  const response = await fetch(input, { ...init, headers });
  noteOwnWrite(response);
  if (response.status !== 401) return response;
  session.expire(token);
  return authorizedFetch(session, input, init);
}
