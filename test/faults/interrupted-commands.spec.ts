import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { portal, serve, startPortal } from '../support/command-line.js';
import { isRunning } from '../support/faults/embedded-bench.js';
import { until } from '../support/until.js';

const SIGNALS = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const;

describe('interrupted commands', () => {
  let cwd: string;
  beforeAll(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'latchkey-interrupted-'));
    // As root, the server runs as another user, who must be able to get in.
    await chmod(cwd, 0o755);
    expect((await portal(['migrate'], { cwd })).exitCode).toBe(0);
  });
  afterAll(() => rm(cwd, { recursive: true, force: true }));

  /** The database server, as soon as it accepts connections. */
  const serverProcess = async (): Promise<number> => {
    const file = join(cwd, '.data', 'postgres', 'postmaster.pid');
    let written = '';
    await until('the database server runs', async () => {
      written = await readFile(file, 'utf8').catch(() => '');
      return written.includes('ready');
    });
    return Number.parseInt(written, 10);
  };

  it.each(SIGNALS)('a command stopped by %s stops its database server, too', async (signal, exitCode) => {
    const run = startPortal(['serve', '--migrate'], { cwd, environment: { PORT: '0' } });
    const pid = await serverProcess();
    run.kill(signal);
    expect(await run.ended).toEqual({ exitCode, stdout: '', stderr: '' });
    await until('the database server ends', () => !isRunning(pid));
  });

  it('serve stops in order when its terminal is closed', async () => {
    const served = await serve([], { cwd });
    const pid = await serverProcess();
    expect(await served.end('SIGHUP')).toBe(0);
    expect(isRunning(pid)).toBe(false);
  });

  it.each([[['--help']], [['tenants', 'list']]])(
    'a command whose reader has gone, %j, prints nothing and does not report success',
    async (args) => {
      const run = startPortal(args, { cwd });
      run.closeOutput();
      expect(await run.ended).toEqual({ exitCode: 1, stdout: '', stderr: '' });
    },
  );
});
