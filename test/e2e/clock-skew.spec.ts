import { jest } from '@jest/globals';
import type { GivenKey } from '../support/given.js';
import { TestPortal } from '../support/test-portal.js';
import { databaseNow, flush, HOUR_MS } from '../support/usage.js';

const WHO = '{ viewer { kind } }';
/** All but `Date`: what runs on timers and on the monotonic clock goes on. */
const NOT_FAKED = [
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
  'setTimeout',
  'clearTimeout',
] as const;

describe('an application whose clock is wrong', () => {
  let api: TestPortal;
  beforeAll(async () => {
    api = await TestPortal.start();
  });
  afterAll(() => api.stop());
  afterEach(() => jest.useRealTimers());

  const lives = async (seconds: number): Promise<GivenKey> => {
    const key = await api.given.apiKey();
    await api.database.sql(`update api_keys set expires_at = now() + make_interval(secs => $2) where id = $1`, [
      key.id,
      seconds,
    ]);
    return key;
  };
  const outcome = async ({ secret }: GivenKey) => {
    const answer = await api.query(WHO, { key: secret });
    return answer.reason ?? answer.status;
  };

  it.each([-24, -1, 1, 24])('(T32) by %d hours decides and writes as one whose clock is right', async (hours) => {
    const [good, ended] = [await lives(600), await lives(-60)];
    await api.settled(good.tenant.id);
    const before = await databaseNow(api);
    jest.useFakeTimers({ now: Date.now() + hours * HOUR_MS, doNotFake: [...NOT_FAKED] });
    // Cold, then remembered.
    for (let time = 0; time < 2; time++)
      expect([await outcome(good), await outcome(ended)]).toEqual([200, 'EXPIRED_KEY']);
    const made = await api.given.apiKey();
    await flush(api);
    jest.useRealTimers();
    const after = await databaseNow(api);
    const instants = await api.database.sql<{ at: Date }>(
      `select last_used_at as at from api_keys where id = $1
       union all select created_at from api_keys where id = $2 union all select at from api_key_events where api_key_id = $2`,
      [good.id, made.id],
    );
    expect(instants).toHaveLength(3);
    for (const { at } of instants) {
      expect(at.getTime()).toBeGreaterThanOrEqual(before);
      expect(at.getTime()).toBeLessThanOrEqual(after);
    }
  });
});
