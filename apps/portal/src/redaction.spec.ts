import * as fc from 'fast-check';
import { pino } from 'pino';
import { jsonRedactor, redactText } from './redaction.js';

const RANDOM = 'x7Kq9ZbN3vRtY5mWc1LpE8sHd2JfUgA4oTi6XyBnQ0rS1aB2cDz';
const KEY = `mktp_${RANDOM.slice(0, 49)}`;
const ROUTED = `mktp_${RANDOM.slice(0, 51)}`;
const LEGACY = `mktp_${'q8-Zr_'.repeat(8).slice(0, 43)}`;
const JWT = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJlLXRoYXQtaXMtbG9uZw';

describe('redaction of texts', () => {
  it.each([
    ['a key', `key ${KEY}.`, 'key mktp_x7Kq[redacted].'],
    ['a key of the replaced system', LEGACY, 'mktp_q8-Z[redacted]'],
    ['a key with routing letters', `key ${ROUTED}.`, 'key mktp_x7Kq[redacted].'],
    ['a key with routing letters and another prefix', `acme_${ROUTED.slice(5)}`, 'acme_x7Kq[redacted]'],
    ['a key of another prefix', `acme_${KEY.slice(5)}`, 'acme_x7Kq[redacted]'],
    ['a piece of a key', `${KEY.slice(0, 20)}…`, 'mktp_x7Kq[redacted]…'],
    ['a key twice over', KEY + KEY, 'mktp_x7Kq[redacted]'],
    ['a key in another case', KEY.toUpperCase(), 'MKTP_X7KQ[redacted]'],
    ['a key escaped for a URL', `/x?q=mktp%5F${RANDOM.slice(0, 49)}`, '/x?q=mktp%5Fx7Kq[redacted]'],
    ['a key with an escaped prefix', `/%6dk%54p%5f${RANDOM.slice(0, 49)}`, '/%6dk%54p%5fx7Kq[redacted]'],
    ['a key escaped twice', `/mktp%255F${RANDOM.slice(0, 49)}`, '/mktp%255Fx7Kq[redacted]'],
    [
      'a key escaped more often',
      `/%252525%36mktp%2525255F${RANDOM.slice(0, 49)}`,
      '/%252525%36mktp%2525255Fx7Kq[redacted]',
    ],
    ['a key escaped in its random part', `/mktp_x%37Kq${RANDOM.slice(4, 10)}%257A%78`, '/mktp_x%37Kq[redacted]'],
    ['the hash of a key', `(key_hash)=(${'0a'.repeat(32)})`, '(key_hash)=([redacted])'],
    ['a session token', `bad ${JWT}!`, 'bad [redacted]!'],
    ['any bearer token', 'sent Bearer opaque-token-123', 'sent Bearer [redacted]'],
    ['a header of HTTP', 'Authorization: Basic YWRhOmh1bnRlcg==', 'Authorization: [redacted]'],
    ['cookies', 'Cookie: sid=1; theme=dark', 'Cookie: [redacted]'],
    ['a database URL', 'postgresql://ada:hun/t@er2@db:5432/x', 'postgresql://ada:[redacted]@db:5432/x'],
    ['any URL with a password', 'https://ada:hunter2@example.test/x', 'https://ada:[redacted]@example.test/x'],
    ['a connection string', "host=db password=hunter2 user='ada'", "host=db password=[redacted] user='ada'"],
    ['a parameter', '/x?access_token=hunter2&first=3', '/x?access_token=[redacted]&first=3'],
    ['an option', 'client_secret: "hunter two"', 'client_secret: [redacted]'],
    ['a quoted value', "apiKey = 'hunter two'", 'apiKey = [redacted]'],
  ])('a text that leaves the process is free of %s', (_, text, expected) =>
    expect(redactText(text, 'mktp')).toBe(expected),
  );

  it.each([
    ['a visible prefix of a key', 'key mktp_x7Kq was refused'],
    ['ids', 'request 0d1f5c3e-8f3e-4e0e-9c0c-2f1d7a5b6c7d of key 0d1f5c3e-8f3e-4e0e-9c0c-2f1d7a5b6c7d'],
    ['a URL without a password', 'http://127.0.0.1:4000/graphql?x=a@b'],
    ['names of a schema', 'createApiKey.secret of api_keys_tenant_id_created_at_id_index'],
    ['a visible prefix in a path', '/mktp%5Fx7Kq%20was%20refused'],
    ['a trace id', '4bf92f3577b34da6a3ce929d0e0e4736'],
  ])('a text that leaves the process keeps %s', (_, text) => expect(redactText(text, 'mktp')).toBe(text));
});

