import type { GivenKey } from '../support/given.js';
import { introspect } from '../support/introspection.js';
import { TestDatabase } from '../support/test-database.js';
import { TestPortal } from '../support/test-portal.js';
import { until } from '../support/until.js';
import { REVOCATION_AIM_MS, REVOCATION_BOUND_MS } from '../support/durations.js';

const INSTANCES = 3;
const ROUNDS = 3;
/** A lease without reports lasts longer than this: it is renewed each 250 ms. */
const REPORTED_MS = REVOCATION_AIM_MS - 250;
const WHO = `{ viewer { kind scopes } }`;
const REVOKE = `mutation ($input: RevokeApiKeysInput!) { revokeApiKeys(input: $input) { __typename } }`;

/** A statement by an administrator at a console. `$1` is the id of the thing named. */
const paths: readonly [what: string, of: 'key' | 'owner' | 'tenant', sql: string, answer: string][] = [
  ['the key is revoked', 'key', 'update api_keys set revoked_at = now() where id = $1', 'REVOKED_KEY'],
  ['the key is suspended', 'key', 'update api_keys set suspended_at = now() where id = $1', 'SUSPENDED_KEY'],
  ['the key is made to expire', 'key', 'update api_keys set expires_at = now() where id = $1', 'EXPIRED_KEY'],
  ['the key is given another hash', 'key', `update api_keys set key_hash = 'none' || id where id = $1`, 'INVALID_KEY'],
  ['the key loses its scopes', 'key', `update api_keys set scopes = '[]' where id = $1`, 'no scopes'],
  ['the key is deleted', 'key', 'delete from api_keys where id = $1', 'INVALID_KEY'],
  ['its owner is deactivated', 'owner', 'update users set is_active = false where id = $1', 'OWNER_INACTIVE'],
  [
    'its owner is demoted',
    'owner',
    `update users set role = 'VIEWER' where id = $1`,
    'alerts:read,config:read,devices:read',
  ],
  ['its owner is deleted', 'owner', 'delete from users where id = $1', 'INVALID_KEY'],
  ['its tenant is suspended', 'tenant', 'update tenants set suspended_at = now() where id = $1', 'TENANT_SUSPENDED'],
  ['its tenant is deleted', 'tenant', 'delete from tenants where id = $1', 'INVALID_KEY'],
];

