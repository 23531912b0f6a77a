import { usePortal } from '../support/hooks.js';
import { askKeys } from '../support/key-operations.js';
import { TestDatabase } from '../support/test-database.js';
import { TestPortal } from '../support/test-portal.js';
import { unknownKey } from '../support/unknown-key.js';
import { until } from '../support/until.js';

const WHO = '{ viewer { kind } }';
/** Tables without which a good key is not found. */
const FOUND_IN = ['api_keys', 'users', 'tenants'];
/** Longest that a loss may stay unnoticed by answers from memory. */
const NOTICED_MS = 2_000;
interface Loss {
  lose: string;
  restore: string;
}
const dropped = (table: string): Loss => ({
  lose: `drop policy verifier_reads on ${table}`,
  restore: `create policy verifier_reads on ${table} for select to portal_verifier using (true)`,
});
const revoked = (table: string): Loss => ({
  lose: `revoke select on ${table} from portal_verifier`,
  restore: `grant select on ${table} to portal_verifier`,
});
const unsecured = (table: string): Loss => ({
  lose: `alter table ${table} disable row level security`,
  restore: `alter table ${table} enable row level security`,
});
const ofAnotherCommand: Loss = {
  lose: `drop policy verifier_reads on users; create policy verifier_reads on users for update to portal_verifier using (true)`,
  restore: `drop policy verifier_reads on users; ${dropped('users').restore}`,
};
const opened: Loss = {
  lose: 'alter policy tenant_isolation on devices using (true)',
  restore: `alter policy tenant_isolation on devices
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)`,
};
const showing: Loss = {
  lose: 'create policy showing on devices for select to public using (true)',
  restore: 'drop policy showing on devices',
};
/** PostgreSQL then says of each table that it does not exist. */
const unusable: Loss = {
  lose: 'revoke usage on schema public from public, portal_verifier',
  restore: 'grant usage on schema public to public, portal_verifier',
};
const hiding: Loss = {
  lose: `create policy hiding on api_keys as restrictive for select to public using (name <> 'given')`,
  restore: 'drop policy hiding on api_keys',
};

describe.each([
  ['remembers no verdict', '0'],
  ['remembers verdicts', '1000'],
])('portal that %s', (_, cacheSize) => {
  let api: TestPortal;
  usePortal((started) => (api = started), { environment: { API_KEYS_CACHE_SIZE: cacheSize } });
  const readiness = async () => {
    const response = await fetch(`${api.url}/health/ready`);
    return { status: response.status, text: await response.text() };
  };
  /** The statuses that a good key gets until one is 503. */
  const untilRefused = async (secret: string) => {
    const seen: number[] = [];
    const refused = async () => {
      seen.push((await api.query(WHO, { key: secret })).status);
      return seen.at(-1) === 503;
    };
    await until('the loss is noticed', refused, NOTICED_MS);
    return new Set(seen.slice(0, -1));
  };
  const comesBack = async (restore: string, secret: string) => {
    await api.database.sql(restore);
    await until('the key works again', async () => (await api.query(WHO, { key: secret })).status === 200);
    await until('the portal is ready again', async () => (await readiness()).status === 200);
  };

  const expectRefused = async (table: string, loss: Loss) => {
    const { secret } = await api.given.apiKey();
    expect((await api.query(WHO, { key: secret })).status).toBe(200);
    const logged = api.log.length;
    await api.database.sql(loss.lose);
    // A request that is under way may still be answered from memory.
    for (const status of await untilRefused(secret)) expect(status).toBe(200);
    const { status, text } = await readiness();
    expect([status, text]).toEqual([503, expect.stringContaining('a policy or a grant is missing')]);
    expect(text).not.toContain(table);
    const lines = api.log.slice(logged).filter((line) => line.includes('Row level security is not whole'));
    expect(lines).toEqual([expect.stringContaining(`the table ${table} `)]);
    await comesBack(loss.restore, secret);
  };

  it.each<[string, string, Loss]>([
    ...FOUND_IN.map((table): [string, string, Loss] => ['the policy of the verifier', table, dropped(table)]),
    ...FOUND_IN.map((table): [string, string, Loss] => ['the grant of the verifier', table, revoked(table)]),
    ['the policy of the verifier', 'api_key_former_secrets', dropped('api_key_former_secrets')],
    ['row level security', 'devices', unsecured('devices')],
    ['row level security', 'api_keys', unsecured('api_keys')],
    ['sight, by another policy,', 'api_keys', hiding],
    ['the policy of the verifier, for reads,', 'users', ofAnotherCommand],
    ['the condition of isolation', 'devices', opened],
    ['isolation, by another policy,', 'devices', showing],
  ])('requests get 503, never 401, while %s is missing on %s, and the log and readiness report it', (_, table, loss) =>
    expectRefused(table, loss),
  );

  it('requests get 503 while the rules of tenants cannot be seen, though each key is found', () =>
    expectRefused('api_key_policies', dropped('api_key_policies')));

  it.each([
    ['a policy', dropped('api_keys')],
    ['the right to use the schema', unusable],
  ])(
    'a key that the portal has never seen gets 503 from the first request after the loss of %s on',
    async (__, loss) => {
      const { secret } = await api.given.apiKey();
      await api.database.sql(loss.lose);
      for (let n = 0; n < 3; n++) expect((await api.query(WHO, { key: secret })).status).toBe(503);
      await comesBack(loss.restore, secret);
    },
  );

  it('the old secret of a key, looked up together with others, gets 503 after the loss of former secrets', async () => {
    const [rotated, ...others] = await Promise.all(Array.from({ length: 5 }, () => api.given.apiKey()));
    if (!rotated) throw new Error('No key was made.');
    const variables = { input: { id: rotated.id, overlapSeconds: 3_600 } };
    expect((await askKeys(api, 'rotateApiKey', variables, { session: rotated.admin.session })).status).toBe(200);
    const { lose, restore } = dropped('api_key_former_secrets');
    await api.database.sql(lose);
    const keys = [rotated, ...others].map(({ secret }) => secret);
    const statuses = await Promise.all(keys.map(async (key) => (await api.query(WHO, { key })).status));
    expect(statuses).not.toContain(401);
    await comesBack(restore, rotated.secret);
  });

  it('an unknown key gets 401', async () => {
    const answer = await api.query(WHO, { key: unknownKey() });
    expect([answer.status, answer.reason]).toEqual([401, 'INVALID_KEY']);
  });
});

describe('start without a policy', () => {
  it('a portal on a database without a policy is not ready, logs the reason, and refuses no key as unknown', async () => {
    const database = await TestDatabase.create();
    const { lose } = dropped('users');
    await database.sql(lose);
    const api = await TestPortal.start({ database });
    expect((await fetch(`${api.url}/health/ready`)).status).toBe(503);
    expect(api.log.filter((line) => line.includes('the table users lacks the policy verifier_reads'))).toHaveLength(1);
    await api.stop();
    await database.drop();
  });
});
