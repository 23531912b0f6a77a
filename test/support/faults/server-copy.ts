import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { chown, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { freePort } from '../programs.js';
import { TestDatabase } from '../test-database.js';
import { until } from '../until.js';
import { stopAtOnce } from './server-processes.js';

/** Files of the running process, and the log, which is copied last. */
const LEFT_OUT = ['postmaster.pid', 'postmaster.opts', 'pg_wal'];

/** The server that is copied. */
export interface Origin {
  /** The URL for the ordinary login. */
  readonly url: string;
  readonly database: TestDatabase;
}

export interface Following {
  /** The name by which the primary knows its standby. */
  name: string;
  /** The address of the primary, or of a proxy before it. */
  url: string;
}

/** A standby of a server, made while that server runs. */
export class ServerCopy implements Origin {
  private constructor(
    /** The URL of the copy, with the logins and passwords of the original. */
    readonly url: string,
    private readonly superuserUrl: string,
    private readonly process: ChildProcess,
    private readonly folder: string,
  ) {}

  /** @param following where the copy gets later commits from; left out: the copy gets none */
  static async of({ url, database }: Origin, following?: Following): Promise<ServerCopy> {
    const [setting] = await database.sql<{ data: string }>(`select current_setting('data_directory') as data`);
    const data = setting?.data ?? '';
    const folder = await mkdtemp(join(dirname(data), 'copy-'));
    const copy = join(folder, 'postgres');
    await database.withClient((client) => backUp(client, data, copy));
    const { uid, gid } = await stat(data);
    await chown(folder, uid, gid);
    execFileSync('chown', ['-R', `${uid}:${gid}`, copy]);

    const port = String(await freePort());
    const { user, password, database: name } = await database.withClient(async (client) => client);
    const superuserUrl = `postgresql://${user}:${password}@127.0.0.1:${port}/${name}`;
    const settings = { ...SETTINGS, ...(following && { primary_conninfo: conninfo(following, user, password) }) };
    const flags = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
    const owner = process.getuid?.() === 0 ? { uid, gid } : {};
    const child = spawn(programOf(data), ['-D', copy, '-p', port, ...flags], { stdio: 'ignore', ...owner });
    const end = () => child.kill('SIGKILL');
    process.once('exit', end);
    child.once('exit', () => process.removeListener('exit', end));
    const server = new ServerCopy(Object.assign(new URL(url), { port }).href, superuserUrl, child, folder);
    await until('the copy answers', () =>
      server.sql('select').then(
        () => true,
        () => false,
      ),
    );
    return server;
  }

  get database(): TestDatabase {
    return TestDatabase.at(this.url, this.superuserUrl);
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  sql(text: string, values: unknown[] = []): Promise<unknown[]> {
    return this.database.sql(text, values);
  }

  /** From now on it receives commits, and does not show them. */
  async pauseReplay(): Promise<void> {
    await this.sql('select pg_wal_replay_pause()');
    const isPaused = `select where pg_get_wal_replay_pause_state() = 'paused'`;
    await until('replay is paused', async () => (await this.sql(isPaused)).length === 1);
  }

  async resumeReplay(): Promise<void> {
    await this.sql('select pg_wal_replay_resume()');
  }

  /** From now on it is a primary, on a timeline of its own. */
  async promote(): Promise<void> {
    await this.sql('select pg_promote()');
  }

  async remove(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const ended = once(this.process, 'exit');
      stopAtOnce(this.pid);
      await ended;
    }
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'off',
  hot_standby: 'on',
  // A standby that was cut off tries again as soon as this.
  wal_retrieve_retry_interval: '100ms',
};

function conninfo({ name, url }: Following, user: string | undefined, password: string | null | undefined): string {
  const { hostname, port } = new URL(url);
  return `host=${hostname} port=${port} user=${user} password=${password} application_name=${name}`;
}

/** The program that runs on a folder of data. */
function programOf(data: string): string {
  const pid = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0] ?? '';
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0] ?? '';
}

/** Does the work of `pg_basebackup` with the statements of an ordinary client. */
async function backUp(client: Client, from: string, to: string): Promise<void> {
  await client.query(`select pg_backup_start('copy', true)`);
  const leftOut = LEFT_OUT.map((name) => `./${name}`);
  execFileSync('mkdir', ['-p', '-m', '700', to]);
  execFileSync('sh', [
    '-c',
    `tar -C "$1" ${leftOut.map((name) => `--exclude=${name}`).join(' ')} -cf - . | tar -C "$2" -xf -`,
    'sh',
    from,
    to,
  ]);
  const { rows } = await client.query<{ label: string }>(
    'select labelfile as label from pg_backup_stop(wait_for_archive => false)',
  );
  execFileSync('cp', ['-a', join(from, 'pg_wal'), join(to, 'pg_wal')]);
  await writeFile(join(to, 'backup_label'), rows[0]?.label ?? '');
  await writeFile(join(to, 'standby.signal'), '');
}
