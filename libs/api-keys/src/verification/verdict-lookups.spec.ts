import { jest } from '@jest/globals';
import { ScopeSet } from '#access';
import { ServiceUnavailable } from '#kernel';
import { VerdictReader } from './verdict.js';
import type { VerdictRow } from './verdict.sql.js';
import { VerdictCache } from './verdict-cache.js';
import { VerdictLookups } from './verdict-lookups.js';

const row = (hash: string): VerdictRow => ({
  hash,
  apiKeyId: `id of ${hash}`,
  tenantId: 'tenant',
  userId: 'user',
  role: 'VIEWER',
  scopes: [],
  status: 'ACTIVE',
  secretNumber: 1,
  awaitsFirstUse: false,
  allowedCidrs: [],
  rateLimit: null,
  rateLimitWindowSeconds: null,
  policyScopes: null,
  policyCidrs: [],
  msLeft: null,
  endsAtMs: null,
});
const turn = () => new Promise((resolve) => setImmediate(resolve));
const isHashes = (value: unknown): value is string[] => Array.isArray(value);

describe('lookups', () => {
  /** The questions asked, each with the functions that answer or fail it. */
  let asked: { hashes: string[]; answer: (rows?: VerdictRow[]) => void; fail: (error: Error) => void }[];
  let cache: VerdictCache;
  let lookups: VerdictLookups;
  let isProven: boolean;
  let isLed: boolean;

  beforeEach(() => {
    asked = [];
    isProven = true;
    isLed = true;
    const proof = { isProven: () => isProven, isLed: () => isLed, ownWritesAreReported: () => true };
    const database = {
      select: <Row>(_name: string, _text: string, [value]: readonly unknown[]): Promise<Row[]> => {
        const { promise, resolve, reject } = Promise.withResolvers<Row[]>();
        const hashes = isHashes(value) ? value : [String(value)];
        const answer = (rows = hashes.map(row)) => resolve(rows as Row[]);
        asked.push({ hashes, answer, fail: reject });
        return promise;
      },
    };
    cache = new VerdictCache(100, proof);
    lookups = new VerdictLookups(database, new VerdictReader({ cutDown: () => new ScopeSet() }), cache, proof);
  });
  const remembers = (hash: string) => cache.recall(hash, performance.now()) !== undefined;

  it('lookups of one turn of the event loop share a statement, 64 at most, each hash once', async () => {
    for (let index = 0; index < 130; index++) void lookups.find(`h${index % 65}`);
    await turn();
    expect(asked.map(({ hashes }) => hashes.length)).toEqual([64, 1]);
  });

  it('lookups give each hash its own row, and null where there is none', async () => {
    const found = ['a', 'b'].map((hash) => lookups.find(hash));
    await turn();
    asked[0]?.answer([row('b')]);
    const [a, b] = await Promise.all(found);
    expect([a, b?.apiKeyId]).toEqual([null, 'id of b']);
    expect([cache.recall('a', performance.now()), remembers('b')]).toEqual([null, true]);
  });

  it('lookups under way are joined by later requests for the same hash', async () => {
    const first = lookups.find('a');
    await turn();
    const second = lookups.find('a');
    await turn();
    expect(asked).toHaveLength(1);
    asked[0]?.answer();
    expect(await first).toBe(await second);
  });

  it('lookups that fail reject all waiting requests, are not remembered, and do not affect later requests', async () => {
    const failed = [lookups.find('a'), lookups.find('a')];
    await turn();
    asked[0]?.fail(new Error('away'));
    for (const { status } of await Promise.allSettled(failed)) expect(status).toBe('rejected');
    expect(remembers('a')).toBe(false);
    const next = lookups.find('a');
    await turn();
    asked[1]?.answer();
    expect((await next)?.apiKeyId).toBe('id of a');
  });

  it('lookups under way during a change are neither joined nor remembered', async () => {
    const before = lookups.find('a');
    await turn();
    lookups.detach();
    const after = lookups.find('a');
    await turn();
    expect(asked).toHaveLength(2);
    asked[0]?.answer();
    await before;
    expect(remembers('a')).toBe(false);
    asked[1]?.answer();
    await after;
    expect(remembers('a')).toBe(true);
  });

  it('lookups of a new and unused secret are not remembered: the first use has to be recorded', async () => {
    const found = lookups.find('a');
    await turn();
    asked[0]?.answer([{ ...row('a'), awaitsFirstUse: true }]);
    expect((await found)?.awaitsFirstUse).toBe(true);
    expect(remembers('a')).toBe(false);
  });

  it('lookups under way are joined for only a second while changes are not proven to arrive', async () => {
    isProven = false;
    void lookups.find('a');
    await turn();
    void lookups.find('a');
    const start = performance.now();
    const clock = jest.spyOn(performance, 'now').mockReturnValue(start + 1_100);
    void lookups.find('a');
    clock.mockRestore();
    await turn();
    expect(asked).toHaveLength(2);
  });

  it('no lookup under way is joined while the database is not proven to lead', async () => {
    [isProven, isLed] = [false, false];
    void lookups.find('a');
    await turn();
    void lookups.find('a');
    await turn();
    expect(asked).toHaveLength(2);
  });

  it('lookups that fail together because of one row are repeated one by one, and only the key of that row fails', async () => {
    const [good, bad] = [lookups.find('good'), lookups.find('bad')];
    await turn();
    asked[0]?.fail(new Error('interval out of range'));
    await turn();
    expect(asked.slice(1).map(({ hashes }) => hashes)).toEqual([['good'], ['bad']]);
    asked[1]?.answer();
    asked[2]?.fail(new Error('interval out of range'));
    expect((await good)?.apiKeyId).toBe('id of good');
    await expect(bad).rejects.toThrow('interval out of range');
  });

  it('lookups that fail together because of an outage are not repeated', async () => {
    const both = [lookups.find('a'), lookups.find('b')];
    await turn();
    asked[0]?.fail(new ServiceUnavailable({ cause: undefined }));
    for (const one of both) await expect(one).rejects.toThrow(ServiceUnavailable);
    expect(asked).toHaveLength(1);
  });
});
