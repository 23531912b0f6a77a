import { randomBytes } from 'node:crypto';
import { jest } from '@jest/globals';
import { ApiKeyVerifier } from '#api-keys';
import { VerifierDatabase } from '#database';
import type { GivenKey } from '../support/given.js';
import { askKeys } from '../support/key-operations.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { TestDatabase } from '../support/test-database.js';
import { TestPortal } from '../support/test-portal.js';
import { unknownKey, withChecksum } from '../support/unknown-key.js';
import { until } from '../support/until.js';
import { usePortal } from '../support/hooks.js';

const WHO = `{ viewer { kind } }`;
const ADD_DEVICE = `mutation ($hostname: String!) {
  createDevice(input: { hostname: $hostname, ipAddress: "10.0.0.1" }) { device { hostname } }
}`;
const TEN_ALIASES = `{ ${Array.from({ length: 10 }, (_, index) => `v${index}: viewer { kind }`).join(' ')} }`;
const CACHED = { API_KEYS_CACHE_SIZE: '1000' };

/** Lookups of verdicts among `statements`. */
const lookupsIn = (statements: readonly string[]) =>
  statements.filter((sql) => sql.includes('from api_key_former_secrets where key_hash'));
const WRITES = /^\s*(insert|update|delete|merge)/i;

describe('cost of a verification', () => {
  let api: TestPortal;
  usePortal((started) => (api = started), { environment: CACHED });
  const lookups = async (work: () => Promise<unknown>) => lookupsIn(await api.sqlOf(work)).length;

  it('a verification looks up a new key once, and not at all while its verdict is remembered', async () => {
    const { secret, tenant } = await api.given.apiKey();
    await api.settled(tenant.id);
    const ask = async () =>
      expect((await api.query(WHO, { key: secret })).data).toEqual({ viewer: { kind: 'API_KEY' } });
    expect(await lookups(ask)).toBe(1);
    expect(await api.sqlOf(ask)).toEqual([]);
  });

  it('a verification looks up a key once for ten aliased root fields of one request', async () => {
    const { secret, tenant } = await api.given.apiKey();
    await api.settled(tenant.id);
    expect(await lookups(() => api.query(TEN_ALIASES, { key: secret }))).toBe(1);
  });

  it.each([0, 2])(
    'a verification looks up an unknown key with %i routing letters once, then not for a while',
    async (extra) => {
      await api.settled();
      const key = unknownKey('', extra);
      const ask = async () => expect((await api.query(WHO, { key })).reason).toBe('INVALID_KEY');
      expect(await lookups(ask)).toBe(1);
      expect(await lookups(ask)).toBe(0);
    },
  );

  it.each([
    ['a wrong checksum', () => `${unknownKey().slice(0, -6)}000000`],
    ['routing letters and a wrong checksum', () => `${unknownKey('', 2).slice(0, -6)}000000`],
    ['a letter behind its checksum', () => `${unknownKey()}0`],
    ...[-2, -1, 1, 3, 4].map((extra): [string, () => string] => [
      `${54 + extra} characters and the right checksum`,
      () => unknownKey('', extra),
    ]),
    ['a wrong alphabet', () => unknownKey().replace(/.$/, '-')],
    ['routing letters of a wrong alphabet', () => withChecksum(`mktp_-_${unknownKey().slice(5, 48)}`)],
    ['the shape of the replaced system', () => `mktp_${randomBytes(32).toString('base64url')}`],
  ])('a verification never looks up a key with %s', async (_, key) => {
    const plaintext = key();
    const ask = async () => expect((await api.query(WHO, { key: plaintext })).reason).toBe('INVALID_KEY');
    expect(await lookups(ask)).toBe(0);
  });

  it('a verification looks up a revoked key once, too, and remembers the reason of the refusal', async () => {
    const { id, secret, tenant } = await api.given.apiKey();
    await api.database.sql('update api_keys set revoked_at = now() where id = $1', [id]);
    await api.settled(tenant.id);
    await api.caughtUp();
    const ask = async () => expect((await api.query(WHO, { key: secret })).reason).toBe('REVOKED_KEY');
    expect(await lookups(ask)).toBe(1);
    expect(await lookups(ask)).toBe(0);
  });

  it.each([
    ['revoked', 'REVOKED_KEY'],
    ['suspended', 'SUSPENDED_KEY'],
  ])('a verification looks up the unused new secret of a key that is %s once', async (state, reason) => {
    const { id, secret, tenant } = await api.given.apiKey();
    const newest = (await askKeys(api, 'rotateApiKey', { input: {} }, { key: secret })).at<string>(
      'rotateApiKey.secret',
    );
    await api.database.sql(`update api_keys set ${state}_at = now() where id = $1`, [id]);
    await api.settled(tenant.id);
    await api.caughtUp();
    const ask = async () => expect((await api.query(WHO, { key: newest })).reason).toBe(reason);
    expect(await lookups(ask)).toBe(1);
    expect(await lookups(ask)).toBe(0);
  });

  it('a verification never writes', async () => {
    const { secret } = await api.given.apiKey();
    const statements = await api.sqlOf(() => api.query(WHO, { key: secret }));
    expect(statements.filter((sql) => WRITES.test(sql))).toEqual([]);
  });

  it('a lookup on a direct connection is one prepared statement in no transaction', async () => {
    const [{ secret: warming }, { secret: key }] = await Promise.all([api.given.apiKey(), api.given.apiKey()]);
    await api.query(WHO, { key: warming });
    const statements = await api.sqlOf(() => api.query(WHO, { key }));
    expect(statements).toEqual([expect.stringContaining('from api_key_former_secrets where key_hash')]);
    const verifier = api.app.get(VerifierDatabase, { strict: false });
    const names = await verifier.select('names', 'select name from pg_prepared_statements', []);
    expect(names).toContainEqual({ name: 'names' });
  });

  it.each<[string, (key: string) => Promise<(n: number) => Promise<void>>]>([
    [
      'strangers who present a token of the issuer',
      async () => {
        const session = await api.issuer.token('nobody@example.test', 60, new Date());
        return async () => expect((await api.query(WHO, { session })).reason).toBe('INVALID_SESSION');
      },
    ],
    [
      'changes of what no verdict rests on',
      async (key) => async (n) => {
        const answer = await api.query(ADD_DEVICE, { key, variables: { hostname: `sw-${n}` } });
        expect(answer.at('createDevice.device.hostname')).toBe(`sw-${n}`);
      },
    ],
  ])('a verification does not look up a remembered key beside %s', async (_, prepared) => {
    const { secret, tenant } = await api.given.apiKey({ scopes: ['devices:write'] });
    const work = await prepared(secret);
    await api.settled(tenant.id);
    expect((await api.query(WHO, { key: secret })).status).toBe(200);
    const beside = async () => {
      let isDone = false;
      const working = Promise.all(Array.from({ length: 30 }, (_, n) => work(n))).finally(() => (isDone = true));
      do expect((await api.query(WHO, { key: secret })).status).toBe(200);
      while (!isDone);
      await working;
    };
    expect(await lookups(beside)).toBe(0);
  });
});

