import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { portal, serve, type Served } from '../support/command-line.js';
import { LocalServer } from '../support/local-server.js';
import { TestDatabase } from '../support/test-database.js';

/** All in one story: each start costs a second or two. */
describe('npm start', () => {
  let cwd: string;
  const running: Served[] = [];
  beforeAll(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'latchkey-start-'));
    // As root, the server runs as another user, who must be able to get in.
    await chmod(cwd, 0o755);
  });
  afterAll(async () => {
    for (const served of running) await served.end('SIGTERM');
    await rm(cwd, { recursive: true, force: true });
  });

  const start = async (args: string[] = ['--migrate', '--demo']) => {
    const served = await serve(args, { cwd });
    running.push(served);
    return served;
  };
  const ask = async (served: Served, credential: string | undefined, query: string) => {
    const response = await fetch(String(served.printed('URL')), {
      method: 'POST',
      // A stop waits for connections that are kept.
      headers: { 'content-type': 'application/json', authorization: `Bearer ${credential}`, connection: 'close' },
      body: JSON.stringify({ query }),
    });
    return (await response.json()) as { data?: Record<string, unknown> };
  };

  it('npm start serves a demonstration, keeps it over restarts and a kill, and stops when asked (F35)', async () => {
    const first = await start();
    const key = first.printed('API key');
    const devices = '{ devices { totalCount } }';
    const two = { data: { devices: { totalCount: 2 } } };
    expect(await ask(first, key, devices)).toEqual(two);
    expect(await ask(first, first.printed('Session token'), devices)).toEqual(two);

    // A command beside a server that runs works on its database.
    const beside = await portal(['tenants', 'list', '--json'], { cwd });
    expect(JSON.parse(beside.stdout)).toMatchObject([{ name: 'Demonstration', suspendedAt: null }]);
    expect(await first.end('SIGTERM')).toBe(0);

    const second = await start();
    expect(second.printed('API key')).not.toMatch(/mktp_/);
    expect(await ask(second, key, devices)).toEqual(two);
    await second.end('SIGKILL');

    const third = await start();
    expect(third.output().stderr).toContain('outlived the process that started it');
    expect(await ask(third, key, devices)).toEqual(two);
    expect(await third.end('SIGINT')).toBe(0);
  });

  it.each(['an embedded', 'a configured'])(
    'a start on a taken port says so in one line and leaves nothing behind, with %s database (F36)',
    async (kind) => {
      const occupant = await LocalServer.start();
      const { port } = new URL(occupant.url);
      const database = kind === 'a configured' ? await TestDatabase.create() : undefined;
      const environment = { PORT: port, ...(database && { DATABASE_URL: database.url }) };
      const run = await portal(['serve', '--migrate'], { cwd, environment });
      expect(run.exitCode).toBe(1);
      // Where the checkout lies in a folder that other users may not enter, the server's start says so first.
      const lines = run.stderr
        .trim()
        .split('\n')
        .filter((line) => !line.includes('it runs their copy'));
      expect(lines).toEqual([`Port ${port} on 127.0.0.1 is taken: stop what listens there, or set PORT.`]);
      await occupant.stop();
      await database?.drop();
    },
  );

  it('a start reads .env in development, and variables that are already set win', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'latchkey-env-'));
    await writeFile(join(folder, '.env'), 'PORT=none\nLOG_LEVEL=loud\n');
    const serve = (environment: Record<string, string>) => portal(['serve'], { cwd: folder, environment });
    const { stderr } = await serve({ LOG_LEVEL: 'info' });
    expect(stderr).toContain('PORT');
    expect(stderr).not.toContain('LOG_LEVEL');
    for (const blank of ['', ' ']) expect((await serve({ NODE_ENV: blank })).stderr).toContain('PORT');
    expect((await serve({ NODE_ENV: 'production' })).stderr).not.toContain('PORT');
    await rm(folder, { recursive: true });
  });

  it.each<[string, Record<string, string>, string[]]>([
    [
      'production without its variables',
      { NODE_ENV: 'production' },
      ['DATABASE_URL', 'SESSION_ISSUER', 'SESSION_AUDIENCE', 'SESSION_JWKS_URL'],
    ],
    [
      'values that are none',
      {
        PORT: 'x',
        LOG_LEVEL: 'loud',
        API_KEYS_PREFIX: 'X',
        DATABASE_URL: 'mysql://x',
        API_KEYS_ACCEPT_LEGACY: 'yes',
        API_KEYS_ROUTING: 'on',
      },
      ['PORT', 'LOG_LEVEL', 'API_KEYS_PREFIX', 'DATABASE_URL', 'API_KEYS_ACCEPT_LEGACY', 'API_KEYS_ROUTING'],
    ],
    ['half an issuer', { SESSION_ISSUER: 'https://id.example' }, ['SESSION_AUDIENCE', 'SESSION_JWKS_URL']],
  ])('a start refuses %s, and names every bad variable at once', async (_, environment, names) => {
    const run = await portal(['serve'], { cwd, environment });
    expect(run.exitCode).toBe(1);
    expect(run.stderr.trim().split('\n')).toHaveLength(1);
    for (const name of names) expect(run.stderr).toContain(name);
  });

  it('the session command prints no token where a configured issuer makes tokens, and says so in one line', async () => {
    const environment = {
      SESSION_ISSUER: 'https://id.example',
      SESSION_AUDIENCE: 'portal',
      SESSION_JWKS_URL: 'https://id.example/jwks.json',
    };
    const run = await portal(['session', '--email', 'ada@acme.example'], { cwd, environment });
    expect([run.exitCode, run.stdout, run.stderr]).toEqual([1, '', expect.stringMatching(/^Session tokens .*\n$/)]);
  });
});
