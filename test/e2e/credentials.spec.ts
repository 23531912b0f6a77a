import { CREDENTIAL_ROWS, type CredentialFacts } from '../support/credential-rows.js';
import { Aftermath } from '../support/aftermath.js';
import type { Answer } from '../support/answer.js';
import { countedUses } from '../support/counted-uses.js';
import type { GivenKey } from '../support/given.js';
import { operation, rawRequest, sendRaw } from '../support/raw-http.js';
import { seededRandom } from '../support/seeded-random.js';
import { TestPortal } from '../support/test-portal.js';
import { unknownKey } from '../support/unknown-key.js';

const DEVICES = '{ devices { nodes { hostname } } }';
const HEADERS = Number(process.env['HEADER_RUNS'] ?? 150);
const SEED = Number(process.env['HEADER_SEED'] ?? Date.now() % 2 ** 31);
const INVALID_TOKEN = 'Bearer realm="portal", error="invalid_token"';
const OWNER = 'select user_id from api_keys where id = $1';
const TENANT = 'select tenant_id from api_keys where id = $1';
const CHALLENGES: Record<string, string> = {
  MISSING_CREDENTIAL: 'Bearer realm="portal"',
  INVALID_KEY: INVALID_TOKEN,
  INVALID_SESSION: INVALID_TOKEN,
  AMBIGUOUS_CREDENTIALS: 'Bearer realm="portal", error="invalid_request"',
};
const REPEATS = Number(process.env['BAD_REPEATS'] ?? 1);

