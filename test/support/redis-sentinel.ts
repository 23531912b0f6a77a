import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, kill, launch } from './programs.js';
import { askRedis, RedisServer } from './redis-server.js';
import { until } from './until.js';

const MASTER = 'main';

/** A server with a replica, and a real sentinel that promotes the replica when the server is gone. */
export class WatchedRedis {
  private constructor(
    private readonly directory: string,
    private readonly port: number,
    private readonly sentinel: ChildProcess,
    readonly master: RedisServer,
    private readonly replica: RedisServer,
  ) {}

  static async start(): Promise<WatchedRedis> {
    const directory = await mkdtemp(join(tmpdir(), 'latchkey-sentinel-'));
    const [master, replica] = await Promise.all([RedisServer.start(), RedisServer.start()]);
    await replica.ask('replicaof', '127.0.0.1', String(master.port));
    await until('the replica is level', async () =>
      String(await replica.ask('info', 'replication')).includes('master_link_status:up'),
    );
    const port = await freePort();
    const file = join(directory, 'sentinel.conf');
    await writeFile(
      file,
      `port ${port}
bind 127.0.0.1
sentinel monitor ${MASTER} 127.0.0.1 ${master.port} 1
sentinel down-after-milliseconds ${MASTER} 500
sentinel failover-timeout ${MASTER} 2000
`,
    );
    const watched = new WatchedRedis(directory, port, launch('redis-server', [file, '--sentinel']), master, replica);
    await until('the sentinel knows the replica', async () => {
      const known = await askRedis({ port }, 'sentinel', 'replicas', MASTER);
      return Array.isArray(known) && known.length === 1;
    });
    return watched;
  }

  /** For `REDIS_URL`. */
  get url(): string {
    return `redis+sentinel://127.0.0.1:${this.port}/${MASTER}`;
  }

  async stop(): Promise<void> {
    await Promise.all([kill(this.sentinel), this.master.stop(), this.replica.stop()]);
    await rm(this.directory, { recursive: true, force: true });
  }
}
