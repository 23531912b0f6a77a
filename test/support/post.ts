import { Answer } from './answer.js';
import { noteSecrets } from './evidence.js';

export interface Credential {
  /** An API key, as Bearer. */
  key?: string;
  /** A session token, as Bearer. */
  session?: string;
  headers?: Record<string, string>;
}

/** Sends a body to a GraphQL endpoint, as JSON and as it is. @throws when the connection breaks */
export async function post(url: string, body: string, { key, session, headers }: Credential = {}): Promise<Answer> {
  const credential = key ?? session;
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json',
      ...(credential === undefined ? {} : { authorization: `Bearer ${credential}` }),
      ...headers,
    },
    body,
  });
  const text = await response.text();
  noteSecrets(credential, text);
  return new Answer(response.status, response.headers, text);
}
