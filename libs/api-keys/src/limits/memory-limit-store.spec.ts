import { jest } from '@jest/globals';
import { MemoryLimitStore } from './memory-limit-store.js';

const WINDOW = 60;
const countOf = async (tally: Promise<{ count: number }>) => (await tally).count;

describe('counts in memory', () => {
  const store = new MemoryLimitStore();
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('counts of one process grow within a window, each key by itself, and start again in the next window', async () => {
    const count = (key: string) => countOf(store.count(key, WINDOW));
    expect([await count('a'), await count('b')]).toEqual([1, 1]);
    jest.advanceTimersByTime(WINDOW * 1000 - 1);
    expect(await store.count('a', WINDOW)).toEqual({ count: 2, resetMs: 1 });
    jest.advanceTimersByTime(1);
    expect([await count('a'), await count('a')]).toEqual([1, 2]);
  });

  it('counts of distinct members count each member once in a window, up to the requested maximum', async () => {
    const count = (member: string) => countOf(store.countDistinct('distinct', WINDOW, member, 3));
    const counts: number[] = [];
    for (const member of ['x', 'x', 'y', 'x', 'z', 'more']) counts.push(await count(member));
    expect(counts).toEqual([1, 1, 2, 2, 3, 3]);
    jest.advanceTimersByTime(WINDOW * 1000);
    expect([await count('x'), await count('x'), await count('new')]).toEqual([1, 1, 2]);
  });

  it('counts of one process cover the most recently counted windows, as many of each kind as fit', async () => {
    const small = new MemoryLimitStore(3);
    await small.count('key:one', WINDOW);
    const counts: number[] = [];
    for (const address of ['a', 'b', 'c', 'a', 'd', 'a', 'b'])
      counts.push(await countOf(small.count(`unknown:${address}`, WINDOW)));
    // `b` was counted least recently when `d` came.
    expect(counts).toEqual([1, 1, 1, 2, 1, 3, 1]);
    expect(await countOf(small.count('key:one', WINDOW))).toBe(2);
  });
});
