import type { IncomingHttpHeaders } from 'node:http';
import { LocalServer } from '../support/local-server.js';
import { TestPortal } from '../support/test-portal.js';
import { type ScannerKey, scannerKey, TestScanner } from '../support/test-scanner.js';
import { unknownKey } from '../support/unknown-key.js';
import { until } from '../support/until.js';

const DEVICES = '{ devices(first: 1) { nodes { id } } }';

describe('keys of a secret scanner', () => {
  let scanner: TestScanner;
  let api: TestPortal;
  beforeEach(async () => {
    scanner = await TestScanner.start();
    api = await TestPortal.start({ environment: { SECRET_SCANNING_GITHUB_KEYS_URL: scanner.keysUrl } });
  });
  afterEach(async () => {
    await api.stop();
    await scanner.stop();
  });
  const report = async (secret: string, { key }: { key?: ScannerKey } = {}) => {
    const body = JSON.stringify([{ token: secret, type: 't', url: '', source: 'content' }]);
    const headers = scanner.proofOf(body, key ? { key } : {});
    return fetch(`${api.url}/secret-scanning/github`, { method: 'POST', headers, body });
  };

  it.each([
    ['hang', () => undefined],
    ['are gone', (_: unknown, response: { destroy(): void }) => response.destroy()],
    ['are a page', (_: unknown, response: { end(text: string): void }) => response.end('<html></html>')],
    ['are no list', (_: unknown, response: { end(text: string): void }) => response.end('{"public_keys":{}}')],
    ['are none', (_: unknown, response: { end(text: string): void }) => response.end('{"public_keys":[]}')],
  ] as const)(
    'public keys that %s are an outage and never a wrong signature, and the log has both ends of the outage',
    async (_, fault) => {
      const { secret } = await api.given.apiKey();
      scanner.misbehave = fault as never;
      const answer = await report(secret);
      expect([answer.status, await answer.json()]).toMatchObject([503, { code: 'SERVICE_UNAVAILABLE' }]);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      expect((await api.query(DEVICES, { key: secret })).code).toBeUndefined();
      scanner.misbehave = undefined;
      await until('the keys are asked for again', async () => (await report(secret)).status === 200);
      const warnings = api.log.filter(
        (line) => line.includes('"SecretScanning"') && line.includes('public keys of github'),
      );
      expect(warnings.map((line) => (JSON.parse(line) as { level: number }).level)).toEqual([40, 30]);
    },
  );

  it('the keys of a secret scanner are fetched once, and not again for each unknown id', async () => {
    const { secret } = await api.given.apiKey();
    for (let count = 0; count < 3; count++) expect((await report(secret)).status).toBe(200);
    expect(scanner.fetches).toBe(1);
    for (let count = 0; count < 3; count++)
      expect((await report(secret, { key: scannerKey('unknown') })).status).toBe(401);
    expect(scanner.fetches).toBe(1);
  });

  it('keys of a secret scanner on another curve than P-256 prove nothing, and are an outage', async () => {
    const key = scannerKey('other', 'P-384');
    scanner.published = [scanner.key, key];
    const { secret } = await api.given.apiKey();
    expect((await report(secret, { key })).status).toBe(503);
    expect((await report(secret)).status).toBe(200);
  });

  it('without the URL of its keys, the path of a secret scanner is unknown', async () => {
    const body = '[]';
    const headers = scanner.proofOf(body, { as: 'Gitlab' });
    const answer = await fetch(`${api.url}/secret-scanning/gitlab`, { method: 'POST', headers, body });
    expect([answer.status, await answer.json()]).toMatchObject([404, { code: 'NOT_FOUND' }]);
    expect(scanner.fetches).toBe(0);
  });
});

describe('reports that are passed on', () => {
  let scanner: TestScanner;
  let one: TestPortal;
  let two: TestPortal;
  /** A third deployment, that only writes down what it gets. */
  let third: LocalServer;
  let taken: { url: string | undefined; headers: IncomingHttpHeaders; body: Buffer }[];
  let status: number;
  let text: string;
  beforeAll(async () => {
    scanner = await TestScanner.start();
    third = await LocalServer.start(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      taken.push({ url: request.url, headers: request.headers, body: Buffer.concat(chunks) });
      response.writeHead(status).end(text);
    });
    const keys = { SECRET_SCANNING_GITHUB_KEYS_URL: scanner.keysUrl };
    two = await TestPortal.start({ environment: keys });
    one = await TestPortal.start({ environment: { ...keys, SECRET_SCANNING_RELAY: `${two.url}, ${third.url}/base/` } });
  });
  beforeEach(() => {
    taken = [];
    status = 204;
    text = '';
  });
  afterAll(async () => {
    await one.stop();
    await two.stop();
    await scanner.stop();
    await third.stop();
  });
  const report = async (tokens: string[], headers: Record<string, string> = {}) => {
    const body = JSON.stringify(tokens.map((token) => ({ token, type: 't', url: '', source: 'content' })));
    const proof = { ...scanner.proofOf(body), ...headers };
    const answer = await fetch(`${one.url}/secret-scanning/github`, { method: 'POST', headers: proof, body });
    return { body, proof, status: answer.status, answer: (await answer.json()) as { label: string }[] };
  };

  it('a report that is passed on ends keys of every deployment, and is answered for all of them', async () => {
    const [ours, theirs] = [await one.given.apiKey(), await two.given.apiKey()];
    const { body, proof, answer } = await report([ours.secret, theirs.secret, unknownKey()]);
    expect(answer.map(({ label }) => label)).toEqual(['true_positive', 'true_positive', 'false_positive']);
    expect((await one.query(DEVICES, { key: ours.secret })).reason).toBe('REVOKED_KEY');
    expect((await two.query(DEVICES, { key: theirs.secret })).reason).toBe('REVOKED_KEY');
    expect(taken).toMatchObject([{ url: '/base/secret-scanning/github', body: Buffer.from(body) }]);
    for (const [name, value] of Object.entries(proof)) expect(taken[0]?.headers[name.toLowerCase()]).toBe(value);
  });

  it('a report that another deployment did not accept is a 503, so that it is sent again; our own keys have ended', async () => {
    status = 500;
    const { secret } = await one.given.apiKey();
    const refused = await report([secret]);
    expect([refused.status, refused.answer]).toMatchObject([503, { code: 'SERVICE_UNAVAILABLE' }]);
    expect((await one.query(DEVICES, { key: secret })).reason).toBe('REVOKED_KEY');
    status = 204;
    expect((await report([secret])).answer).toMatchObject([{ label: 'true_positive' }]);
  });

  it('an answer of another deployment is read up to a bound, and a longer one counts as none', async () => {
    [status, text] = [200, `${' '.repeat(3 * 1024 * 1024)}[]`];
    expect((await report([unknownKey()])).status).toBe(503);
    text = '[]';
    expect((await report([unknownKey()])).status).toBe(200);
  });

  it('a report is passed on by one step at most, and only if its signature holds', async () => {
    expect((await report([unknownKey()], { 'latchkey-relayed': '1' })).status).toBe(200);
    expect((await report([unknownKey()], { 'Github-Public-Key-Identifier': 'unknown' })).status).toBe(401);
    expect(taken).toEqual([]);
  });
});
