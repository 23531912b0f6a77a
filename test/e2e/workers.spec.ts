import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { portal, serve, type Served } from '../support/command-line.js';
import { isRunning } from '../support/faults/embedded-bench.js';
import { post } from '../support/post.js';
import { production } from '../support/production.js';
import { Scrape } from '../support/prometheus.js';
import { describeWithRedis, RedisServer } from '../support/redis-server.js';
import { TestPortal } from '../support/test-portal.js';
import { until } from '../support/until.js';

const WORKERS = 2;
const WHO = '{ viewer { kind } }';
const ANSWERED = 'latchkey_http_request_duration_seconds_count';

describeWithRedis('serve --workers 2', () => {
  let cwd: string;
  let redis: RedisServer;
  let api: TestPortal;
  let served: Served;
  /** The next test needs another one. */
  let isEnded = true;
  beforeAll(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'latchkey-workers-'));
    redis = await RedisServer.start();
    api = await TestPortal.start({ environment: { REDIS_URL: redis.url } });
  });
  beforeEach(async () => {
    if (!isEnded) return;
    const environment = { ...production(), DATABASE_URL: api.database.url, REDIS_URL: redis.url, LOG_LEVEL: 'info' };
    served = await serve(['--workers', String(WORKERS)], { cwd, environment });
    isEnded = false;
    await until('all workers listen', () => lines('listening').length === WORKERS);
  });
  afterAll(async () => {
    await served.end('SIGKILL');
    await api.stop();
    await redis.stop();
    await rm(cwd, { recursive: true, force: true });
  });

  /** The lines of the log with this message. */
  const lines = (message: string) =>
    served
      .output()
      .stdout.split('\n')
      .filter((line) => line.includes(`"msg":"${message}`))
      .map((line) => JSON.parse(line) as { worker?: number; workerPid?: number });
  const url = () => String(served.printed('URL'));
  /** One request on a connection of its own: connections are what the workers take in turns. */
  const ask = (key: string) => post(url(), JSON.stringify({ query: WHO }), { key, headers: { connection: 'close' } });
  const end = (signal: NodeJS.Signals) => {
    isEnded = true;
    return served.end(signal);
  };
  const askTimes = (count: number, key: string) => Promise.all(Array.from({ length: count }, () => ask(key)));
  const scrape = async () => new Scrape(await (await fetch(url().replace('/graphql', '/metrics'))).text());

  it('all workers answer at one port, and a scrape of any of them holds the requests of each', async () => {
    const { secret } = await api.given.apiKey();
    for (const { status } of await askTimes(20, secret)) expect(status).toBe(200);
    const metrics = await scrape();
    expect(metrics.value(ANSWERED, { route: '/graphql', status: '200' })).toBe(20);
    expect(metrics.labelValues('process_resident_memory_bytes', 'worker').toSorted()).toEqual(['1', '2']);
    for (const worker of ['1', '2']) expect(metrics.value(ANSWERED, { route: '/graphql', worker })).toBeGreaterThan(0);
  });

  it('the rate of a key is exact over all workers', async () => {
    const { secret } = await api.given.apiKey({ rateLimit: { limit: 5, windowSeconds: 600 } });
    const statuses = (await askTimes(20, secret)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(5);
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
  });

  it('a stop ends with exit code 0, and every use is written', async () => {
    const { id, secret } = await api.given.apiKey();
    await askTimes(20, secret);
    expect(await end('SIGTERM')).toBe(0);
    const [{ uses } = { uses: 0 }] = await api.database.sql<{ uses: number }>(
      'select sum(allowed)::int as uses from api_key_usage_hours where api_key_id = $1',
      [id],
    );
    expect(uses).toBe(20);
    expect(lines('worker ended')).toEqual([]);
  });

  it('another worker takes the place of one that was killed, and requests are answered meanwhile', async () => {
    const { secret } = await api.given.apiKey();
    const [first] = lines('worker started');
    process.kill(Number(first?.workerPid), 'SIGKILL');
    await until('the death is logged', () => lines('worker ended').length === 1);
    expect((await ask(secret)).status).toBe(200);
    await until('the new one listens', () => lines('listening').length === WORKERS + 1);
    expect(lines('worker started').at(-1)?.worker).toBe(WORKERS + 1);
    for (const { status } of await askTimes(10, secret)) expect(status).toBe(200);
  });

  it('no worker outlives a killed primary process', async () => {
    await end('SIGKILL');
    const pids = lines('worker started').map(({ workerPid }) => Number(workerPid));
    expect(pids.length).toBeGreaterThanOrEqual(WORKERS);
    for (const pid of pids) await until('the worker has ended', () => !isRunning(pid));
  });
});

describe('serve --workers', () => {
  const serving = (workers: string, environment: Record<string, string> = {}) =>
    portal(['serve', '--workers', workers], { cwd: tmpdir(), environment });

  it('several workers are refused without a shared database and shared limits, in one sentence', async () => {
    const { exitCode, stderr } = await serving('2');
    expect([exitCode, stderr.trim()]).toEqual([
      1,
      'Several workers need DATABASE_URL, since the embedded server belongs to one process, and REDIS_URL, since each worker would count the rate of a key on its own.',
    ]);
    const further = await serving('2', { DATABASE_URL: 'postgresql://unused/unused' });
    expect(further.stderr).toMatch(/^Several workers need REDIS_URL/);
  });

  it.each(['0', '65', 'many', '1.5', '-1'])(
    'a number of workers that cannot be is wrong usage: %s',
    async (workers) => {
      const { exitCode, stderr } = await serving(workers);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining('--workers')]);
    },
  );

  it('the first worker that cannot start ends the start, with its reason', async () => {
    const environment = { DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none', REDIS_URL: 'redis://127.0.0.1:1' };
    const { exitCode, stderr } = await serving('2', environment);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('The database does not answer')]);
  });
});