describe('simultaneous verifications', () => {
  let api: TestPortal;
  let pool: TcpProxy;
  beforeAll(async () => {
    const database = await TestDatabase.create();
    pool = await TcpProxy.before(database.url);
    pool.spare('path-of-lookups');
    api = await TestPortal.start({ database, through: { pool: pool.url }, environment: CACHED });
  });
  afterAll(async () => {
    await api.stop();
    await api.database.drop();
    await pool.close();
  });

  /** @returns waits until the given number of keys have been shown to the verifier from now on */
  const verifications = () => {
    const verify = jest.spyOn(api.app.get(ApiKeyVerifier, { strict: false }), 'verify');
    return (count: number) => until('all ask for a verdict', () => verify.mock.calls.length === count);
  };
  afterEach(() => jest.restoreAllMocks());

  it('1,000 simultaneous requests with one cold key make one lookup', async () => {
    const { secret, tenant } = await api.given.apiKey();
    await api.settled(tenant.id);
    const hasBegun = verifications();
    pool.hold('answers');
    const statements = await api.sqlOf(async () => {
      const asked = Array.from({ length: 1_000 }, () => api.query(WHO, { key: secret }));
      await hasBegun(asked.length);
      pool.pass();
      for (const answer of await Promise.all(asked)) expect(answer.status).toBe(200);
    });
    expect(lookupsIn(statements).length).toBe(1);
  });

  it('simultaneous requests with different cold keys share lookups', async () => {
    const tenant = await api.given.tenant();
    const keys: GivenKey[] = [];
    while (keys.length < 60)
      keys.push(...(await Promise.all(Array.from({ length: 5 }, () => api.given.apiKey({ tenant })))));
    const statements = await api.sqlOf(async () => {
      const answers = await Promise.all(keys.map(({ secret }) => api.query(WHO, { key: secret })));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    });
    expect(lookupsIn(statements).length).toBeLessThan(50);
  });

  it('requests that meet a failing lookup all get a 503, and the next one is answered', async () => {
    const { secret, tenant } = await api.given.apiKey();
    await api.settled(tenant.id);
    const answers = await api.database.holding('lock table api_keys in access exclusive mode', () =>
      Promise.all(Array.from({ length: 100 }, () => api.query(WHO, { key: secret }))),
    );
    for (const answer of answers) expect([answer.status, answer.code]).toEqual([503, 'SERVICE_UNAVAILABLE']);
    expect((await api.query(WHO, { key: secret })).status).toBe(200);
  });
});
