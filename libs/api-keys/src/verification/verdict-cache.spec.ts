import type { Verdict } from './verdict.js';
import { VerdictCache } from './verdict-cache.js';

const verdict = (members: Partial<Verdict> = {}): Verdict => ({
  apiKeyId: 'key',
  tenantId: 'tenant',
  userId: 'user',
  principal: null,
  refusal: 'REVOKED_KEY',
  networks: null,
  awaitsFirstUse: false,
  askedAt: 0,
  deadline: 1_000,
  ...members,
});
const named = (...names: string[]) => new Set(names);

describe('remembered verdicts', () => {
  let isProven: boolean;
  let written: string | undefined;
  let cache: VerdictCache;
  beforeEach(() => {
    isProven = true;
    written = undefined;
    cache = new VerdictCache(3, {
      isProven: () => isProven,
      isLed: () => true,
      ownWritesAreReported: (tenantId) => tenantId !== written,
    });
  });

  it.each([
    ['before its deadline', 999, true],
    ['at its deadline', 1_000, false],
    ['after its deadline', 1_001, false],
  ])('a remembered verdict is used %s: %d ms, %p', (_, now, isReliedOn) => {
    const known = verdict();
    cache.remember('hash', known, 0);
    expect(cache.recall('hash', now)).toBe(isReliedOn ? known : undefined);
  });

  it('an unknown key is remembered as unknown for five seconds from asking', () => {
    cache.remember('hash', null, 100);
    expect(cache.recall('hash', 5_099)).toBeNull();
    expect(cache.recall('hash', 5_100)).toBeUndefined();
  });

  it('no remembered verdict is used while changes are not proven to arrive, not even for unknown keys', () => {
    cache.remember('hash', verdict(), 0);
    cache.remember('unknown', null, 0);
    isProven = false;
    expect([cache.recall('hash', 0), cache.recall('unknown', 0)]).toEqual([undefined, undefined]);
  });

  it('a remembered verdict is not used while its tenant has a write that is not announced yet', () => {
    cache.remember('own', verdict(), 0);
    cache.remember('other', verdict({ tenantId: 'other' }), 0);
    written = 'tenant';
    expect(cache.recall('own', 0)).toBeUndefined();
    expect(cache.recall('other', 0)).toBeDefined();
  });

  it.each([
    ['its key', { kind: 'key', names: named('x', 'key') }, false],
    ['another key', { kind: 'key', names: named('another') }, true],
    ['its owner', { kind: 'user', names: named('user') }, false],
    ['another user', { kind: 'user', names: named('someone') }, true],
    ['its tenant', { kind: 'tenant', names: named('tenant') }, false],
    ['another tenant', { kind: 'tenant', names: named('some') }, true],
    ['anything', { kind: 'all' }, false],
    ['something of this process', { kind: 'write' }, true],
  ] as const)('a remembered verdict after %s has changed: %j stays %p', (_, change, stays) => {
    cache.remember('hash', verdict(), 0);
    cache.forget(change, 0);
    expect(cache.recall('hash', 0) !== undefined).toBe(stays);
  });

  it('an unknown key is forgotten when the change may be of anything', () => {
    cache.remember('hash', null, 0);
    cache.forget({ kind: 'all' }, 0);
    expect(cache.recall('hash', 0)).toBeUndefined();
  });

  it('a verdict asked for after everything was forgotten is used, and a verdict asked for before is not', () => {
    cache.remember('before', verdict({ askedAt: 9 }), 9);
    cache.forget({ kind: 'all' }, 10);
    cache.remember('late', verdict({ askedAt: 10 }), 10);
    cache.remember('after', verdict({ askedAt: 11 }), 11);
    expect(['before', 'late', 'after'].filter((hash) => cache.recall(hash, 12))).toEqual(['after']);
  });

  it.each(['key', 'user', 'tenant'] as const)(
    'a verdict asked for after the change of its %s is used again',
    (kind) => {
      cache.forget({ kind, names: named(kind) }, 10);
      cache.remember('before', verdict({ askedAt: 9 }), 9);
      cache.remember('after', verdict({ askedAt: 11 }), 11);
      expect([cache.recall('before', 20) !== undefined, cache.recall('after', 20) !== undefined]).toEqual([
        false,
        true,
      ]);
    },
  );

  it('a verdict on a changed user is not used, however many users changed afterwards', () => {
    cache.remember('hash', verdict({ deadline: 60_000 }), 0);
    cache.forget({ kind: 'user', names: named('user') }, 1);
    for (let index = 0; index < 20_001; index++) {
      cache.forget({ kind: 'user', names: named(`user ${index}`) }, 2 + index / 1_000);
      if (index % 5_000 === 0) expect(cache.recall('hash', 30)).toBeUndefined();
    }
    cache.forget({ kind: 'user', names: named('late') }, 59_999);
    expect(cache.recall('hash', 59_999)).toBeUndefined();
  });

  it('a new verdict replaces the earlier verdict on the same key', () => {
    cache.remember('hash', null, 0);
    cache.remember('hash', verdict(), 0);
    expect(cache.recall('hash', 0)).toBeDefined();
    cache.remember('hash', null, 0);
    expect(cache.recall('hash', 0)).toBeNull();
  });

  it('the least recently used verdict is evicted first, and unknown keys evict no known key', () => {
    for (const hash of ['a', 'b', 'c']) cache.remember(hash, verdict(), 0);
    cache.recall('a', 0);
    cache.remember('d', verdict(), 0);
    for (let index = 0; index < 100; index++) cache.remember(`unknown ${index}`, null, 0);
    expect(['a', 'b', 'c', 'd'].filter((hash) => cache.recall(hash, 0))).toEqual(['a', 'c', 'd']);
    expect([cache.size, cache.unknownSize]).toEqual([3, 3]);
  });
});

it('a cache of size 0 remembers nothing', () => {
  const cache = new VerdictCache(0, { isProven: () => true, isLed: () => true, ownWritesAreReported: () => true });
  cache.remember('hash', verdict(), 0);
  cache.remember('unknown', null, 0);
  cache.forget({ kind: 'all' }, 0);
  expect([cache.recall('hash', 0), cache.recall('unknown', 0), cache.size, cache.unknownSize]).toEqual([
    undefined,
    undefined,
    0,
    0,
  ]);
});

it('the cost of forgetting everything does not depend on the size of the cache', () => {
  const timeOf = (size: number) => {
    const cache = new VerdictCache(size, { isProven: () => true, isLed: () => true, ownWritesAreReported: () => true });
    const begunAt = performance.now();
    for (let round = 0; round < 5_000; round++) {
      cache.remember('hash', verdict(), round);
      cache.forget({ kind: 'all' }, round);
    }
    return performance.now() - begunAt;
  };
  timeOf(10);
  expect(timeOf(100_000)).toBeLessThan(200 + 20 * timeOf(10));
});

it('unknown keys take at most 10,000 places', () => {
  const cache = new VerdictCache(100_000, {
    isProven: () => true,
    isLed: () => true,
    ownWritesAreReported: () => true,
  });
  for (let index = 0; index < 20_000; index++) cache.remember(`unknown ${index}`, null, 0);
  expect(cache.unknownSize).toBe(10_000);
});
