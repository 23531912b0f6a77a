import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { TcpProxy } from '../tcp-proxy.js';
import { Cluster } from './cluster.js';
import { Instance, type InstancePlace } from './instance.js';
import { violations } from './invariants.js';
import { Load, type LoadTenant } from './load.js';
import { makeTenants } from './load-tenants.js';

/** A server and instances of the application that work on it through a proxy, each a process of its own. */
export class Stage {
  private constructor(
    readonly cluster: Cluster,
    readonly proxy: TcpProxy,
    readonly instances: readonly Instance[],
    readonly tenants: readonly LoadTenant[],
    /** Where a further instance may run beside these. */
    readonly place: InstancePlace,
  ) {}

  /** @param variables of the environment of each instance, further ones */
  static async start(instances: number, variables: Record<string, string> = {}): Promise<Stage> {
    const cluster = await Cluster.start();
    const proxy = await TcpProxy.before(cluster.url);
    const cwd = join(cluster.home, 'instances');
    await mkdir(cwd);
    const tenants = await makeTenants(cluster.database, cwd);
    const environment = { DATABASE_URL: proxy.url, LOG_LEVEL: 'warn', ...variables };
    const place = { cwd, environment };
    const started = await Promise.all(Array.from({ length: instances }, () => Instance.start(place)));
    return new Stage(cluster, proxy, started, tenants, place);
  }

  load(rates?: ConstructorParameters<typeof Load>[2]): Load {
    return new Load(this.instances, this.tenants, rates);
  }

  /** The broken invariants after a load has stopped. */
  async violations(load: Load): Promise<string[]> {
    const dead = this.instances.filter(({ isRunning }) => !isRunning).map(({ url }) => `I9: ${url} has ended`);
    return [...dead, ...(await violations(load.journal, this.cluster.database))];
  }

  async stop(): Promise<void> {
    await Promise.all(this.instances.map((instance) => instance.end('SIGKILL')));
    await this.proxy.close();
    await this.cluster.remove();
  }
}
