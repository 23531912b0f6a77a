import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { describeWith, freePort, kill, launch } from './programs.js';
import { until } from './until.js';

/** `describe`, of tests that need a PgBouncer. */
export const describeWithPgBouncer = describeWith.bind(undefined, 'pgbouncer');

/** A real one in transaction mode, on a port of its own. */
export class PgBouncer {
  private constructor(
    /** The URL of the server, with the pooler's address. */
    readonly url: string,
    private readonly process: ChildProcess,
    private readonly directory: string,
  ) {}

  /** @param settings of its section `pgbouncer`, beside what any needs */
  static async before(serverUrl: string, settings: Record<string, string> = {}): Promise<PgBouncer> {
    const port = String(await freePort());
    const url = Object.assign(new URL(serverUrl), { hostname: '127.0.0.1', port }).href;
    const directory = await mkdtemp(join(tmpdir(), 'latchkey-pgbouncer-'));
    const file = join(directory, 'pgbouncer.ini');
    await writeFile(file, configuration(new URL(serverUrl), { listen_port: port, ...settings }));
    // PgBouncer refuses to run as root, and reads its file before it changes its user.
    const user = process.getuid?.() === 0 ? ['--user', 'nobody'] : [];
    const bouncer = new PgBouncer(url, launch('pgbouncer', ['--quiet', ...user, file]), directory);
    await until('PgBouncer answers', () => answers(url));
    return bouncer;
  }

  async stop(): Promise<void> {
    await kill(this.process);
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** Whoever comes is let in as the login of the URL: passwords are not what is tested here. */
function configuration({ hostname, port, username, password }: URL, settings: Record<string, string>): string {
  const lines = {
    listen_addr: '127.0.0.1',
    unix_socket_dir: '',
    auth_type: 'any',
    pool_mode: 'transaction',
    ...settings,
  };
  const login = `user=${decodeURIComponent(username)} password='${decodeURIComponent(password)}'`;
  return [
    '[databases]',
    `* = host=${hostname} port=${port} ${login}`,
    '[pgbouncer]',
    ...Object.entries(lines).map(([name, value]) => `${name} = ${value}`),
    '',
  ].join('\n');
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select');
    return true;
  } catch {
    return false;
  } finally {
    await client.end();
  }
}
