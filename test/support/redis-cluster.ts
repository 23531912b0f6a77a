import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allSay, keyLike, masterOf } from './cluster-nodes.js';
import { isFree } from './programs.js';
import { RedisServer } from './redis-server.js';
import { until } from './until.js';

const MASTERS = 3;
/** A node that is silent for so long is replaced: a busy machine keeps one from its core for a while. */
const NODE_TIMEOUT_MS = 3_000;
const SLOTS = 16_384;
/** A node also listens this far above its port. Both are below the ports that the system gives to clients. */
const BUS_OFFSET = 10_000;
const PORTS = { from: 12_000, to: 20_000 };

/** Three shards of a real cluster, each with a replica. Nothing is kept on the disk but what the nodes know of each other. */
export class RedisCluster {
  private constructor(
    private readonly directory: string,
    private readonly nodes: readonly RedisServer[],
  ) {}

  static async start(): Promise<RedisCluster> {
    const cluster = await RedisCluster.unformed(2 * MASTERS);
    await form(cluster.nodes);
    return cluster;
  }

  /** Nodes that do not know each other, and serve nothing. */
  static async unformed(count: number): Promise<RedisCluster> {
    const directory = await mkdtemp(join(tmpdir(), 'latchkey-redis-cluster-'));
    const nodes: RedisServer[] = [];
    while (nodes.length < count) nodes.push(await startNode(directory));
    return new RedisCluster(directory, nodes);
  }

  /** For `REDIS_URL`: some of the nodes, which know the others. */
  get url(): string {
    return this.nodes
      .slice(0, MASTERS)
      .map(({ url }) => url)
      .join(',');
  }

  /** The first key whose name matches. */
  async keyLike(pattern: string): Promise<string | undefined> {
    return keyLike(this.running, pattern);
  }

  /** Ends the master that holds `key`, as a crash would, once its replica knows all that it knows. */
  async killMasterOf(key: string): Promise<void> {
    const master = await masterOf(this.running, key);
    await until('the replica is level', async () => {
      const state = String(await master.ask('info', 'replication'));
      return /offset=(\d+)/.exec(state)?.[1] === /master_repl_offset:(\d+)/.exec(state)?.[1];
    });
    await master.stop();
  }

  private get running(): RedisServer[] {
    return this.nodes.filter(({ isRunning }) => isRunning);
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()));
    await rm(this.directory, { recursive: true, force: true });
  }
}

async function startNode(directory: string): Promise<RedisServer> {
  const port = await freePorts();
  const settings = {
    dir: directory,
    'cluster-enabled': 'yes',
    'cluster-config-file': `nodes-${port}.conf`,
    'cluster-node-timeout': String(NODE_TIMEOUT_MS),
  };
  return RedisServer.start(settings, port);
}

async function freePorts(): Promise<number> {
  for (;;) {
    const port = PORTS.from + Math.floor(Math.random() * (PORTS.to - PORTS.from));
    if ((await isFree(port)) && (await isFree(port + BUS_OFFSET))) return port;
  }
}

/** The first of `nodes` become masters, the others their replicas. What takes a while is repeated until it is so. */
async function form(nodes: readonly RedisServer[]): Promise<void> {
  const masters = nodes.slice(0, MASTERS);
  const replicas = nodes.slice(MASTERS);
  for (const [index, node] of nodes.entries()) await node.ask('cluster', 'set-config-epoch', String(index + 1));
  const share = SLOTS / MASTERS;
  for (const [index, node] of masters.entries()) {
    const [from, to] = [Math.ceil(index * share), Math.ceil((index + 1) * share) - 1];
    await node.ask('cluster', 'addslotsrange', String(from), String(to));
  }
  await until('every node knows every other', async () => {
    for (const { port } of nodes) await nodes[0]?.ask('cluster', 'meet', '127.0.0.1', String(port));
    return allSay(nodes, ['cluster', 'info'], `cluster_known_nodes:${nodes.length}`);
  });
  for (const [index, replica] of replicas.entries()) {
    const master = String(await masters[index]?.ask('cluster', 'myid'));
    await until('a replica follows its master', () =>
      replica.ask('cluster', 'replicate', master).then(
        () => true,
        () => false,
      ),
    );
  }
  await until('every slot is served', () => allSay(nodes, ['cluster', 'info'], 'cluster_state:ok'));
  await until('every replica is level', () => allSay(replicas, ['info', 'replication'], 'master_link_status:up'));
}