describe('several instances', () => {
  let database: TestDatabase;
  let apis: TestPortal[];
  let first: TestPortal;

  beforeAll(async () => {
    database = await TestDatabase.create();
    first = await TestPortal.start({ database });
    apis = [first];
    while (apis.length < INSTANCES) apis.push(await TestPortal.start({ database }));
  });
  afterAll(async () => {
    await Promise.all(apis.map((api) => api.stop()));
    await database.drop();
  });

  /** A refusal's reason, or the scopes that are left. */
  const outcome = async (api: TestPortal, key: GivenKey) => {
    const answer = await api.query(WHO, { key: key.secret });
    return answer.status === 200 ? answer.at<string[]>('viewer.scopes').join() || 'no scopes' : answer.reason;
  };
  const hotKey = async () => {
    const tenant = await first.given.tenant();
    const user = await first.given.user({ tenant, role: 'OPERATOR' });
    const key = await first.given.apiKey({
      tenant,
      owner: user,
      scopes: ['devices:read', 'config:read', 'alerts:read', 'devices:write'],
    });
    for (const api of apis) {
      await api.settled(tenant.id);
      const asked = [await outcome(api, key), await outcome(api, key)];
      expect(asked).toEqual(Array(2).fill('alerts:read,config:read,devices:read,devices:write'));
    }
    return { key, owner: user, tenant };
  };
  const becomes = async (key: GivenKey, expected: string) => {
    const since = performance.now();
    await Promise.all(
      apis.map((api, index) =>
        until(
          `instance ${index} says ${expected}`,
          async () => (await outcome(api, key)) === expected,
          REVOCATION_BOUND_MS,
        ),
      ),
    );
    return performance.now() - since;
  };

  it.each(paths)('a key in use is affected in time when %s', async (_, of, sql, expected) => {
    const { key, owner, tenant } = await hotKey();
    await database.sql(sql, [{ key, owner, tenant }[of].id]);
    await becomes(key, expected);
  });

  it('a key in use is affected in time when its owner moves to another tenant', async () => {
    const { key, owner } = await hotKey();
    const other = await first.given.tenant();
    await database.sql('update users set tenant_id = $2 where id = $1', [owner.id, other.id]);
    await becomes(key, 'OWNER_INACTIVE');
  });

  it.each(['api_keys', 'users', 'tenants'])('a key in use is unknown in time when %s is truncated', async (table) => {
    const { key } = await hotKey();
    await database.sql(`truncate ${table} cascade`);
    await becomes(key, 'INVALID_KEY');
  });

  it.each([
    ['as the jobs role', 'portal_jobs', undefined],
    ['as the role of requests', 'portal_app', 'own'],
  ])('a change reaches every instance when it is made %s', async (_, role, bound) => {
    const { key, tenant } = await hotKey();
    await database.sqlAs(role, bound && tenant.id, `update api_keys set suspended_at = now() where id = '${key.id}'`);
    await becomes(key, 'SUSPENDED_KEY');
    await database.sqlAs(role, bound && tenant.id, `update api_keys set suspended_at = null where id = '${key.id}'`);
    await becomes(key, 'alerts:read,config:read,devices:read,devices:write');
  });

  it('a change reaches every instance when it is made in a replica session, and with a search path of its own', async () => {
    const { key } = await hotKey();
    await database.sql(`begin; set local session_replication_role = replica; set local search_path = pg_temp;
      update public.api_keys set revoked_at = now() where id = '${key.id}'; commit`);
    await becomes(key, 'REVOKED_KEY');
  });

  it('the instance that revokes a key refuses it from the reply on, and the others in time', async () => {
    const { key } = await hotKey();
    const answer = await first.query(REVOKE, {
      session: key.admin.session,
      variables: { input: { ids: [key.id], reason: 'UNUSED' } },
    });
    const next = await outcome(first, key);
    expect(answer.errors).toEqual([]);
    expect(next).toBe('REVOKED_KEY');
    await becomes(key, 'REVOKED_KEY');
  });

  it('a service that asks any instance is answered in time that a revoked key is not active, and not only by the end of a lease', async () => {
    const { secret: by, tenant } = await first.given.apiKey({ scopes: ['keys:verify'] });
    const isActive = async (api: TestPortal, token: string) => {
      const { text } = await introspect(api, new URLSearchParams({ token }).toString(), { by });
      return (JSON.parse(text) as { active?: boolean }).active;
    };
    const delays: number[] = [];
    while (delays.length < ROUNDS) {
      const key = await first.given.apiKey({ tenant });
      for (const api of apis) {
        await api.settled(tenant.id);
        expect(await isActive(api, key.secret)).toBe(true);
        const statements = () => api.sqlOf(() => isActive(api, key.secret));
        await until('the verdicts are remembered', async () => (await statements()).length === 0);
      }
      const variables = { input: { ids: [key.id], reason: 'COMPROMISED' } };
      expect((await first.query(REVOKE, { session: key.admin.session, variables })).errors).toEqual([]);
      const since = performance.now();
      const refused = apis.map((api) =>
        until('not active', async () => (await isActive(api, key.secret)) === false, REVOCATION_BOUND_MS),
      );
      await Promise.all(refused);
      delays.push(performance.now() - since);
    }
    expect(Math.min(...delays)).toBeLessThan(REPORTED_MS);
  });

  it('2,000 keys revoked by one statement are refused in time', async () => {
    const { key, owner, tenant } = await hotKey();
    await database.sql(
      `insert into api_keys (tenant_id, user_id, name, key_prefix, key_hash)
       select $1, $2, 'bulk', 'mktp_bulk', encode(sha256(n::text::bytea), 'hex') from generate_series(1, 2000) as n`,
      [tenant.id, owner.id],
    );
    await database.sql('update api_keys set revoked_at = now() where tenant_id = $1', [tenant.id]);
    await becomes(key, 'REVOKED_KEY');
  });
});
