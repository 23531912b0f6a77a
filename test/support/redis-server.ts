import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { Redis } from 'ioredis';

const DEADLINE_MS = 10_000;
const isInstalled = spawnSync('redis-server', ['--version']).status === 0;

/** `describe`, of tests that need a Redis: on a machine without one they are skipped, and their title says why. */
export function describeWithRedis(title: string, define: () => void): void {
  if (isInstalled) describe(title, define);
  else whereMissing(`${title} (no redis-server here: apt-get install redis-server)`, define);
}
/** The one way in which tests are left out here: by name, and only where there is nothing to run them against. */
const whereMissing = describe.skip;

/** A real server on a port of its own, which keeps nothing. */
export class RedisServer {
  private constructor(
    readonly port: number,
    private process: ChildProcess,
  ) {}

  static async start(port?: number): Promise<RedisServer> {
    const chosen = port ?? (await freePort());
    const server = new RedisServer(chosen, launch(chosen));
    await server.answers();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Ends it as a crash would. */
  async stop(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = once(this.process, 'exit');
    this.process.kill('SIGKILL');
    await ended;
  }

  /** The same server again, on the same port, with nothing in it. */
  async restart(): Promise<void> {
    await this.stop();
    this.process = launch(this.port);
    await this.answers();
  }

  /** Accepts connections and answers none, until `wake`. */
  hang(): void {
    this.process.kill('SIGSTOP');
  }

  wake(): void {
    this.process.kill('SIGCONT');
  }

  private async answers(): Promise<void> {
    const client = new Redis(this.url, { lazyConnect: true, retryStrategy: () => 20 });
    client.on('error', () => undefined);
    const deadline = setTimeout(() => client.disconnect(), DEADLINE_MS);
    await client.ping();
    clearTimeout(deadline);
    client.disconnect();
  }
}

function launch(port: number): ChildProcess {
  const settings = { port: String(port), bind: '127.0.0.1', save: '', appendonly: 'no', 'protected-mode': 'no' };
  const options = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  const child = spawn('redis-server', options, { stdio: 'ignore' });
  // A run that fails must neither wait for it nor leave it behind.
  child.unref();
  const end = () => child.kill('SIGKILL');
  process.once('exit', end);
  child.once('exit', () => process.removeListener('exit', end));
  return child;
}

/** Free a moment ago: another process could take it before the server does, which then fails to answer. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
