import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GivenKey } from '../support/given.js';
import { askKeys, keyIn } from '../support/key-operations.js';
import { rawRequest, sendRaw } from '../support/raw-http.js';
import { SecretScan } from '../support/secret-scan.js';
import { TestDatabase } from '../support/test-database.js';
import { TestPortal } from '../support/test-portal.js';
import { withChecksum } from '../support/unknown-key.js';

const PAGE = readFileSync(join(import.meta.dirname, '../../docs/scale.md'), 'utf8');
const TENANT_OF = '{ viewer { tenant { id } } }';
const ROUTED = /^mktp_[0-9A-Za-z]{51}$/;
const PLAIN = /^mktp_[0-9A-Za-z]{49}$/;

const lettersOf = (secret: string) => secret.slice(5, 7);

describe('routing letters of keys', () => {
  let database: TestDatabase;
  /** Makes keys with routing letters. */
  let routing: TestPortal;
  /** Makes keys without, beside the same database. */
  let plain: TestPortal;
  beforeAll(async () => {
    database = await TestDatabase.create();
    routing = await TestPortal.start({ database, environment: { API_KEYS_ROUTING: 'true' } });
    plain = await TestPortal.start({ database });
  });
  afterAll(async () => {
    await routing.stop();
    await plain.stop();
    await database.drop();
  });

  const rotate = async (secret: string, at: TestPortal) => {
    const answer = await askKeys(at, 'rotateApiKey', { input: {} }, { key: secret });
    return { secret: answer.at<string>('rotateApiKey.secret'), key: keyIn(answer, 'rotateApiKey') };
  };
  const expectAccepted = async (secret: string, { tenant }: GivenKey) => {
    for (const api of [routing, plain])
      expect((await api.query(TENANT_OF, { key: secret })).at('viewer.tenant.id')).toBe(tenant.id);
  };

  it('a key that is made with routing letters, and each rotation of it, carries the letters of its tenant', async () => {
    const given = await routing.given.apiKey();
    const another = await routing.given.apiKey({ tenant: given.tenant });
    const secrets = [another.secret, given.secret];
    for (const secret of secrets) {
      expect(secret).toMatch(ROUTED);
      await expectAccepted(secret, given);
      if (secrets.length < 4) secrets.push((await rotate(secret, routing)).secret);
    }
    const [, query = ''] = /```sql\n(.*?)```/s.exec(PAGE) ?? [];
    const rows = await database.sql<{ id: string; letters: string }>(query);
    const expected = rows.find(({ id }) => id === given.tenant.id)?.letters;
    expect(secrets.map(lettersOf)).toEqual(secrets.map(() => expected));
  });

  it('a shown prefix has four random letters behind the routing letters, and a log that shows fewer still finds the key', async () => {
    const { id, secret, admin } = await routing.given.apiKey();
    const { key } = await rotate(secret, routing);
    expect(key.keyPrefix).toMatch(/^mktp_\w{6}$/);
    expect(key.rotation?.previousKeyPrefix).toBe(secret.slice(0, 11));
    const query = 'query ($seen: String!) { apiKeys(filter: { search: $seen }) { nodes { id } } }';
    const found = await routing.query(query, {
      session: admin.session,
      variables: { seen: key.keyPrefix.slice(0, 9) },
    });
    expect(found.at('apiKeys.nodes')).toEqual([{ id }]);
  });

  it('an instance that makes keys without routing letters rotates a key that has them, and the other way round', async () => {
    const routed = await routing.given.apiKey();
    const { secret: shorter } = await rotate(routed.secret, plain);
    expect(shorter).toMatch(PLAIN);
    await expectAccepted(shorter, routed);
    const { secret: longer } = await rotate(shorter, routing);
    expect(lettersOf(longer)).toBe(lettersOf(routed.secret));
    await expectAccepted(longer, routed);
  });

  it('routing letters that name another shard decide nothing', async () => {
    const given = await routing.given.apiKey();
    const [changed = '', misleading = ''] = ['00', '01', '02']
      .filter((letters) => letters !== lettersOf(given.secret))
      .map((letters) => withChecksum(`mktp_${letters}${given.secret.slice(7, -6)}`));
    expect((await routing.query(TENANT_OF, { key: changed })).reason).toBe('INVALID_KEY');
    const hash = createHash('sha256').update(misleading).digest('hex');
    await database.sql('update api_keys set key_hash = $1 where id = $2', [hash, given.id]);
    await Promise.all([routing.caughtUp(), plain.caughtUp()]);
    await expectAccepted(misleading, given);
  });

  it('a reported key with routing letters ends on every instance, and the place where it was found shows no more than others', async () => {
    const { secret, admin } = await routing.given.apiKey();
    const keys = [{ key: secret, url: `https://git.example/?key=${secret}` }];
    const report = await askKeys(plain, 'reportLeakedApiKeys', { keys });
    expect(report.at('reportLeakedApiKeys.accepted')).toBe(true);
    await Promise.all([routing.caughtUp(), plain.caughtUp()]);
    for (const api of [routing, plain])
      expect((await api.query(TENANT_OF, { key: secret })).reason).toBe('REVOKED_KEY');
    const query = '{ apiKeyEvents(filter: { kind: [LEAK_REPORTED] }) { nodes { foundAt } } }';
    const events = await routing.query(query, { session: admin.session });
    expect(events.at('apiKeyEvents.nodes')).toEqual([{ foundAt: `https://git.example/?key=${secret.slice(0, 9)}…` }]);
  });

  it('the log of no instance shows a key with routing letters that was sent where keys do not belong', async () => {
    const { secret } = await routing.given.apiKey();
    const body = JSON.stringify({ query: `{ ${secret}: __typename }`, operationName: secret });
    for (const api of [routing, plain]) {
      const before = api.log.length;
      const places = [`/graphql?access_token=${secret}`, `/graphql/${secret}`, '/graphql'];
      for (const target of places)
        await sendRaw(api.url, rawRequest({ target, body, headers: [`referer: https://portal.test/${secret}`] }));
      const log = api.log.slice(before).join('');
      expect(log.match(/"msg":"request"/g)).toHaveLength(places.length);
      expect(log).toContain(`/graphql/${secret.slice(0, 9)}[redacted]`);
      expect(new SecretScan([secret]).tracesIn(log)).toEqual([]);
    }
  });
});
