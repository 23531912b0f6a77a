import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isFree, kill, launch } from './programs.js';
import { askRedis } from './redis-server.js';
import { until } from './until.js';

const MASTERS = 3;
/** A node that is silent for so long is replaced: a busy machine keeps one from its core for a while. */
const NODE_TIMEOUT_MS = 3_000;
const SLOTS = 16_384;
/** A node also listens this far above its port. Both are below the ports that the system gives to clients. */
const BUS_OFFSET = 10_000;
const PORTS = { from: 12_000, to: 20_000 };

interface Node {
  port: number;
  process: ChildProcess;
}

/** Three shards of a real cluster, each with a replica. Nothing is kept on the disk but what the nodes know of each other. */
export class RedisCluster {
  private constructor(
    private readonly directory: string,
    private readonly nodes: readonly Node[],
  ) {}

  static async start(): Promise<RedisCluster> {
    const directory = await mkdtemp(join(tmpdir(), 'latchkey-redis-cluster-'));
    const nodes: Node[] = [];
    for (let count = 0; count < 2 * MASTERS; count++) nodes.push(await startNode(directory));
    await formCluster(nodes.map(({ port }) => port));
    return new RedisCluster(directory, nodes);
  }

  /** For `REDIS_URL`: some of the nodes, which know the others. */
  get url(): string {
    return this.nodes
      .slice(0, MASTERS)
      .map(({ port }) => `redis://127.0.0.1:${port}`)
      .join(',');
  }

  /** The first key whose name matches. */
  async keyLike(pattern: string): Promise<string | undefined> {
    const found = await Promise.all(this.running.map((node) => askRedis(node.port, 'keys', pattern)));
    return (found as string[][]).flat()[0];
  }

  /** Ends the master that holds `key`, as a crash would, once its replica knows all that it knows. */
  async killMasterOf(key: string): Promise<void> {
    const [{ port: anyPort }] = this.nodes as [Node];
    const slot = await askRedis(anyPort, 'cluster', 'keyslot', key);
    const ranges = (await askRedis(anyPort, 'cluster', 'slots')) as [number, number, [string, number]][];
    const range = ranges.find(([first, last]) => first <= Number(slot) && Number(slot) <= last);
    const master = this.nodes.find(({ port }) => port === range?.[2][1]);
    if (!master) throw new Error(`No node holds ${key}.`);
    await until('the replica is level', async () => {
      const state = String(await askRedis(master.port, 'info', 'replication'));
      return /offset=(\d+)/.exec(state)?.[1] === /master_repl_offset:(\d+)/.exec(state)?.[1];
    });
    await kill(master.process);
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map(({ process }) => kill(process)));
    await rm(this.directory, { recursive: true, force: true });
  }

  private get running(): readonly Node[] {
    return this.nodes.filter(({ process }) => process.exitCode === null && process.signalCode === null);
  }
}

async function startNode(directory: string): Promise<Node> {
  const port = await freePorts();
  const settings = {
    port: String(port),
    bind: '127.0.0.1',
    dir: directory,
    save: '',
    appendonly: 'no',
    'cluster-enabled': 'yes',
    'cluster-config-file': `nodes-${port}.conf`,
    'cluster-node-timeout': String(NODE_TIMEOUT_MS),
  };
  const given = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  return { port, process: launch('redis-server', given) };
}

async function freePorts(): Promise<number> {
  for (;;) {
    const port = PORTS.from + Math.floor(Math.random() * (PORTS.to - PORTS.from));
    if ((await isFree(port)) && (await isFree(port + BUS_OFFSET))) return port;
  }
}

/** The first of `ports` become masters, the others their replicas. What takes a while is repeated until it is so. */
async function formCluster(ports: readonly number[]): Promise<void> {
  const [first = 0] = ports;
  const masters = ports.slice(0, MASTERS);
  const replicas = ports.slice(MASTERS);
  for (const [index, port] of ports.entries()) await askRedis(port, 'cluster', 'set-config-epoch', String(index + 1));
  const share = SLOTS / MASTERS;
  for (const [index, port] of masters.entries()) {
    const [from, to] = [Math.ceil(index * share), Math.ceil((index + 1) * share) - 1];
    await askRedis(port, 'cluster', 'addslotsrange', String(from), String(to));
  }
  const everyStateHas = async (command: readonly [string, string], text: string, of = ports) => {
    const states = await Promise.all(of.map((port) => askRedis(port, ...command)));
    return states.every((state) => String(state).includes(text));
  };
  await until('every node knows every other', async () => {
    for (const port of ports) await askRedis(first, 'cluster', 'meet', '127.0.0.1', String(port));
    return everyStateHas(['cluster', 'info'], `cluster_known_nodes:${ports.length}`);
  });
  for (const [index, port] of replicas.entries()) {
    const master = String(await askRedis(masters[index] ?? 0, 'cluster', 'myid'));
    await until('a replica follows its master', () =>
      askRedis(port, 'cluster', 'replicate', master).then(
        () => true,
        () => false,
      ),
    );
  }
  await until('every slot is served', () => everyStateHas(['cluster', 'info'], 'cluster_state:ok'));
  await until('every replica is level', () =>
    everyStateHas(['info', 'replication'], 'master_link_status:up', replicas),
  );
}
