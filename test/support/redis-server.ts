import type { ChildProcess } from 'node:child_process';
import { Redis } from 'ioredis';
import { describeWith, freePort, kill, launch } from './programs.js';

const DEADLINE_MS = 10_000;

/** `describe`, of tests that need a Redis. */
export const describeWithRedis = describeWith.bind(undefined, 'redis-server');

/** A real server on a port of its own, which keeps nothing. */
export class RedisServer {
  private constructor(
    readonly port: number,
    private process: ChildProcess,
  ) {}

  static async start(): Promise<RedisServer> {
    const port = await freePort();
    const server = new RedisServer(port, serve(port));
    await server.answers();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Ends it as a crash would. */
  stop(): Promise<void> {
    return kill(this.process);
  }

  /** The same server again, on the same port, with nothing in it. */
  async restart(): Promise<void> {
    await this.stop();
    this.process = serve(this.port);
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
    await askRedis(this.port, 'ping');
  }
}

function serve(port: number): ChildProcess {
  const settings = {
    port: String(port),
    bind: '127.0.0.1',
    save: '',
    appendonly: 'no',
    'protected-mode': 'no',
    // Otherwise a replica would leave what it was sent in the folder of the run.
    'repl-diskless-load': 'on-empty-db',
  };
  return launch(
    'redis-server',
    Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
  );
}

/** One command, to the server on that port, which may still be starting. */
export async function askRedis(port: number, command: string, ...values: string[]): Promise<unknown> {
  const client = new Redis(port, '127.0.0.1', { retryStrategy: () => 20, maxRetriesPerRequest: null });
  client.on('error', () => undefined);
  const deadline = setTimeout(() => client.disconnect(), DEADLINE_MS);
  try {
    return await client.call(command, ...values);
  } finally {
    clearTimeout(deadline);
    client.disconnect();
  }
}
