import type { GivenKey } from '../support/given.js';
import { askKeys, EVIDENCE } from '../support/key-operations.js';
import { useProxiedPortal } from '../support/hooks.js';
import type { TcpProxy } from '../support/tcp-proxy.js';
import type { TestPortal } from '../support/test-portal.js';
import { until } from '../support/until.js';
import { flush } from '../support/usage.js';

/** `FAULT_ROUNDS=200 npm test -- test/faults --testTimeout=7200000` for a long run. */
const ROUNDS = Number(process.env['FAULT_ROUNDS'] ?? 5);
const WHO = '{ viewer { kind } }';

describe('stale authority', () => {
  let api: TestPortal;
  let pool: TcpProxy;
  let listen: TcpProxy;
  useProxiedPortal((proxied) => ({ api, pool, listen } = proxied), { environment: { API_KEYS_CACHE_SIZE: '1000' } });
  beforeEach(() => api.settled());
  afterEach(() => {
    pool.pass();
    listen.pass();
  });

  const ask = (key: GivenKey) => api.query(WHO, { key: key.secret });
  const evidence = async ({ id }: GivenKey) => (await api.database.sql(EVIDENCE, [id]))[0];

  it('(T21) a rotation makes no successor of a key that was revoked after the request was accepted', async () => {
    const key = await api.given.apiKey();
    await api.settled(key.tenant.id);
    expect((await ask(key)).status).toBe(200);
    listen.hold('answers');
    await api.database.sql('update api_keys set revoked_at = now() where id = $1', [key.id]);
    const before = await evidence(key);
    const letIn = await ask(key);
    const rotated = await askKeys(api, 'rotateApiKey', { input: {} }, { key: key.secret });
    expect(letIn.status).toBe(200);
    expect([rotated.code, rotated.reason]).toEqual(['UNAUTHENTICATED', 'REVOKED_KEY']);
    expect(await evidence(key)).toEqual(before);
  });

  it(`(T20) what a request read of its key is never written back: concurrent changes of an admin stay (${ROUNDS} rounds)`, async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const key = await api.given.apiKey();
      await flush(api);
      // What proves lookups takes the same way: its answers are not those waited for.
      pool.spare('path-of-lookups');
      pool.hold('answers');
      const held = ask(key);
      await until('the answer is held', () => pool.heldBytes > 0);
      await api.database.sql(
        `update api_keys set scopes = '["alerts:read"]', name = 'changed', suspended_at = now(), version = 7 where id = $1`,
        [key.id],
      );
      const changed = await evidence(key);
      pool.pass();
      expect((await held).status).toBe(200);
      await flush(api);
      expect(await evidence(key)).toEqual(changed);
      const [used] = await api.database.sql('select last_used_at from api_keys where id = $1', [key.id]);
      expect(used).not.toEqual({ last_used_at: null });
    }
  });

  it('(T49) the second of two mutations is refused where the first ends the key', async () => {
    const key = await api.given.apiKey();
    const document = `mutation { revokeCurrentApiKey { apiKey { status } } rotateApiKey(input: {}) { secret } }`;
    const answer = await api.query(document, { key: key.secret });
    expect(answer.body.data).toEqual({ revokeCurrentApiKey: { apiKey: { status: 'REVOKED' } }, rotateApiKey: null });
    expect([answer.code, answer.reason]).toEqual(['UNAUTHENTICATED', 'REVOKED_KEY']);
    expect(await api.database.sql('select secret_number from api_keys where id = $1', [key.id])).toEqual([
      { secret_number: 1 },
    ]);
  });
});
