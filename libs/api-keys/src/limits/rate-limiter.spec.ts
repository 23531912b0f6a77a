import { ScopeSet } from '#access';
import { MemoryLimitStore } from './memory-limit-store.js';
import { RateLimiter } from './rate-limiter.js';

const RATE = { limit: 2, windowSeconds: 60 };
const KEY = {
  kind: 'API_KEY',
  apiKeyId: 'key',
  tenantId: 'tenant',
  userId: 'user',
  role: 'VIEWER',
  scopes: new ScopeSet(),
  secretNumber: 1,
  rateLimit: RATE,
} as const;

class AbsentStore extends MemoryLimitStore {
  override peek(): Promise<never> {
    return Promise.reject(new Error('away'));
  }
}

it('the state of a rate is read without counting', async () => {
  const limiter = new RateLimiter(new MemoryLimitStore());
  for (let n = 0; n < 2; n++)
    expect(await limiter.stateOf(KEY)).toMatchObject({ ...RATE, remaining: 2, resetMs: 60_000 });
  for (const remaining of [1, 0, 0]) {
    await limiter.consumeOf(KEY);
    expect(await limiter.stateOf(KEY)).toMatchObject({ remaining, isAdmitted: remaining > 0 });
  }
  expect((await limiter.stateOf(KEY))?.resetMs).toBeLessThanOrEqual(60_000);
});

it('there is no state of a rate without a rate, and none while the store is away', async () => {
  expect(await new RateLimiter(new MemoryLimitStore()).stateOf({ ...KEY, rateLimit: null })).toBeUndefined();
  expect(await new RateLimiter(new AbsentStore()).stateOf(KEY)).toBeUndefined();
});
