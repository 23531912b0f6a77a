import { setTimeout as wait } from 'node:timers/promises';
import { messagesIn } from './event-stream.js';
import {
  type ApiKeyEventFilter,
  type ApiKeyFilter,
  CompleteRotationDocument,
  type CreateApiKeyInput,
  CreateKeyDocument,
  EventsDocument,
  type EventsSubscription,
  type KeyFragment,
  KeysDocument,
  type KeysQuery,
  type RevokeApiKeysInput,
  RevokeKeysDocument,
  type RotateApiKeyInput,
  RotateKeyDocument,
  type TypedDocumentString,
} from './generated/graphql.js';
import { OwnWrites } from './own-writes.js';
import { BadCredential, type ErrorExtensions, PortalError, PortalUnreachable } from './portal-error.js';

export type Key = KeyFragment;
export type KeyEvent = EventsSubscription['apiKeyEvents'];

/** How long to wait before another attempt, unless the portal says. */
const RETRY_MS = 1_000;

interface Answer<Data> {
  data?: Data | null;
  errors?: { message: string; extensions: ErrorExtensions }[];
}

/** What a header can carry, without a blank. */
const CREDENTIAL = /^[\x21-\x7e]+$/;

/** Keys of a tenant, by a session of its administrator or, for a key's own rotation, by that key. */
export class PortalClient {
  private readonly credential: string;
  private readonly ownWrites = new OwnWrites();

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
   * The events of the tenant's keys, from now on, as they are committed. Goes on where it was after a lost connection, so that no
   * event is missed and none comes twice. Ends when the loop over it does.
   * @throws {PortalError} when the session is no longer good, and when the first attempt fails
   */
  async *events(filter: ApiKeyEventFilter = {}): AsyncGenerator<KeyEvent> {
    let place: string | undefined;
    let waitMs = RETRY_MS;
    for (;;) {
      try {
        const body = JSON.stringify({ query: EventsDocument.toString(), variables: { filter } });
        for await (const { event, data, id, retryMs } of messagesIn(await this.stream(body, place))) {
          place = id ?? place;
          waitMs = retryMs ?? waitMs;
          if (event === 'complete') return;
          if (event === 'next' && data) yield dataOf(JSON.parse(data) as Answer<EventsSubscription>).apiKeyEvents;
        }
      } catch (error) {
        const isFinal = error instanceof PortalError && !error.isPassing && error.reason !== 'RIGHTS_CHANGED';
        // Without a place nothing has come yet: the address or the credential may be wrong.
        if (isFinal || place === undefined) throw error;
      }
      await wait(waitMs);
    }
  }

  /**
   * Sends one operation; its result and variables are typed by the document.
   * @throws {PortalError} for the first error of an answer
   * @throws {PortalUnreachable} where there is none
   */
  async request<Data, Variables>(document: TypedDocumentString<Data, Variables>, variables: Variables): Promise<Data> {
    const body = JSON.stringify({ query: document.toString(), variables });
    return this.answerIn(await this.send(body, { accept: 'application/graphql-response+json' }));
  }

  private async stream(body: string, place: string | undefined): Promise<ReadableStream<Uint8Array>> {
    const goOn: Record<string, string> = place === undefined ? {} : { 'last-event-id': place };
    const response = await this.send(body, { accept: 'text/event-stream', ...goOn });
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream');
    return isStream && response.body ? response.body : this.answerIn(response);
  }

  private async answerIn<Data>(response: Response): Promise<Data> {
    const answer = (await response.json().catch((cause: unknown) => {
      throw new PortalUnreachable(
        `${this.url} answered ${response.status} and no JSON: is this the portal's address?`,
        cause,
      );
    })) as Answer<Data>;
    return dataOf(answer, response.headers.get('retry-after'));
  }

  private async send(body: string, headers: Record<string, string>): Promise<Response> {
    const authorization = `Bearer ${this.credential}`;
    const sent = { 'content-type': 'application/json', authorization, ...this.ownWrites.header, ...headers };
    try {
      const response = await fetch(this.url, { method: 'POST', headers: sent, body });
      this.ownWrites.note(response.headers);
      return response;
    } catch (cause) {
      throw new PortalUnreachable(`Nobody answers at ${this.url}: is the portal running there?`, cause);
    }
  }
}

/** @throws {PortalError} for the first error */
function dataOf<Data>({ data, errors }: Answer<Data>, retryAfter: string | null = null): Data {
  const [error] = errors ?? [];
  if (error) throw new PortalError(error.message, error.extensions, secondsOf(retryAfter));
  if (!data) throw new Error('The portal answered without data and without an error.');
  return data;
}

function secondsOf(retryAfter: string | null): number | undefined {
  return retryAfter === null ? undefined : Number(retryAfter);
}

/** A mutation is null only beside its error, which was thrown. */
function made<Payload>(payload: Payload | null): Payload {
  if (payload === null) throw new Error('The portal answered null without an error.');
  return payload;
}
