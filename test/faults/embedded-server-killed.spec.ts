import { execFileSync } from 'node:child_process';
import { appendFile, chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EmbeddedServer } from '#embedded-server';
import { serve, type Served } from '../support/command-line.js';
import {
  ask as askServer,
  type Bench,
  isRunning,
  READ_FACT,
  useRestingBench,
  writeFact,
} from '../support/faults/embedded-bench.js';
import { post } from '../support/post.js';
import { until } from '../support/until.js';

const DEVICES = JSON.stringify({ query: '{ devices { totalCount } }' });

describe('killed embedded server', () => {
  let cwd: string;
  let served: Served;
  beforeAll(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'latchkey-killed-'));
    // As root, the server runs as another user, who must be able to get in.
    await chmod(cwd, 0o755);
    served = await serve(['--migrate', '--demo'], { cwd });
  });
  afterAll(async () => {
    await served.end('SIGKILL');
    await rm(cwd, { recursive: true, force: true, maxRetries: 5 });
  });

  /** Process id of the server's first process. */
  const serverOf = async () => {
    const file = join(cwd, '.data', 'postgres', 'postmaster.pid');
    const [pid] = (await readFile(file, 'utf8').catch(() => '')).split('\n');
    return Number(pid);
  };
  const ask = () => post(String(served.printed('URL')), DEVICES, { key: String(served.printed('API key')) });

  it('a portal whose embedded server is killed twice accepts its keys again without a restart, and stops in good order', async () => {
    expect((await ask()).status).toBe(200);
    for (let round = 0; round < 2; round++) {
      const killed = await serverOf();
      execFileSync('kill', ['-9', String(killed)]);
      await until('the process has gone', () => !isRunning(killed));
      await until('a key works again', async () => (await ask()).status === 200);
      expect(await serverOf()).not.toBe(killed);
    }
    const last = await serverOf();
    expect(await served.end('SIGTERM')).toBe(0);
    expect(isRunning(last)).toBe(false);
  });
});

describe('embedded server that ends while it is needed', () => {
  let bench: Bench;
  useRestingBench((made) => (bench = made));

  const answers = (url: string) => () =>
    askServer(url, 'select 1').then(
      () => true,
      () => false,
    );
  const end = async (server: EmbeddedServer, signal: NodeJS.Signals) => {
    const { pid } = server;
    process.kill(pid, signal);
    await until('the process has gone', () => !isRunning(pid));
    return pid;
  };

  it.each(['SIGKILL', 'SIGQUIT', 'SIGINT'] as const)(
    'an embedded server that ends by %s is started again as another process on the same port, and keeps its data',
    async (signal) => {
      const server = await bench.start();
      const fact = await writeFact(server.url);
      const pid = await end(server, signal);
      await until('the server answers', answers(server.url));
      await until('the new process is known', () => server.pid !== pid);
      expect(await askServer(server.url, READ_FACT)).toEqual(fact);
      expect(bench.announced).toEqual([
        expect.stringContaining(`process ${pid}) ended:`),
        `PostgreSQL was started again (process ${server.pid}).`,
      ]);
      await expect(bench.startElsewhere()).rejects.toThrow('is already served by');
      await server.stop();
      expect(isRunning(server.pid)).toBe(false);
    },
  );

  it('an ended embedded server is started again as soon as it can start, and each failed start is announced with its reason', async () => {
    const server = await bench.start();
    const settings = join(server.dataDirectory, 'postgresql.conf');
    const right = await readFile(settings);
    await appendFile(settings, "work_mem = 'much'\n");
    await end(server, 'SIGKILL');
    const failures = () => bench.announced.filter((line) => /could not be started again[^]*"work_mem"/.test(line));
    await until('two starts have failed', () => failures().length >= 2);
    await writeFile(settings, right);
    await until('the server answers', answers(server.url));
    expect(bench.announced.filter((line) => line.includes(') ended:'))).toHaveLength(1);
  });

  it('an embedded server that is stopped during its restart stays ended, and leaves its directory free', async () => {
    const server = await bench.start();
    await end(server, 'SIGKILL');
    await server.stop();
    expect(isRunning(server.pid)).toBe(false);
    const next = await bench.start();
    expect(await askServer(next.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });
});
