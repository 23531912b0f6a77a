import { askKeys, EVIDENCE, keyIn } from '../support/key-operations.js';
import { TestPortal } from '../support/test-portal.js';

const DEVICES = '{ devices(first: 1) { nodes { id } } }';

describe('leak reports', () => {
  let api: TestPortal;
  /** The reporter's address: another one for each test, since an address may report only so often. */
  let ip: string;
  let addresses = 0;
  beforeAll(async () => {
    api = await TestPortal.start({ environment: { TRUST_PROXY: '1' } });
  });
  beforeEach(() => {
    ip = `198.51.100.${++addresses}`;
  });
  afterAll(() => api.stop());

  const report = (key: string) => askKeys(api, 'reportLeakedApiKey', { key }, { headers: { 'x-forwarded-for': ip } });
  const evidence = async (id: string) => (await api.database.sql(EVIDENCE, [id]))[0];
  const eventOf = async (id: string) =>
    (
      await api.database.sql<Record<string, unknown>>(
        'select kind, actor_id, actor_name, actor_key_id, ip, changes from api_key_events where api_key_id = $1 order by at desc limit 1',
        [id],
      )
    )[0];

  it('reporting a leaked key ends it as compromised, records the event, and needs no credential', async () => {
    const { id, secret, admin } = await api.given.apiKey();
    expect((await report(secret)).at('reportLeakedApiKey.accepted')).toBe(true);
    expect((await api.query(DEVICES, { key: secret })).reason).toBe('REVOKED_KEY');
    const key = keyIn(await askKeys(api, 'apiKey', { id }, { session: admin.session }), 'apiKey');
    expect([key.status, key.revocationReason, key.version]).toEqual(['REVOKED', 'COMPROMISED', 2]);
    const expected = { kind: 'LEAK_REPORTED', actor_id: null, actor_name: null, actor_key_id: null, ip };
    expect(await eventOf(id)).toMatchObject({
      ...expected,
      changes: { revocationReason: { old: null, new: 'COMPROMISED' } },
    });
  });

  it.each([
    ['a line break', '', '\n'],
    ['blanks and tabs', '  \t', ' '],
    ['a line break of Windows, and a no-break space', '\u00a0', '\r\n'],
  ])('a leaked key is revoked with any whitespace around the copied text: %s', async (_, before, after) => {
    const { secret } = await api.given.apiKey();
    expect((await report(before + secret + after)).at('reportLeakedApiKey.accepted')).toBe(true);
    expect((await api.query(DEVICES, { key: secret })).reason).toBe('REVOKED_KEY');
  });

  it('the answer to a leak report is the same, byte for byte, whether the key exists or not', async () => {
    const { secret } = await api.given.apiKey();
    const { id, secret: ended, admin } = await api.given.apiKey();
    await askKeys(api, 'rotateApiKey', { input: { id, overlapSeconds: 0 } }, { session: admin.session });
    const before = await evidence(id);
    const unknown = `${secret.slice(0, -1)}${secret.endsWith('0') ? '1' : '0'}`;
    const answers = [];
    for (const key of [secret, secret, unknown, ended, 'garbage', '', '\u0000', 'x'.repeat(10_000)])
      answers.push(await report(key));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`))).toEqual(
      new Set([`200 ${answers[0]?.text}`]),
    );
    expect(await evidence(id)).toEqual(before);
  });

  it('a leaked old secret revokes its key while the old secret still opens it', async () => {
    const { id, secret, admin } = await api.given.apiKey();
    const rotated = await askKeys(api, 'rotateApiKey', { input: { id } }, { session: admin.session });
    await report(secret);
    for (const key of [secret, rotated.at<string>('rotateApiKey.secret')])
      expect((await api.query(DEVICES, { key })).reason).toBe('REVOKED_KEY');
  });

  it('the report of a revoked key changes nothing', async () => {
    const { id, secret, admin } = await api.given.apiKey();
    await askKeys(api, 'revokeApiKeys', { input: { ids: [id], reason: 'UNUSED' } }, { session: admin.session });
    const before = await evidence(id);
    await report(secret);
    expect(await evidence(id)).toEqual(before);
  });

  const reportAll = (keys: object[]) =>
    askKeys(api, 'reportLeakedApiKeys', { keys }, { headers: { 'x-forwarded-for': ip } });
  const foundAtOf = async (id: string, session: string) => {
    const query = 'query ($id: ID) { apiKeyEvents(filter: { apiKeyId: $id }) { nodes { kind foundAt } } }';
    return (await api.query(query, { session, variables: { id } })).at<object[]>('apiKeyEvents.nodes');
  };

  it('a report of many leaked keys ends each of them, and stores where each was found', async () => {
    const [one, two] = [await api.given.apiKey(), await api.given.apiKey()];
    const answer = await reportAll([
      { key: `\n${one.secret} `, url: 'https://git.example/a', source: 'commit' },
      { key: two.secret, url: `https://git.example/?key=${two.secret}\u202e` },
      { key: one.secret, url: 'https://git.example/later' },
      { key: 'garbage' },
    ]);
    expect(answer.at('reportLeakedApiKeys.accepted')).toBe(true);
    for (const key of [one.secret, two.secret]) expect((await api.query(DEVICES, { key })).reason).toBe('REVOKED_KEY');
    expect(await foundAtOf(one.id, one.admin.session)).toEqual([
      { kind: 'LEAK_REPORTED', foundAt: 'commit: https://git.example/a' },
      { kind: 'CREATED', foundAt: null },
    ]);
    expect((await foundAtOf(two.id, two.admin.session))[0]).toEqual({
      kind: 'LEAK_REPORTED',
      foundAt: `https://git.example/?key=${two.secret.slice(0, 9)}…`,
    });
  });

  it('the answer to a report of many keys is the same, byte for byte, whether or not the keys exist', async () => {
    const { secret } = await api.given.apiKey();
    const answers = [];
    for (const keys of [[{ key: secret }], [{ key: secret }], [{ key: 'garbage' }], []])
      answers.push(await reportAll(keys));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers[0]?.at('reportLeakedApiKeys')).toEqual({ accepted: true });
  });

  it('a report accepts at most 100 keys, and accepts none of more', async () => {
    const { secret } = await api.given.apiKey();
    const fillers = Array.from({ length: 99 }, () => ({ key: 'garbage' }));
    const tooMany = await reportAll([{ key: secret }, ...fillers, { key: 'one more' }]);
    expect([tooMany.status, tooMany.problemCodes]).toEqual([200, [['keys', 'TOO_MANY']]]);
    expect((await api.query(DEVICES, { key: secret })).code).toBeUndefined();
    expect((await reportAll([...fillers, { key: secret }])).at('reportLeakedApiKeys.accepted')).toBe(true);
    expect((await api.query(DEVICES, { key: secret })).reason).toBe('REVOKED_KEY');
  });

  it('a report of many keys counts once against the limit of 20, which both kinds of report share', async () => {
    for (let count = 0; count < 10; count++) {
      expect((await report('garbage')).status).toBe(200);
      expect((await reportAll([{ key: 'garbage' }, { key: 'garbage' }])).status).toBe(200);
    }
    for (const refused of [await report('garbage'), await reportAll([])])
      expect([refused.status, refused.code]).toEqual([429, 'RATE_LIMITED']);
  });

  it('leak reports are limited to 20 a minute from one address, malformed ones too', async () => {
    const { id, secret } = await api.given.apiKey();
    for (let count = 0; count < 20; count++) expect((await report('garbage')).status).toBe(200);
    const refused = await report(secret);
    expect([refused.status, refused.code]).toEqual([429, 'RATE_LIMITED']);
    expect(refused.body).not.toHaveProperty('data');
    expect(refused.errors[0]?.extensions).toMatchObject({ limit: 20, windowSeconds: 60 });
    const retryAfter = Number(refused.headers.get('retry-after'));
    expect(refused.errors[0]?.extensions['retryAfterSeconds']).toBe(retryAfter);
    expect(retryAfter >= 1 && retryAfter <= 60).toBe(true);
    expect(await evidence(id)).toMatchObject({ events: 1 });
  });
});
