import { TcpProxy } from '../tcp-proxy.js';
import { until } from '../until.js';
import { Cluster } from './cluster.js';
import { ServerCopy } from './server-copy.js';

/**
 * A primary and a standby that streams from it. The test plays the parts of Patroni, which promotes, and of HAProxy, which leads
 * clients to the primary.
 */
export class ReplicaSet {
  /** Servers that were primaries, in order. They may still run. */
  readonly former: (Cluster | ServerCopy)[] = [];
  private copies = 0;
  private standbyNow: ServerCopy | undefined;

  private constructor(
    private primaryNow: Cluster | ServerCopy,
    /** The address that applications connect to. */
    readonly way: TcpProxy,
    /** The connection that the standby streams through. */
    readonly stream: TcpProxy,
  ) {}

  /** @param isSynchronous whether commits wait for the standby */
  static async start(isSynchronous: boolean): Promise<ReplicaSet> {
    const primary = await Cluster.start();
    const [way, stream] = [await TcpProxy.before(primary.url), await TcpProxy.before(primary.url)];
    const replicas = new ReplicaSet(primary, way, stream);
    await replicas.addStandby(isSynchronous);
    return replicas;
  }

  get primary(): Cluster | ServerCopy {
    return this.primaryNow;
  }

  get standby(): ServerCopy {
    if (!this.standbyNow) throw new Error('There is no standby.');
    return this.standbyNow;
  }

  /** Clones the primary, and lets the clone stream from it. */
  async addStandby(isSynchronous: boolean): Promise<void> {
    const name = `standby_${++this.copies}`;
    this.stream.pass();
    this.stream.leadTo(this.primary.url);
    this.standbyNow = await ServerCopy.of(this.primary, { name, url: this.stream.url });
    await this.streams(name);
    if (isSynchronous) await this.waitFor(name);
  }

  /** Lets commits wait for the standby of this name from now on; for none with an empty name. */
  async waitFor(name: string): Promise<void> {
    await this.primary.database.sql(`alter system set synchronous_standby_names = '${name}'`);
    await this.primary.database.sql('select pg_reload_conf()');
    const isSet = `select where current_setting('synchronous_standby_names') = $1`;
    await until('the setting is in force', async () => (await this.primary.database.sql(isSet, [name])).length === 1);
    if (name) await this.streams(name, 'sync');
  }

  /** The standby keeps the lock of a whole table, which the primary has given back, until its replay is resumed. */
  async lockOnStandby(table: string): Promise<void> {
    const held = `select from pg_locks where relation = $1::regclass and mode = 'AccessExclusiveLock' and granted`;
    await this.primary.database.withClient(async (client) => {
      await client.query(`begin; lock table ${table} in access exclusive mode; select pg_current_xact_id()`);
      // Has the log written, and so sent.
      await this.primary.database.sql('select pg_switch_wal()');
      await until('the standby has the lock', async () => (await this.standby.sql(held, [table])).length === 1);
      await this.standby.pauseReplay();
      await client.query('rollback');
    });
  }

  /** The standby becomes a primary. The former primary learns of nothing, and keeps its clients. */
  async promote(): Promise<void> {
    await this.standby.promote();
    this.former.push(this.primary);
    this.primaryNow = this.standby;
    this.standbyNow = undefined;
  }

  /** Ends the connections of the applications, and leads new ones to the primary. */
  lead(): void {
    this.way.pass();
    this.way.leadTo(this.primary.url);
    this.way.reset();
  }

  async remove(): Promise<void> {
    await Promise.all([this.way.close(), this.stream.close()]);
    // A copy lies in the folder of its original.
    for (const server of [...this.former, this.primary, this.standbyNow].reverse()) await server?.remove();
  }

  private async streams(name: string, state = '%'): Promise<void> {
    const isStreaming = `select from pg_stat_replication where application_name = $1 and state = 'streaming' and sync_state like $2`;
    const found = async () => (await this.primary.database.sql(isStreaming, [name, state])).length === 1;
    await until('the standby streams', found);
  }
}
