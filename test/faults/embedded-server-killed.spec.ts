import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve, type Served } from '../support/command-line.js';
import { isRunning } from '../support/faults/embedded-bench.js';
import { post } from '../support/post.js';
import { until } from '../support/until.js';

const DEVICES = JSON.stringify({ query: '{ devices { totalCount } }' });

describe('a portal whose embedded server is killed', () => {
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

  it('accepts its keys again without a restart, by kill -9 once and again, and stops in good order', async () => {
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
