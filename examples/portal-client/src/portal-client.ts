import {
  type ApiKeyFilter,
  CompleteRotationDocument,
  type CreateApiKeyInput,
  CreateKeyDocument,
  type KeyFragment,
  KeysDocument,
  type KeysQuery,
  type RevokeApiKeysInput,
  RevokeKeysDocument,
  type RotateApiKeyInput,
  RotateKeyDocument,
  type TypedDocumentString,
} from './generated/graphql.js';
import { BadCredential, type ErrorExtensions, PortalError, PortalUnreachable } from './portal-error.js';

export type Key = KeyFragment;

interface Answer<Data> {
  data?: Data | null;
  errors?: { message: string; extensions: ErrorExtensions }[];
}

/** What a header can carry, without a blank. */
const CREDENTIAL = /^[\x21-\x7e]+$/;

/** Keys of a tenant, by a session of its administrator or, for a key's own rotation, by that key. */
export class PortalClient {
  private readonly credential: string;

  /**
   * @param url of the GraphQL endpoint, such as `https://portal.example/graphql`
   * @param credential an API key or a session token; whitespace that was pasted along does not count
   * @throws {BadCredential} for a credential that no header can carry
   */
  constructor(
    private readonly url: string,
    credential: string,
  ) {
    this.credential = credential.trim();
    if (this.credential === '')
      throw new BadCredential('The credential is empty: it is an API key or a session token.');
    if (!CREDENTIAL.test(this.credential))
      throw new BadCredential('The credential is not whole or has a character that none has: copy it again.');
  }

  /** Every key that the filter admits, page after page as they are asked for. */
  async *keys(filter: ApiKeyFilter = {}): AsyncGenerator<Key> {
    for (let after: string | null = null; ;) {
      const { apiKeys }: KeysQuery = await this.request(KeysDocument, { filter, after });
      yield* apiKeys.nodes;
      if (!apiKeys.pageInfo.hasNextPage) return;
      after = apiKeys.pageInfo.endCursor;
    }
  }

  /** @returns the key, and its plaintext, which nobody shows again; null where `idempotencyKey` found an earlier one */
  async createKey(input: CreateApiKeyInput): Promise<{ apiKey: Key; secret: string | null }> {
    return made((await this.request(CreateKeyDocument, { input })).createApiKey);
  }

  /** @returns the new plaintext; the old one works on for `overlapSeconds` */
  async rotateKey(input: RotateApiKeyInput): Promise<{ apiKey: Key; secret: string }> {
    return made((await this.request(RotateKeyDocument, { input })).rotateApiKey);
  }

  /**
   * Ends the old secret now.
   * @param options.force also while nobody has used the new secret, when the portal refuses otherwise: NEW_SECRET_UNUSED
   */
  async completeRotation(id: string, { force = false }: { force?: boolean } = {}): Promise<{ apiKey: Key }> {
    return made((await this.request(CompleteRotationDocument, { id, force })).completeApiKeyRotation);
  }

  /** All of the keys, or none. */
  async revokeKeys(input: RevokeApiKeysInput): Promise<{ count: number; apiKeys: Key[] }> {
    return made((await this.request(RevokeKeysDocument, { input })).revokeApiKeys);
  }

  /**
   * Sends one operation; its result and variables are typed by the document.
   * @throws {PortalError} for the first error of an answer
   * @throws {PortalUnreachable} where there is none
   */
  async request<Data, Variables>(document: TypedDocumentString<Data, Variables>, variables: Variables): Promise<Data> {
    const response = await this.send({
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json',
        authorization: `Bearer ${this.credential}`,
      },
      body: JSON.stringify({ query: document.toString(), variables }),
    });
    const { data, errors } = (await response.json().catch((cause: unknown) => {
      throw new PortalUnreachable(
        `${this.url} answered ${response.status} and no JSON: is this the portal's address?`,
        cause,
      );
    })) as Answer<Data>;
    const [error] = errors ?? [];
    if (error) throw new PortalError(error.message, error.extensions, secondsOf(response.headers.get('retry-after')));
    if (!data) throw new Error(`The portal answered ${response.status} without data and without an error.`);
    return data;
  }

  private async send(request: RequestInit): Promise<Response> {
    try {
      return await fetch(this.url, request);
    } catch (cause) {
      throw new PortalUnreachable(`Nobody answers at ${this.url}: is the portal running there?`, cause);
    }
  }
}

function secondsOf(retryAfter: string | null): number | undefined {
  return retryAfter === null ? undefined : Number(retryAfter);
}

/** A mutation is null only beside its error, which was thrown. */
function made<Payload>(payload: Payload | null): Payload {
  if (payload === null) throw new Error('The portal answered null without an error.');
  return payload;
}
