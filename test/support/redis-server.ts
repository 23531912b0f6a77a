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
    private readonly settings: Readonly<Record<string, string>>,
    private process: ChildProcess,
  ) {}

  /** @param settings of the server, further ones */
  static async start(settings: Readonly<Record<string, string>> = {}, port?: number): Promise<RedisServer> {
    const chosen = port ?? (await freePort());
    const server = new RedisServer(chosen, settings, serve(chosen, settings));
    await server.ask('ping');
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
    this.process = serve(this.port, this.settings);
    await this.ask('ping');
  }

  /** Accepts connections and answers none, until `wake`. */
  hang(): void {
    this.process.kill('SIGSTOP');
  }

  wake(): void {
    this.process.kill('SIGCONT');
  }

  get isRunning(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  /** One command; the server may still be starting. */
  async ask(command: string, ...values: string[]): Promise<unknown> {
    return askRedis(this, command, ...values);
  }
}

function serve(port: number, settings: Readonly<Record<string, string>>): ChildProcess {
  const all = {
    port: String(port),
    bind: '127.0.0.1',
    save: '',
    appendonly: 'no',
    'protected-mode': 'no',
    // Otherwise a replica would leave what it was sent in the folder of the run.
    'repl-diskless-load': 'on-empty-db',
    ...settings,
  };
  return launch(
    'redis-server',
    Object.entries(all).flatMap(([name, value]) => [`--${name}`, value]),
  );
}

interface RedisPlace {
  port: number;
  /** Default: this machine. */
  host?: string;
  password?: string;
}

/** One command, to a server that may still be starting. */
export async function askRedis(
  { port, host, password }: RedisPlace,
  command: string,
  ...values: string[]
): Promise<unknown> {
  const at = { port, host: host ?? '127.0.0.1', ...(password === undefined ? {} : { password }) };
  const client = new Redis({ ...at, retryStrategy: () => 20, maxRetriesPerRequest: null });
  client.on('error', () => undefined);
  let deadline: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    // A client that is between two attempts would never give its commands up.
    deadline = setTimeout(() => reject(new Error(`${at.host}:${port} does not answer.`)), DEADLINE_MS);
  });
  try {
    return await Promise.race([client.call(command, ...values), late]);
  } finally {
    clearTimeout(deadline);
    client.disconnect();
  }
}