describe('redaction of log lines', () => {
  const secrets = fc.constantFrom(KEY, ROUTED, `acme_${ROUTED.slice(5)}`, LEGACY, JWT);
  const named = fc.constantFrom('authorization', 'X-Api-Key', 'cookie', 'newPassword', 'client_secret', 'accessToken');

  /** The line written when `value` is logged, with all texts in it. */
  function logged(log: (logger: ReturnType<typeof pino>) => void): { line: string; parsed: Record<string, unknown> } {
    let line = '';
    const write = (text: string) => void (line += text);
    log(pino({ base: null, hooks: { streamWrite: jsonRedactor('mktp') } }, { write }));
    return { line, parsed: JSON.parse(line) as Record<string, unknown> };
  }

  it('a log line holds no secret, wherever the secret stood, and stays JSON', () => {
    const around = fc.string({ unit: 'grapheme-ascii' });
    fc.assert(
      fc.property(secrets, around, fc.array(fc.string(), { maxLength: 4 }), (secret, text, path) => {
        const before = `${text} `;
        const value = path.reduce<unknown>((inner, name) => ({ [name]: [inner] }), `${before}${secret}`);
        const error = new Error('outer', { cause: new AggregateError([new Error(`inner ${secret}`)], before) });
        const { line } = logged((logger) => logger.error({ value, err: error }, `${before}${secret}`));
        expect(line).not.toContain(secret.slice(-12));
      }),
    );
  });

  it('a log line holds no value under the name of a secret, whatever the value is, and stays JSON', () => {
    const value = fc.oneof(fc.string(), fc.array(fc.string()), fc.integer());
    fc.assert(
      fc.property(named, value, fc.nat({ max: 3 }), (name, value, depth) => {
        let object: Record<string, unknown> = { [name]: value, next: 1 };
        for (let level = 0; level < depth; level++) object = { inner: object };
        const { parsed } = logged((logger) => logger.info({ object }));
        for (let level = 0; level < depth; level++) object = object['inner'] as Record<string, unknown>;
        object[name] = '[redacted]';
        let seen = parsed['object'] as Record<string, unknown>;
        for (let level = 0; level < depth; level++) seen = seen['inner'] as Record<string, unknown>;
        expect(seen).toEqual(object);
      }),
    );
  });

  it('a log line holds no value under the name of a secret in JSON that is logged as text, and stays JSON', () => {
    fc.assert(
      fc.property(named, fc.stringMatching(/^[ !#-~"\\]{8,40}$/), (name, value) => {
        const body = JSON.stringify({ [name]: `hunter2${value}hunter2`, next: 1 });
        const { line, parsed } = logged((logger) => logger.info({ body }, body));
        expect(line).not.toContain('hunter2');
        expect(String(parsed['msg'])).toContain('"next":1');
      }),
    );
  });

  it.each([
    [
      'an error, its causes and what it gathers',
      { err: Object.assign(new AggregateError([new Error(KEY)], JWT), { cause: new Error(KEY), detail: KEY }) },
    ],
    ['variables', { variables: { input: { name: KEY, nested: [{ note: `x ${KEY} y` }] } } }],
    [
      'headers as Node lists them',
      { rawHeaders: ['Host', 'a', 'Authorization', 'Basic aHVudGVyMg==', 'Cookie', 'hunter2'] },
    ],
    [
      'other such headers',
      { rawHeaders: ['Proxy-Authorization', 'Basic aHVudGVyMg==', 'Set-Cookie', 'hunter2', 'X-Auth-Token', 'hunter2'] },
    ],
    ['lists in lists', { password: [['hunter2'], 'x]', 'hunter2'] }],
    ['objects', { list: [{ token: { value: 'hunter2' }, Secret: { of: [{ many: 'hunter2' }] } }] }],
    ['bytes', { secret: Buffer.from('hunter2'), seen: Buffer.from('hunter2').length }],
    ['members of a name', { headers: { 'x-api-key': ['hunter2', 'hunter2 ]'] }, token: 'hunter2', password: 12345678 }],
  ])('a log line holds nothing of %s', (_, value) => {
    const { line } = logged((logger) => logger.info(value));
    expect(line).not.toContain(String([...Buffer.from('hunter2')]));
    expect(line).not.toMatch(/7Kq9ZbN3vRtY|aHVudGVyMg|hunter2|12345678|c2lnbmF0dXJl/);
  });

  it('a log line keeps the names of members that follow the name of a secret', () => {
    const value = { kind: 'cookie', color: 'red', words: ['a', 'b'] };
    expect(logged((logger) => logger.info(value)).parsed).toMatchObject(value);
  });

  it('a log line is written however deep the value under the name of a secret is', () => {
    const token = JSON.parse('['.repeat(3_000) + ']'.repeat(3_000)) as unknown;
    expect(logged((logger) => logger.info({ token, next: 1 })).parsed).toMatchObject({ token: '[redacted]', next: 1 });
  });

  it.each(['mktp', '%', '%25', 'cookie","', '"token":[', '{"token":', '[', '\\"token'])(
    'redacting a log line costs no more than its length where a client repeats %j',
    (piece) => {
      const redact = jsonRedactor('mktp');
      const line = JSON.stringify({ path: piece.repeat(100_000 / piece.length), text: '25'.repeat(50_000) });
      const began = performance.now();
      redact(line);
      expect(performance.now() - began).toBeLessThan(1_000);
    },
  );
});
