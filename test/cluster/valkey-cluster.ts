import { randomBytes } from 'node:crypto';
import { allSay, type ClusterNode, keyLike, masterOf } from '../support/cluster-nodes.js';
import { noteSecretValues } from '../support/evidence.js';
import { askRedis } from '../support/redis-server.js';
import { until } from '../support/until.js';
import { makeValkeyCluster, valkey } from './files.js';
import type { Machine } from './machine.js';
import { Network } from './network.js';

const NODES = ['valkey1', 'valkey2', 'valkey3', 'valkey4', 'valkey5', 'valkey6'];
const SHARDS = 3;
const UNIT = '/usr/lib/systemd/system/valkey-server.service';

/** A node of the cluster, on a machine of its own. */
export class ValkeyNode implements ClusterNode {
  /** Whether the other nodes and the instances reach it. */
  isThere = true;

  constructor(
    readonly machine: Machine,
    private readonly password: string,
  ) {}

  ask(command: string, ...values: string[]): Promise<unknown> {
    const { address: host } = this.machine;
    return askRedis({ host, port: 6379, password: this.password }, command, ...values);
  }

  /** Starts the server by the command of the unit of its package. */
  launch(): void {
    const [, command = ''] = /^ExecStart=\/usr\/bin\/(.*)$/m.exec(this.machine.run(['cat', UNIT])) ?? [];
    const [program = '', ...args] = command.split(' ');
    this.machine.launch(program, args, { user: 'valkey' });
    this.isThere = true;
  }

  kill(): void {
    this.isThere = false;
    this.machine.signal('SIGKILL', 'valkey-server');
  }
}

/** `deploy/cluster/valkey.conf` on six machines, made into a cluster by the command in its comment: three shards with a replica each. */
export class ValkeyCluster {
  readonly nodes: readonly ValkeyNode[];

  private constructor(
    private readonly network: Network,
    private readonly password: string,
  ) {
    this.nodes = network.nodes.map((machine) => new ValkeyNode(machine, password));
  }

  static async start(): Promise<ValkeyCluster> {
    const password = randomBytes(16).toString('hex');
    noteSecretValues([password]);
    const cluster = new ValkeyCluster(await Network.start(NODES, 'switch'), password);
    await cluster.launchAll().catch((error: unknown) => cluster.stop().then(() => Promise.reject(error)));
    return cluster;
  }

  /** For `REDIS_URL`: some of the nodes, which know the others. */
  get url(): string {
    const some = this.network.nodes.slice(0, SHARDS);
    return some.map(({ address }) => `redis://:${this.password}@${address}:6379`).join();
  }

  /** The name under which the requests of a key are counted, once there was one. */
  async nameOf(keyId: string): Promise<string> {
    const name = await keyLike(this.present, `*key:${keyId}:*`);
    if (!name) throw new Error(`No node counts for ${keyId}.`);
    return name;
  }

  masterOf(name: string): Promise<ValkeyNode> {
    return masterOf(this.present, name);
  }

  /** Waits until another node than `former` leads its shard, in the eyes of the nodes that are left. */
  async successor(former: ValkeyNode, name: string): Promise<void> {
    const leads = () =>
      this.masterOf(name).then(
        (master) => master !== former,
        () => false,
      );
    await until('a replica leads', leads);
  }

  /** The node that has the counts of a master, too. */
  async replicaOf({ machine }: ValkeyNode): Promise<ValkeyNode> {
    const roles = (await Promise.all(this.present.map((node) => node.ask('role')))) as string[][];
    const replica = this.present.find((_, at) => roles[at]?.[0] === 'slave' && roles[at]?.[1] === machine.address);
    if (!replica) throw new Error(`${machine.name} has no replica.`);
    return replica;
  }

  /** Waits until all nodes that are left have given up a shard. */
  async missesShard(): Promise<void> {
    await until('a shard is given up', async () => {
      const states = await Promise.all(this.present.map((node) => node.ask('cluster', 'info')));
      return states.every((state) => /cluster_slots_fail:[1-9]/.test(String(state)));
    });
  }

  /** Waits until every master has a replica that is level, and no node takes another one for dead. */
  async whole(): Promise<void> {
    await until('the cluster of Valkey is whole', async () => {
      const states = (await Promise.all(this.nodes.map((node) => node.ask('info', 'replication')))).map(String);
      const masters = states.filter((state) => /role:master[^]*connected_slaves:1/.test(state));
      const replicas = states.filter((state) => /role:slave[^]*master_link_status:up/.test(state));
      const areComplete = masters.length === SHARDS && replicas.length === SHARDS;
      return (
        areComplete &&
        (await allSay(this.nodes, ['cluster', 'info'], 'cluster_state:ok')) &&
        !(await this.isAnySuspected())
      );
    });
  }

  unplug(node: ValkeyNode): void {
    node.isThere = false;
    this.network.hub.unplug(node.machine);
  }

  plugIn(node: ValkeyNode): void {
    this.network.hub.plugIn(node.machine);
    node.isThere = true;
  }

  stop(): Promise<void> {
    return this.network.stop();
  }

  private async launchAll(): Promise<void> {
    for (const node of this.nodes) {
      node.machine.write('/etc/valkey/valkey.conf', valkey(), 'valkey');
      const passwords = `requirepass ${this.password}\nmasterauth ${this.password}\n`;
      node.machine.write('/etc/valkey/passwords.conf', passwords, 'valkey');
      node.launch();
    }
    for (const node of this.nodes) await node.ask('ping');
    this.nodes[0]?.machine.run(makeValkeyCluster(this.password, NODES));
    await this.whole();
  }

  private get present(): ValkeyNode[] {
    return this.nodes.filter(({ isThere }) => isThere);
  }

  private async isAnySuspected(): Promise<boolean> {
    const views = await Promise.all(this.nodes.map((node) => node.ask('cluster', 'nodes')));
    return views.some((view) => /\bfail\b/.test(String(view)));
  }
}
