import { closeSync, openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { startPortal } from '../support/command-line.js';
import { production } from '../support/production.js';
import { freePort } from '../support/programs.js';
import { TestDatabase } from '../support/test-database.js';
import { until } from '../support/until.js';
import { STOP_MS } from '../support/durations.js';

type Portal = ReturnType<typeof startPortal>;
const START_MS = 60_000;
/** More lines than the pipe and the memory for waiting lines hold together. */
const REQUESTS = 4_000;
const AT_ONCE = 20;

describe('blocked log output', () => {
  let database: TestDatabase;
  let url: string;
  const running: Portal[] = [];
  beforeAll(async () => (database = await TestDatabase.create()));
  afterEach(async () => {
    for (const portal of running.splice(0)) {
      portal.kill('SIGKILL');
      await portal.ended;
    }
  });
  afterAll(() => database.drop());

  const answer = async (path: string) => (await fetch(`${url}${path}`)).status;
  const start = async (stdout?: number) => {
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const environment = { ...production(), DATABASE_URL: database.url, PORT: String(port) };
    const portal = startPortal(['serve'], { cwd: tmpdir(), environment, ...(stdout !== undefined && { stdout }) });
    running.push(portal);
    await until('the portal answers', () => answer('/health/live').then(Boolean, () => false), START_MS);
    return portal;
  };
  const askOften = async (times: number) => {
    const path = `/${'x'.repeat(1_000)}`;
    const some = async () => {
      for (let n = 0; n < times / AT_ONCE; n++) await answer(path);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, some));
  };
  const dropped = async () => {
    const text = await (await fetch(`${url}/metrics`)).text();
    return Number(/^latchkey_log_lines_dropped_total (\d+)$/m.exec(text)?.[1]);
  };
  const endedInTime = async (portal: Portal) => {
    const asked = performance.now();
    portal.kill('SIGTERM');
    const { exitCode } = await portal.ended;
    expect(performance.now() - asked).toBeLessThan(STOP_MS);
    return exitCode;
  };

  it('a log that nobody reads stops neither the service nor its stop, is bounded, and its losses are logged once it is read again', async () => {
    const portal = await start();
    portal.leaveOutput();
    await askOften(REQUESTS);
    expect(await answer('/health/ready')).toBe(200);
    const lost = await dropped();
    expect(lost).toBeGreaterThan(0);
    portal.readOutput();
    const reported = () => [...portal.output().stdout.matchAll(/"dropped":(\d+)/g)].map(([, count]) => Number(count));
    await until('the log reports its losses', () => reported().length > 0);
    expect(reported()[0]).toBeGreaterThanOrEqual(lost);
    expect(portal.output().stdout).not.toContain('x'.repeat(300));
    portal.leaveOutput();
    await askOften(REQUESTS / 4);
    expect(await answer('/health/live')).toBe(200);
    expect(await endedInTime(portal)).toBe(0);
  });

  it('a log on a full disk stops neither the service nor its stop', async () => {
    const full = openSync('/dev/full', 'w');
    const portal = await start(full);
    closeSync(full);
    await askOften(REQUESTS);
    expect(await answer('/health/ready')).toBe(200);
    expect(await dropped()).toBeGreaterThan(0);
    expect(await endedInTime(portal)).toBe(0);
  });
});
