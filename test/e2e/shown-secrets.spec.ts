import { Module } from '@nestjs/common';
import { Args, Query, Resolver } from '@nestjs/graphql';
import { Public } from '#access';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { portal, serve } from '../support/command-line.js';
import type { GivenKey } from '../support/given.js';
import { operation, rawRequest, sendRaw } from '../support/raw-http.js';
import { SecretScan } from '../support/secret-scan.js';
import { TestDatabase } from '../support/test-database.js';
import type { TestPortal } from '../support/test-portal.js';
import { usePortal } from '../support/hooks.js';

const PASSWORD = 'correct-horse-battery-staple';

/** Public, so that each test says only what it is about. */
@Resolver()
@Public()
class CarelessResolver {
  @Query(() => String, { nullable: true })
  careless(@Args('key') key: string): string {
    const cause = new AggregateError([new Error(`sent ${key}`)], `postgresql://portal:${PASSWORD}@db/portal`);
    const database = { code: 'XX000', detail: `Key (secret)=(${key}) is odd.`, parameters: [key] };
    throw Object.assign(new Error(`cannot use ${key}`, { cause }), database, { headers: { authorization: key } });
  }
}
@Module({ providers: [CarelessResolver] })
class CarelessModule {}

describe('secrets of keys', () => {
  let api: TestPortal;
  let key: GivenKey;
  usePortal(
    async (started) => {
      api = started;
      key = await api.given.apiKey();
    },
    { imports: [CarelessModule], environment: { TRUST_PROXY: '1' } },
  );

  it('(T11) a key that is sent in each of fifteen places leaves no trace in the log at level debug', async () => {
    const { secret } = key;
    const json = (body: object) => JSON.stringify({ query: '{ __typename }', ...body });
    const requests: [where: string, Parameters<typeof rawRequest>[0]][] = [
      ['Authorization', { headers: [`authorization: Bearer ${secret}`], body: json({}) }],
      ['Authorization without a scheme', { headers: [`authorization: ${secret}`], body: json({}) }],
      ['X-API-Key', { headers: [`x-api-key: ${secret}`], body: json({}) }],
      ['the query string', { target: `/graphql?access_token=${secret}`, body: json({}) }],
      ['the path', { target: `/graphql/${secret}`, body: json({}) }],
      ['a cookie', { headers: [`cookie: key=${secret}`], body: json({}) }],
      ['the user agent', { headers: [`user-agent: script ${secret}`], body: json({}) }],
      ['Referer', { headers: [`referer: https://portal.test/?key=${secret}`], body: json({}) }],
      ['X-Request-Id', { headers: [`x-request-id: ${secret}`], body: json({}) }],
      ['X-Forwarded-For', { headers: [`x-forwarded-for: ${secret}`], body: json({}) }],
      ['a member of the body', { body: json({ [secret]: secret }) }],
      ['a variable', { body: operation('query ($id: ID!) { device(id: $id) { id } }', { id: secret }) }],
      ['the name of the operation', { body: json({ operationName: secret }) }],
      [
        'an alias, a comment and a name',
        { body: json({ query: `{ ${secret}: __typename # ${secret}\n ${secret} }` }) },
      ],
      ['an extension', { body: json({ extensions: { [secret]: secret } }) }],
    ];
    const before = api.log.length;
    for (const [, request] of requests) expect(await sendRaw(api.url, rawRequest(request))).toBeDefined();
    const log = api.log.slice(before).join('');
    expect(log.match(/"msg":"request"/g)).toHaveLength(requests.length);
    expect(new SecretScan([secret]).tracesIn(log)).toEqual([]);
  });

  it('(T10) a key in an error, its causes and its members is neither in the answer nor in the log', async () => {
    const before = api.log.length;
    const answer = await api.query('query ($key: String!) { careless(key: $key) }', {
      variables: { key: key.secret },
      headers: { 'x-request-id': 'careless' },
    });
    expect([answer.status, answer.code]).toEqual([500, 'INTERNAL_SERVER_ERROR']);
    const log = api.log.slice(before).join('');
    // The failure is reported, but without the secrets in it.
    expect(log).toContain('cannot use mktp_');
    expect(log).toContain('postgresql://portal:[redacted]@db/portal');
    for (const text of [answer.text, log]) {
      expect(new SecretScan([key.secret, PASSWORD]).tracesIn(text)).toEqual([]);
      expect(text).not.toContain(PASSWORD);
    }
    expect(answer.text).not.toMatch(/XX000|odd|cause/);
  });
});

describe('(T48) passwords of the configuration', () => {
  let cwd: string;
  beforeAll(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'latchkey-output-'));
  });
  afterAll(() => rm(cwd, { recursive: true }));

  it.each([
    ['a database that is away', { DATABASE_URL: `postgresql://portal:${PASSWORD}@127.0.0.1:1/portal` }],
    ['a URL of no database', { DATABASE_URL: `mysql://portal:${PASSWORD}@127.0.0.1/portal` }],
    ['a store of limits that is none', { REDIS_URL: `http://:${PASSWORD}@127.0.0.1/0` }],
  ])('a password in the configuration is not printed when the start fails at %s', async (_, environment) => {
    const run = await portal(['serve'], { cwd, environment: { LOG_LEVEL: 'trace', ...environment } });
    expect(run.exitCode).toBe(1);
    expect(run.stderr).not.toBe('');
    expect(run.stdout + run.stderr).not.toContain(PASSWORD);
  });

  it('a password in the configuration is in no answer and no log line of a server in production, even while a store is away', async () => {
    const database = await TestDatabase.create();
    const environment = {
      NODE_ENV: 'production',
      LOG_LEVEL: 'trace',
      DATABASE_URL: database.url,
      REDIS_URL: `redis://:${PASSWORD}@127.0.0.1:1/0`,
      SESSION_ISSUER: 'https://id.test',
      SESSION_AUDIENCE: 'portal',
      SESSION_JWKS_URL: `http://portal:${PASSWORD}@127.0.0.1:1/jwks.json`,
    };
    const served = await serve([], { cwd, environment });
    const origin = String(served.printed('URL')).replace('/graphql', '');
    const answers = await Promise.all(
      ['/health/live', '/health/ready', '/metrics', '/graphql', '/nope'].map(async (path) => {
        // A stop waits for connections that are kept.
        const response = await fetch(origin + path, { headers: { accept: 'text/html', connection: 'close' } });
        return response.text();
      }),
    );
    expect(answers[0]).toContain('ok');
    expect(await served.end('SIGTERM')).toBe(0);
    const { stdout, stderr } = served.output();
    const output = [...answers, stdout, stderr].join('\n');
    for (const password of [PASSWORD, new URL(database.url).password]) expect(output).not.toContain(password);
    await database.drop();
  });
});
