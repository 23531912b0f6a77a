import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { chown, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { freePort } from '../programs.js';
import type { TestDatabase } from '../test-database.js';
import { until } from '../until.js';

/** Files of the running process, and the log, which is copied last. */
const LEFT_OUT = ['postmaster.pid', 'postmaster.opts', 'pg_wal'];

/** A standby of a server, made while that one runs, which hears of nothing that is committed later. */
export class ServerCopy {
  private constructor(
    /** The URL of the copy, with the logins and passwords of the original. */
    readonly url: string,
    private readonly superuserUrl: string,
    private readonly process: ChildProcess,
    private readonly folder: string,
  ) {}

  static async of({ url, database }: { url: string; database: TestDatabase }): Promise<ServerCopy> {
    const [setting] = await database.sql<{ data: string }>(`select current_setting('data_directory') as data`);
    const data = setting?.data ?? '';
    const folder = await mkdtemp(join(dirname(data), 'copy-'));
    const copy = join(folder, 'postgres');
    await database.withClient((client) => backUp(client, data, copy));
    const { uid, gid } = await stat(data);
    await chown(folder, uid, gid);
    execFileSync('chown', ['-R', `${uid}:${gid}`, copy]);

    const pid = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0] ?? '';
    const [program = ''] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    const port = String(await freePort());
    const settings = { listen_addresses: '127.0.0.1', unix_socket_directories: '', fsync: 'off', hot_standby: 'on' };
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const user = process.getuid?.() === 0 ? { uid, gid } : {};
    const child = spawn(program, ['-D', copy, '-p', port, ...flags], { stdio: 'ignore', ...user });
    const end = () => child.kill('SIGKILL');
    process.once('exit', end);
    child.once('exit', () => process.removeListener('exit', end));
    const at = (originUrl: string) => Object.assign(new URL(originUrl), { port }).href;
    const superuserUrl = at(
      await database.withClient(async ({ user: name, password, database: db }) => {
        return `postgresql://${name}:${password}@127.0.0.1/${db}`;
      }),
    );
    const server = new ServerCopy(at(url), superuserUrl, child, folder);
    await until('the copy answers', () =>
      server.sql('select').then(
        () => true,
        () => false,
      ),
    );
    return server;
  }

  async sql(text: string, values: unknown[] = []): Promise<unknown[]> {
    const client = new Client({ connectionString: this.superuserUrl });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return (await client.query(text, values)).rows;
    } finally {
      await client.end();
    }
  }

  /** From now on it is a primary, on a timeline of its own. */
  async promote(): Promise<void> {
    await this.sql('select pg_promote()');
  }

  async remove(): Promise<void> {
    const ended = once(this.process, 'exit');
    this.process.kill('SIGQUIT');
    await ended;
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
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