describe('credentials', () => {
  let api: TestPortal;
  let key: GivenKey;
  let facts: CredentialFacts;
  let aftermath: Aftermath;
  beforeAll(async () => {
    api = await TestPortal.start({ environment: { API_KEYS_CACHE_SIZE: '1000' } });
    key = await api.given.apiKey();
    await api.given.device({ tenant: key.tenant, hostname: 'sw-1' });
    const other = await api.given.apiKey();
    await api.given.device({ tenant: other.tenant, hostname: 'sw-2' });
    facts = { key: key.secret, other: other.secret, session: key.admin.session };
    aftermath = await Aftermath.begin(api, key);
    aftermath.secrets.add(other.secret);
  });
  afterAll(async () => {
    await aftermath.ofTable();
    aftermath.end();
    await api.stop();
  });
  afterEach(() => aftermath.ofRow());

  const ask = async (headers: string[], target?: string): Promise<Answer> => {
    const request = rawRequest({ headers, body: operation(DEVICES), ...(target && { target }) });
    const answer = await aftermath.of(() => sendRaw(api.url, request));
    if (!answer) throw new Error('There was no answer.');
    return answer;
  };
  const outcomeOf = ({ status, reason }: Answer) => `${status} ${reason ?? ''}`.trim();
  /** How often `work` looks a key up in the database. */
  const lookupsOf = async (work: () => Promise<unknown>) =>
    (await api.sqlOf(work)).filter((statement) => statement.includes('key_hash')).length;

  it.each(CREDENTIAL_ROWS)(
    '(%s) a request with this credential gets its outcome: %s',
    async (_id, _what, lines, outcome, lookups = 0) => {
      await ask([`authorization: Bearer ${facts.key}`]);
      let answer: Answer | undefined;
      expect(
        await lookupsOf(async () => {
          answer = await ask(lines(facts));
        }),
      ).toBe(lookups);
      if (!answer) throw new Error('There was no answer.');
      expect(outcomeOf(answer)).toBe(outcome);
      if (outcome === '200') expect(answer.at('devices.nodes')).toEqual([{ hostname: 'sw-1' }]);
      else expect(answer.body).not.toHaveProperty('data');
      expect(answer.headers.get('www-authenticate')).toBe(CHALLENGES[answer.reason ?? ''] ?? null);
    },
  );

  it('(Z8) requests with all of these credentials leave no memory behind', () =>
    aftermath.ofRepeats(REPEATS, async () => {
      for (const [, , lines] of CREDENTIAL_ROWS) await ask(lines(facts));
    }));

  it.each([
    ['a public field', '{ __typename }', '200'],
    ['a syntax error', '{', '400 GRAPHQL_PARSE_FAILED'],
    ['an unknown field', '{ devices { nope } }', '400 GRAPHQL_VALIDATION_FAILED'],
  ])('(A2) a request without a credential for %s gets the errors of its document', async (_, query, outcome) => {
    const { status, code } = await aftermath.of(() => api.query(query));
    expect(`${status} ${code ?? ''}`.trim()).toBe(outcome);
  });

  it.each(['mktp_garbage', unknownKey(), 'garbage'])(
    'the bad credential %.12s is refused for public fields, too',
    async (bad) => {
      expect((await aftermath.of(() => api.query('{ __typename }', { key: bad }))).status).toBe(401);
    },
  );

  it.each(['access_token', 'api_key', 'key', 'token', 'anything'])(
    '(A13, A14) a key in the header is ambiguous beside a key in the URL as %s; a key in the URL alone counts for nothing',
    async (name) => {
      const target = `/graphql?${name}=${facts.key}`;
      expect(outcomeOf(await ask([`authorization: Bearer ${facts.key}`], target))).toBe('400 AMBIGUOUS_CREDENTIALS');
      expect(outcomeOf(await ask([], target))).toBe('401 MISSING_CREDENTIAL');
    },
  );

  it('(A14) a request with a key only in its variables has no credential', async () => {
    const answer = await aftermath.of(() => api.query(DEVICES, { variables: { key: facts.key, token: facts.key } }));
    expect(outcomeOf(answer)).toBe('401 MISSING_CREDENTIAL');
  });

  it('(A16) an unknown key is looked up once, then remembered', async () => {
    await api.settled();
    const unknown = `authorization: Bearer ${unknownKey()}`;
    expect(await lookupsOf(() => ask([unknown]))).toBe(1);
    expect(await lookupsOf(() => ask([unknown]))).toBe(0);
  });

  it('(A15-A17) requests with keys that are wrong in any way are answered alike, byte for byte', async () => {
    const bad = [unknownKey(), 'mktp_garbage', facts.key.slice(0, -1), `${facts.key}0`, facts.key + facts.key];
    const answers = [];
    for (const secret of bad) answers.push(await ask([`x-api-key: ${secret}`, 'x-request-id: same']));
    const seen = answers.map(({ status, headers, text }) => {
      headers.delete('date');
      return [status, [...headers], text];
    });
    expect(seen).toEqual(Array(bad.length).fill(seen[0]));
  });

  it.each([
    ['revoked', `update api_keys set revoked_at = now() where id = $1`, 'REVOKED_KEY'],
    ['expired', `update api_keys set expires_at = now() - interval '1 second' where id = $1`, 'EXPIRED_KEY'],
    ['suspended', `update api_keys set suspended_at = now() where id = $1`, 'SUSPENDED_KEY'],
    ['of an inactive user', `update users set is_active = false where id = (${OWNER})`, 'OWNER_INACTIVE'],
    ['of a suspended tenant', `update tenants set suspended_at = now() where id = (${TENANT})`, 'TENANT_SUSPENDED'],
    ['of a deleted user', `delete from users where id = (${OWNER})`, 'INVALID_KEY'],
    ['of a deleted tenant', `delete from tenants where id = (${TENANT})`, 'INVALID_KEY'],
  ])(
    '(A30) a request with a key %s is refused, with the reason only if the whole key has matched',
    async (_, change, reason) => {
      const ended = await api.given.apiKey();
      await ask([`x-api-key: ${ended.secret}`]);
      await api.database.sql(change, [ended.id]);
      await api.caughtUp();
      const answer = await ask([`x-api-key: ${ended.secret}`]);
      expect(outcomeOf(answer)).toBe(`401 ${reason}`);
      expect(answer.headers.get('www-authenticate')).toBe(INVALID_TOKEN);
      await aftermath.keepRows();
    },
  );

  it(`(T13) a request with arbitrary bytes as its credential is 400, 401 or 431 (HEADER_SEED=${SEED})`, async () => {
    const random = seededRandom(SEED);
    const starts = ['', 'Bearer ', 'Bearer mktp_', `Bearer ${facts.key}`];
    const statuses = new Map<number, number>();
    for (let run = 0; run < HEADERS; run++) {
      // Half of them without the byte that the parser refuses, since hardly one would pass it otherwise.
      const isParsed = random() < 0.5;
      const bytes = Array.from(
        { length: random() * (random() < 0.5 ? 40 : 4_000) },
        () => 0x20 + Math.floor(random() * 0xe0),
      );
      const value = Buffer.from(isParsed ? bytes.filter((byte) => byte !== 0x7f) : bytes).toString('latin1');
      const start = starts[run % starts.length] ?? '';
      const { status } = await ask([`authorization: ${start}${value.trim() === '' ? 'x' : value}`]);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    expect([...statuses.keys()].filter((status) => ![400, 401, 431].includes(status))).toEqual([]);
    expect(statuses.get(401)).toBeGreaterThan(HEADERS / 4);
    if (process.env['HEADER_RUNS']) console.log(Object.fromEntries(statuses));
  });

  it('a request is verified once, however many root fields it has', async () => {
    const fields = Array.from({ length: 10 }, (_, index) => `a${index}: devices { totalCount }`).join(' ');
    const cold = await api.given.apiKey({ tenant: key.tenant });
    await aftermath.keepRows();
    const lookups = await lookupsOf(async () => {
      expect((await api.query(`{ ${fields} }`, { key: cold.secret })).status).toBe(200);
    });
    expect(lookups).toBe(1);
  });

  it.each(['malformed', '00000000-0000-4000-8000-000000000000'])(
    'a request of a key or a session that names the tenant %j is refused whole',
    async (named) => {
      for (const credential of [key.secret, key.admin.session]) {
        const answer = await api.query('{ __typename }', { key: credential, headers: { 'x-tenant-id': named } });
        expect([answer.status, answer.code, answer.reason]).toEqual([403, 'FORBIDDEN', 'WRONG_TENANT']);
      }
    },
  );

  it('a good key that names another tenant counts as a refusal', async () => {
    const { id, secret } = await api.given.apiKey({ tenant: key.tenant });
    await aftermath.keepRows();
    const headers = { 'x-tenant-id': '00000000-0000-4000-8000-000000000000' };
    for (let n = 0; n < 2; n++) expect((await api.query(DEVICES, { key: secret, headers })).status).toBe(403);
    expect(await countedUses(api, id)).toEqual({ allowed: 0, denied: 2 });
    await aftermath.keepRows();
  });

  it('a key or a session may name its own tenant', async () => {
    const headers = { 'x-tenant-id': key.tenant.id };
    expect((await api.query(DEVICES, { key: key.secret, headers })).status).toBe(200);
  });
});

describe('keys of the replaced system', () => {
  it.each([
    ['true', 'mktp', 200, undefined],
    ['true', 'acme', 200, undefined],
    ['false', 'mktp', 401, 'INVALID_KEY'],
    ['false', 'acme', 401, 'INVALID_SESSION'],
  ])(
    'a key of the replaced system with API_KEYS_ACCEPT_LEGACY=%s and API_KEYS_PREFIX=%s is answered %d',
    async (accepted, prefix, status, reason) => {
      const environment = { API_KEYS_ACCEPT_LEGACY: accepted, API_KEYS_PREFIX: prefix };
      const api = await TestPortal.start({ environment });
      const owner = await api.given.user();
      const legacy = `mktp_${'aB3-_'.repeat(9).slice(0, 43)}`;
      await api.database.sql(
        `insert into api_keys (id, tenant_id, user_id, name, key_prefix, key_hash, scopes, created_at)
       values (gen_random_uuid(), $1, $2, 'old', 'mktp_aB3', encode(sha256($3), 'hex'), '["devices:read"]', '2020-01-01')`,
        [owner.tenantId, owner.id, Buffer.from(legacy)],
      );
      const answer = await api.query(DEVICES, { key: legacy });
      expect([answer.status, answer.reason]).toEqual([status, reason]);
      await api.stop();
    },
  );
});
