import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { startPortal } from '../support/command-line.js';
import { production } from '../support/production.js';
import { freePort } from '../support/programs.js';
import { TestDatabase } from '../support/test-database.js';
import { until } from '../support/until.js';

const ROOT = resolve(import.meta.dirname, '../..');
const START_MS = 60_000;

interface Line {
  level: number;
  time: number;
  msg: string;
}

describe('the log of a service in production', () => {
  let database: TestDatabase;
  beforeAll(async () => (database = await TestDatabase.create()));
  afterAll(() => database.drop());

  it('standard output of a service has JSON lines only: one for what is off, one for the start, and three for the stop', async () => {
    const port = await freePort();
    const environment = { ...production(), DATABASE_URL: database.url, PORT: String(port) };
    const portal = startPortal(['serve'], { cwd: tmpdir(), environment });
    const answers = () => fetch(`http://127.0.0.1:${port}/health/ready`).then(({ status }) => status === 200);
    await until('the portal is ready', () => answers().catch(() => false), START_MS);
    portal.kill('SIGTERM');
    const { exitCode, stdout } = await portal.ended;
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
    for (const line of lines)
      expect(line).toMatchObject({ level: expect.any(Number), time: expect.any(Number), msg: expect.any(String) });
    // Rights that the login of the tests has too many of are warnings.
    const steps = lines.filter(({ level }) => level === 30).map(({ msg }) => msg.split(':')[0]);
    expect([exitCode, steps]).toEqual([
      0,
      ['Mail is off', 'listening', 'stopping', 'no request is under way', 'stopped'],
    ]);
  });

  it('a service that npm runs stops where npm gets the signal, and nothing of it is left', async () => {
    const port = await freePort();
    const { PATH, HOME } = process.env;
    const environment = { PATH, HOME, ...production(), DATABASE_URL: database.url, PORT: String(port) };
    const npm = spawn('npm', ['run', '--silent', 'portal', '--', 'serve'], { cwd: ROOT, env: environment });
    const answers = () => fetch(`http://127.0.0.1:${port}/health/live`).then(({ ok }) => ok);
    let stdout = '';
    npm.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    await until('the portal is ready', () => answers().catch(() => false), START_MS);
    npm.kill('SIGTERM');
    await once(npm, 'close');
    expect(stdout).toContain('"msg":"stopped"');
    await expect(answers()).rejects.toThrow();
  });
});
