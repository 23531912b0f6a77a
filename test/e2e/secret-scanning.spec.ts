import { createHash } from 'node:crypto';
import type { GivenKey } from '../support/given.js';
import { storeKeys } from '../support/store-keys.js';
import { TestPortal } from '../support/test-portal.js';
import { scannerKey, TestScanner } from '../support/test-scanner.js';
import { unknownKey } from '../support/unknown-key.js';

/** A report may have 1,000 matches. */
const SCANNED_KEYS = Number(process.env['SCANNED_KEYS'] ?? 50);
const GITHUB_WAITS_MS = 30_000;
const DEVICES = '{ devices(first: 1) { nodes { id } } }';
const EVENTS = `query ($id: ID) { apiKeyEvents(filter: { apiKeyId: $id }) { nodes { kind foundAt ip actorName } } }`;
const URL_FOUND = 'https://github.com/octocat/Hello-World/blob/123456/foo/bar.txt';

interface Send {
  headers?: Record<string, string>;
  to?: string;
  at?: TestPortal;
}

describe('secret scanning', () => {
  let scanner: TestScanner;
  let api: TestPortal;
  beforeAll(async () => {
    scanner = await TestScanner.start();
    const environment = {
      SECRET_SCANNING_GITHUB_KEYS_URL: scanner.keysUrl,
      SECRET_SCANNING_GITLAB_KEYS_URL: scanner.keysUrl,
    };
    api = await TestPortal.start({ environment });
  });
  afterAll(async () => {
    await api.stop();
    await scanner.stop();
  });

  const send = async (
    body: string | Buffer,
    { headers = scanner.proofOf(body), to = 'github', at = api }: Send = {},
  ) => {
    const url = `${at.url}/secret-scanning/${to}`;
    const response = await fetch(url, { method: 'POST', headers, body: Buffer.from(body) });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  const matchOf = (token: string, more: object = {}) => ({
    token,
    type: 'latchkey_api_key',
    url: URL_FOUND,
    source: 'Commit',
    ...more,
  });
  const reportOf = (...tokens: string[]) => JSON.stringify(tokens.map((token) => matchOf(token)));
  const labelOf = (token: string, isKey: boolean) => ({
    token_hash: createHash('sha256').update(token).digest('hex'),
    token_type: 'latchkey_api_key',
    label: isKey ? 'true_positive' : 'false_positive',
  });
  const works = async ({ secret }: GivenKey, at = api) => (await at.query(DEVICES, { key: secret })).reason ?? 'works';
  const eventsOf = async ({ id, admin }: GivenKey) =>
    (await api.query(EVENTS, { session: admin.session, variables: { id } })).at<object[]>('apiKeyEvents.nodes');

  it('a secret scanner ends the keys that it has found, and is answered which of its matches were keys', async () => {
    const [one, two] = [await api.given.apiKey(), await api.given.apiKey()];
    const [unknown, garbage] = [unknownKey(), 'mktp_garbage'];
    const answer = await send(reportOf(one.secret, unknown, garbage, two.secret));
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    expect(JSON.parse(answer.text)).toEqual([
      labelOf(one.secret, true),
      labelOf(unknown, false),
      labelOf(garbage, false),
      labelOf(two.secret, true),
    ]);
    expect([await works(one), await works(two)]).toEqual(['REVOKED_KEY', 'REVOKED_KEY']);
    expect((await eventsOf(one))[0]).toEqual({
      kind: 'LEAK_REPORTED',
      foundAt: `commit: ${URL_FOUND}`,
      ip: '127.0.0.1',
      actorName: null,
    });
  });

  it('a secret scanner ends a key that it has found with whitespace around, and is answered for the text as it was sent', async () => {
    const key = await api.given.apiKey();
    const found = `\t${key.secret}\r\n`;
    const answer = await send(reportOf(found));
    expect(JSON.parse(answer.text)).toEqual([labelOf(found, true)]);
    expect(await works(key)).toBe('REVOKED_KEY');
  });

  it('GitLab gets an empty answer, by its own headers', async () => {
    const key = await api.given.apiKey();
    const body = JSON.stringify([
      { type: 'latchkey_api_key', token: key.secret, url: 'https://gitlab.example/a/-/raw/b' },
    ]);
    const wrong = await send(body, { to: 'gitlab' });
    expect(wrong.status).toBe(401);
    const answer = await send(body, { to: 'gitlab', headers: scanner.proofOf(body, { as: 'Gitlab' }) });
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect((await eventsOf(key))[0]).toMatchObject({ foundAt: 'https://gitlab.example/a/-/raw/b' });
  });

  it('a secret scanner that sends a report again changes nothing more, and gets the same answer', async () => {
    const key = await api.given.apiKey();
    const body = reportOf(key.secret, key.secret);
    for (const { status, text } of [await send(body), await send(body)])
      expect([status, JSON.parse(text)]).toEqual([200, [labelOf(key.secret, true), labelOf(key.secret, true)]]);
    expect(await eventsOf(key)).toHaveLength(2);
  });

  const other = scannerKey('first');
  const TAMPERED: [string, (body: string, good: Record<string, string>) => { body?: string; headers?: object }][] = [
    ['another byte in the body', (body) => ({ body: body.replace('Commit', 'commit') })],
    ['the same JSON with a blank more', (body) => ({ body: `${body} ` })],
    ['a signature by another key under its id', (body) => ({ headers: scanner.proofOf(body, { key: other }) })],
    ['a signature by P-384', (body) => ({ headers: scanner.proofOf(body, { key: scannerKey('first', 'P-384') }) })],
    ['an id that it does not publish', () => ({ headers: { 'Github-Public-Key-Identifier': 'unknown' } })],
    ['no id', () => ({ headers: { 'Github-Public-Key-Identifier': undefined } })],
    ['no signature', () => ({ headers: { 'Github-Public-Key-Signature': undefined } })],
    ['an empty signature', () => ({ headers: { 'Github-Public-Key-Signature': '' } })],
    ['a signature that is no base64', () => ({ headers: { 'Github-Public-Key-Signature': '(none)' } })],
    ['a signature that is no DER', () => ({ headers: { 'Github-Public-Key-Signature': 'AAAAAAAAAAAA' } })],
    ['a signature of 10 kB', () => ({ headers: { 'Github-Public-Key-Signature': 'A'.repeat(10_000) } })],
    ['the name of a member of objects as its id', () => ({ headers: { 'Github-Public-Key-Identifier': '__proto__' } })],
  ];
  it.each(TAMPERED)('a report with %s is refused, and nothing is looked up', async (_, tamper) => {
    const key = await api.given.apiKey();
    const body = reportOf(key.secret);
    const good = scanner.proofOf(body);
    const { headers = {}, ...changed } = tamper(body, good);
    const sent = Object.entries({ ...good, ...headers }).filter(([, value]) => value !== undefined);
    let answer: Awaited<ReturnType<typeof send>> | undefined;
    const statements = await api.sqlOf(async () => {
      answer = await send(changed.body ?? body, { headers: Object.fromEntries(sent) as Record<string, string> });
    });
    expect(answer?.status).toBe(401);
    expect(answer?.headers.get('content-type')).toContain('application/problem+json');
    expect(JSON.parse(answer?.text ?? '')).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'INVALID_SIGNATURE' });
    expect(statements.filter((statement) => statement.includes('api_keys'))).toEqual([]);
    expect(await works(key)).toBe('works');
    expect(api.log.join('')).toMatch(/"reason":"INVALID_SIGNATURE"/);
  });

  it('a report with two signatures is refused', async () => {
    const body = reportOf(unknownKey());
    const headers = new Headers(scanner.proofOf(body));
    headers.append('Github-Public-Key-Signature', headers.get('Github-Public-Key-Signature') ?? '');
    const answer = await fetch(`${api.url}/secret-scanning/github`, { method: 'POST', headers, body });
    expect(answer.status).toBe(401);
  });

  it.each([
    ['no JSON', '{', 400],
    ['an object', '{}', 400],
    ['null', 'null', 400],
    ['bytes that are no UTF-8', Buffer.from([0x5b, 0x22, 0xff, 0x22, 0x5d]), 400],
    ['1,001 matches', JSON.stringify(Array.from({ length: 1_001 }, () => ({ token: 'x', type: 't' }))), 413],
    ['more than 1 MB', JSON.stringify([{ token: 'x'.repeat(1024 * 1024) }]), 413],
    ['nothing at all', '', 401],
  ])('a genuine report of %s is refused without a fault', async (_, body, status) => {
    const headers = body === '' ? { 'content-type': 'application/json' } : scanner.proofOf(body);
    expect((await send(body, { headers })).status).toBe(status);
  });

  it('a secret scanner reports 1,000 matches in nearly 1 MB, with texts that are no keys and malformed entries', async () => {
    const keys = await Promise.all(Array.from({ length: 5 }, () => api.given.apiKey()));
    const strange = [null, 7, {}, { token: 7 }, { token: 'x', type: 7, url: {}, source: [] }];
    const matches = Array.from({ length: 1_000 - strange.length }, (_, index) =>
      matchOf(keys[index / 100]?.secret ?? `mktp_${index}`, { url: 'x'.repeat(800) }),
    );
    const answer = await send(JSON.stringify([...matches, ...strange]));
    expect(answer.status).toBe(200);
    const labels = JSON.parse(answer.text) as { label: string }[];
    expect(labels).toHaveLength(1_000 - strange.length + 1);
    expect(labels.filter(({ label }) => label === 'true_positive')).toHaveLength(5);
    for (const key of keys) expect(await works(key)).toBe('REVOKED_KEY');
  });

  it(`a report of ${SCANNED_KEYS} keys of ours ends each of them while the scanner still waits`, async () => {
    const key = await api.given.apiKey();
    const keys = await storeKeys(api, key, SCANNED_KEYS);
    const startedAt = performance.now();
    const answer = await send(reportOf(...keys.map(({ secret }) => secret)));
    expect(performance.now() - startedAt).toBeLessThan(GITHUB_WAITS_MS);
    const labels = JSON.parse(answer.text) as { label: string }[];
    expect(labels.filter(({ label }) => label === 'true_positive')).toHaveLength(SCANNED_KEYS);
    const ended = `select count(*)::int as count from api_keys where name = 'stored' and revocation_reason = 'COMPROMISED'`;
    expect(await api.database.sql(ended)).toEqual([{ count: SCANNED_KEYS }]);
  });

  it('a report to an unknown scanner is 404, and a GET is 405', async () => {
    expect((await send('[]', { to: 'nobody' })).status).toBe(404);
    const got = await fetch(`${api.url}/secret-scanning/github`);
    expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST']);
  });
});
