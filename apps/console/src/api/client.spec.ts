import { createClient, createPlainClient } from './client.js';
import { askAgain } from './operations.js';
import type { Session } from '../session/session.js';

const LIST = 'query { apiKeys { id status } }';
const SUSPEND = 'mutation ($id: ID!) { suspendApiKey(id: $id) { id } }';
const key = (status: string) => ({ apiKeys: [{ __typename: 'ApiKey', id: '1', status }] });
const TOKEN = 'x-consistency-token';
const SIGNED_IN = {
  currentToken: async () => 'token',
  snapshot: () => ({ phase: 'signed-in', generation: 1, tenantId: undefined }),
} as unknown as Session;
const changed = { suspendApiKey: { __typename: 'ApiKey', id: '1' } };

/** @returns the tokens of changes that the request has sent */
type Answer = (data: object, headers?: Record<string, string>) => string | null;

/** A portal whose requests the test answers. @returns the answer to the next request that holds a word */
function heldPortal() {
  const held: { body: string; answer: Answer }[] = [];
  globalThis.fetch = (_, init) =>
    new Promise((resolve) => {
      const answer = (data: object, headers = {}) => {
        resolve(Response.json({ data }, { headers }));
        return new Headers(init?.headers).get(TOKEN);
      };
      held.push({ body: String(init?.body), answer });
    });
  return (word: string) =>
    eventually(() => {
      const place = held.findIndex(({ body }) => body.includes(word));
      return place < 0 ? undefined : held.splice(place, 1)[0]?.answer;
    });
}

async function eventually<Value>(read: () => Value | undefined): Promise<Value> {
  for (let turn = 0; turn < 1_000; turn++) {
    const value = read();
    if (value !== undefined) return value;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error('It does not happen.');
}

describe('client of the console', () => {
  const { fetch } = globalThis;
  const { now } = performance;
  afterEach(() => {
    globalThis.fetch = fetch;
    performance.now = now;
  });

  it('a list that is read again after a mutation shows a second mutation too, which ended meanwhile', async () => {
    const next = heldPortal();
    const client = createClient(SIGNED_IN);
    const shown: string[] = [];
    client.query(LIST, {}).subscribe(({ data }) => shown.push(data?.apiKeys[0].status));
    (await next('apiKeys {'))(key('first'));
    const suspend = async () => {
      const run = client.mutation(SUSPEND, { id: '1' }).toPromise();
      (await next('suspendApiKey'))(changed);
      await run;
    };
    await suspend();
    const late = await next('apiKeys {');
    await suspend();
    late(key('after one'));
    (await next('apiKeys {'))(key('after two'));
    expect(await eventually(() => shown.find((status) => status.startsWith('after')))).toBe('after two');
  });

  it('a list that is under way during mutations of the plain client is read again once, when the pages are asked to', async () => {
    const next = heldPortal();
    const client = createClient(SIGNED_IN);
    const plain = createPlainClient(SIGNED_IN);
    const shown: string[] = [];
    client.query(LIST, {}).subscribe(({ data }) => shown.push(data?.apiKeys[0].status));
    const early = await next('apiKeys {');
    const suspend = async () => {
      const run = plain.mutation(SUSPEND, { id: '1' }).toPromise();
      (await next('suspendApiKey'))(changed);
      await run;
    };
    await suspend();
    early(key('after one'));
    await eventually(() => shown.find((status) => status === 'after one'));
    const again = client.query(LIST, {}, { requestPolicy: 'network-only' }).toPromise();
    const late = await next('apiKeys {');
    await suspend();
    await askAgain(client);
    late(key('after one'));
    (await next('apiKeys {'))(key('after two'));
    expect((await again).data?.apiKeys[0].status).toBe('after two');
  });

  it('requests send the tokens of the changes of the last seconds', async () => {
    const next = heldPortal();
    const plain = createPlainClient(SIGNED_IN);
    const asked = async (words: string, run: Promise<unknown>, headers = {}) => {
      const sent = (await next(words))(changed, headers);
      await run;
      return sent;
    };
    const suspend = (token?: string) =>
      asked('suspendApiKey', plain.mutation(SUSPEND, { id: '1' }).toPromise(), token && { [TOKEN]: token });
    const list = () => asked('apiKeys {', plain.query(LIST, {}).toPromise());
    expect([await list(), await suspend(), await suspend('one'), await suspend('two')]).toEqual([
      null,
      null,
      null,
      'one',
    ]);
    expect(await list()).toBe('one, two');
    const later = performance.now() + 3_000;
    performance.now = () => later;
    expect(await list()).toBeNull();
  });
});
