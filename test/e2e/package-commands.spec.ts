import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { actionOf } from '../../packages/nestjs/src/bin/keys.js';
import { WrongUsage } from '../../packages/nestjs/src/bin/options.js';
import { LocalServer } from '../support/local-server.js';
import { TestDatabase } from '../support/test-database.js';

const OWNER = 'robot@example.test';
const SCOPE = 'notes:read';

describe('commands of the package', () => {
  let database: TestDatabase;
  let directory: string;
  let app: string;
  /** Where the application counts its rates. */
  let redis: LocalServer;
  const given = process.env['DATABASE_URL'];
  beforeAll(async () => {
    database = await TestDatabase.create();
    process.env['DATABASE_URL'] = database.url;
    redis = await LocalServer.start();
    directory = await mkdtemp(join(tmpdir(), 'latchkey-commands-'));
    app = join(directory, 'app.mjs');
    const access = {
      scopes: [{ name: SCOPE, description: 'Read notes' }],
      roleScopes: { SUPER_ADMIN: [], TENANT_ADMIN: [SCOPE], OPERATOR: [SCOPE], VIEWER: [SCOPE] },
    };
    const apiKeys = { prefix: 'cmds', cacheSize: 100, redisUrl: redis.url.replace('http', 'redis') };
    await writeFile(
      app,
      `export const ACCESS = ${JSON.stringify(access)}; export const API_KEYS = ${JSON.stringify(apiKeys)};`,
    );
    await run('users create', { tenant: 'First', email: OWNER });
  });
  afterAll(async () => {
    if (given === undefined) delete process.env['DATABASE_URL'];
    else process.env['DATABASE_URL'] = given;
    await redis.stop();
    await rm(directory, { recursive: true });
    await database.drop();
  });

  const run = async (command: string, options: Record<string, string>, ...ids: string[]) =>
    (await actionOf([...command.split(' '), ...ids])?.({ app, ...options })) as Record<string, string>[];
  const refusalOf = (command: string, options: Record<string, string>) =>
    run(command, options).then(
      () => 'done',
      (error: Error) => [error instanceof WrongUsage, error.message],
    );

  it.each([
    ['an e-mail that is none', { email: 'nobody' }, [true, '--email: is not an e-mail address.']],
    ['the e-mail of another user', { email: OWNER }, [false, `A user with the e-mail ${OWNER} already exists.`]],
    ['a name of the tenant that cannot be seen', { tenant: ' ' }, [true, expect.stringMatching(/^--tenant: /)]],
  ])('users create with %s is refused, and leaves no tenant behind', async (_, options, expected) => {
    expect(await refusalOf('users create', { tenant: 'Second', email: 'second@example.test', ...options })).toEqual(
      expected,
    );
    expect(await database.sql('select name from tenants')).toEqual([{ name: 'First' }]);
  });

  it('users create adds to the tenant that has the name, and is refused where several have it', async () => {
    const [[one], [other]] = [
      await run('users create', { tenant: 'Third', email: 'one@example.test' }),
      await run('users create', { tenant: ' Third ', email: 'other@example.test', role: 'VIEWER' }),
    ];
    expect([one?.['role'], other?.['role'], other?.['tenantId']]).toEqual(['OPERATOR', 'VIEWER', one?.['tenantId']]);
    await database.sql(`insert into tenants (name) values ('Third')`);
    expect(await refusalOf('users create', { tenant: 'Third', email: 'third@example.test' })).toEqual([
      true,
      '--tenant: is the name of several tenants.',
    ]);
  });

  it.each([
    ['a text that is no instant', 'tomorrow', /^--expires-at has to be RFC 3339 with an offset, such as /],
    ['a date without a time', '2030-01-31', /^--expires-at has to be RFC 3339 with an offset, such as /],
    ['a time without an offset', '2030-01-31T00:00:00', /^--expires-at has to be RFC 3339 with an offset, such as /],
    [
      'a date that no calendar has',
      '2030-02-30T00:00:00Z',
      /^--expires-at has to be RFC 3339 with an offset, such as /,
    ],
    ['an instant that is past', '2001-01-31T00:00:00Z', /^--expires-at: must be at least 60 s in the future\.$/],
    ['an instant too far away', '2099-01-31T00:00:00Z', /^--expires-at: may be at most 10 years in the future\.$/],
  ])('keys create names the option --expires-at with %s', async (_, instant, sentence) => {
    const input = { owner: OWNER, name: 'First', scopes: SCOPE, 'expires-at': instant };
    expect(await refusalOf('keys create', input)).toEqual([true, expect.stringMatching(sentence)]);
    expect(await run('keys list', { owner: OWNER })).toEqual([]);
  });

  it('a key is made and revoked while Redis is away: no command connects to it', async () => {
    const [made] = await run('keys create', { owner: OWNER, name: 'First', scopes: SCOPE });
    const [revoked] = await run('keys revoke', { reason: 'COMPROMISED' }, made?.['id'] ?? '');
    expect([made?.['key'], revoked?.['revokedAt'], redis.connections]).toEqual([
      expect.stringMatching(/^cmds_/),
      expect.any(Date),
      0,
    ]);
  });
});
