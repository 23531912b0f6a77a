import { RateLimited } from '#kernel';
import type { LimitStore, Tally } from './limit-store.js';
import { RateLimiter } from './rate-limiter.js';
import { UnknownKeyLimiter } from './unknown-key-limiter.js';

/** A store that already has this count; its window ends after the given milliseconds. */
class CountedStore implements LimitStore {
  constructor(
    private counted: number,
    private readonly resetMs: number,
  ) {}

  async count(): Promise<Tally> {
    return { count: ++this.counted, resetMs: this.resetMs };
  }

  countDistinct(): Promise<Tally> {
    return this.count();
  }

  async peek(): Promise<Tally> {
    return { count: this.counted, resetMs: this.resetMs };
  }

  async open(): Promise<void> {}

  async close(): Promise<void> {}
}

const limiterAfter = (counted: number, resetMs = 60_000) =>
  new UnknownKeyLimiter(new RateLimiter(new CountedStore(counted, resetMs)));

const HASH = 'f'.repeat(64);

/** True if a lookup for the address is let through. */
function isOpen(limiter: UnknownKeyLimiter, address: string): boolean {
  try {
    limiter.requireOpen(address);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(RateLimited);
    return false;
  }
}

describe('limiter of unknown keys', () => {
  it('an address that presents unknown keys is open up to the 300th key, and closed from the 301st on', async () => {
    const limiter = limiterAfter(299);
    await limiter.count('192.0.2.1', HASH);
    expect(isOpen(limiter, '192.0.2.1')).toBe(true);
    await expect(limiter.count('192.0.2.1', HASH)).rejects.toThrow(RateLimited);
    expect(isOpen(limiter, '192.0.2.1')).toBe(false);
  });

  it.each([
    ['192.0.2.1', '192.0.2.1', false],
    ['192.0.2.1', '192.0.2.2', true],
    ['2001:db8:0:1::1', '2001:db8:0:1:ffff::2', false],
    ['2001:db8:0:1::1', '2001:db8:0:2::1', true],
    ['unknown', 'unknown', false],
  ])('closing the address %s leaves %s open: %p', async (closed, asked, expected) => {
    const limiter = limiterAfter(300);
    await expect(limiter.count(closed, HASH)).rejects.toThrow(RateLimited);
    expect(isOpen(limiter, asked)).toBe(expected);
  });

  it('a closed address gets the time until the minute is over, and is open then', async () => {
    const limiter = limiterAfter(300, 50);
    await expect(limiter.count('192.0.2.1', HASH)).rejects.toMatchObject({
      httpStatus: 429,
      message: 'Too many requests. Try again in 1 s.',
    });
    const deadline = performance.now() + 5_000;
    while (!isOpen(limiter, '192.0.2.1') && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 5));
    expect(isOpen(limiter, '192.0.2.1')).toBe(true);
  });
});
