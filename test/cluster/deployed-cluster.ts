import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { TestDatabase } from '../support/test-database.js';
import { until } from '../support/until.js';
import { areLinked } from './etcd-links.js';
import { certificateFor, etcdOf, haproxy, patroniOf, pgbouncer, sysctl } from './files.js';
import type { Machine } from './machine.js';
import { Network } from './network.js';
import { leads, membersAt, says } from './patroni-api.js';

const NODES = ['node1', 'node2', 'node3'] as const;
const HUB = 'haproxy';
/** What Patroni takes for a change on a machine that is busy. */
const SLOWEST_MS = 120_000;

/**
 * The databases and the proxies of `deploy/cluster`: three machines with etcd, Patroni and PostgreSQL, and one with HAProxy and PgBouncer,
 * whose network is the switch of the others. They run the files as they are, with the names and ports in them.
 */
export class DeployedCluster {
  private constructor(
    private readonly network: Network,
    private readonly passwords: Passwords,
  ) {}

  static async start(): Promise<DeployedCluster> {
    const cluster = new DeployedCluster(await Network.start(NODES, HUB), newPasswords());
    await cluster.launchAll().catch((error: unknown) => cluster.stop().then(() => Promise.reject(error)));
    return cluster;
  }

  get hub(): Machine {
    return this.network.hub;
  }

  get nodes(): readonly Machine[] {
    return this.network.nodes;
  }

  /** The variables of an instance. */
  get environment(): Record<string, string> {
    const at = (port: number, login: 'portal' | 'portal_owner', search = '?sslmode=no-verify') =>
      `postgresql://${login}:${this.passwords[login]}@${this.hub.address}:${port}/portal${search}`;
    return {
      DATABASE_URL: at(6432, 'portal', ''),
      DATABASE_DIRECT_URL: at(5000, 'portal'),
      DATABASE_READ_URL: at(5001, 'portal'),
      DATABASE_MIGRATE_URL: at(5000, 'portal_owner'),
    };
  }

  /** The database on a node, past the proxies. */
  databaseOf(node: Machine, name = 'portal'): TestDatabase {
    const at = (login: keyof Passwords) =>
      `postgresql://${login}:${this.passwords[login]}@${node.address}:5432/${name}?sslmode=no-verify`;
    return TestDatabase.at(at('portal'), at('postgres'));
  }

  /** @returns the node that Patroni says leads; undefined while there is none, or more than one */
  async leader(): Promise<Machine | undefined> {
    const leading = await Promise.all(this.nodes.map((node) => leads(node)));
    const leaders = this.nodes.filter((_, at) => leading[at]);
    return leaders.length === 1 ? leaders[0] : undefined;
  }

  /** Waits until another node than `former` leads. */
  async nextLeader(former?: Machine): Promise<Machine> {
    let leader: Machine | undefined;
    const others = this.nodes.filter((node) => node !== former);
    await until(
      'a primary answers',
      async () => {
        for (const node of others) if (await leads(node)) leader = node;
        return leader !== undefined || (await sleep(20, false));
      },
      SLOWEST_MS,
    );
    if (!leader) throw new Error('There is no primary.');
    return leader;
  }

  /** Waits until a standby has acknowledged a commit of the primary. */
  async commits(leader: Machine): Promise<void> {
    const commit = () => this.databaseOf(leader).sql(`select pg_logical_emit_message(true, 'test', '')`);
    await until('a commit is acknowledged', () =>
      commit().then(
        () => true,
        () => sleep(20, false),
      ),
    );
  }

  /** Waits until one node leads, both others stream from it, one of them synchronously, and the etcds reach each other. */
  async whole(): Promise<Machine> {
    let leader: Machine | undefined;
    await until(
      'the cluster is whole',
      async () => {
        leader = await this.leader();
        const members = leader ? await membersAt(leader) : [];
        const roles = members
          .filter(({ state }) => state === 'running' || state === 'streaming')
          .map(({ role }) => role);
        const isComplete = roles.toSorted().join() === 'leader,replica,sync_standby';
        // The leader lists a node for as long as `ttl` after its end.
        const areAwake =
          isComplete && (await Promise.all(this.nodes.map((node) => says(node, '/health')))).every(Boolean);
        return (areAwake && areLinked(this.nodes)) || (await sleep(200, false));
      },
      SLOWEST_MS,
    );
    if (!leader) throw new Error('There is no primary.');
    return leader;
  }

  /** The standby that commits wait for, and the other one. */
  async standbys(): Promise<{ synchronous: Machine; other: Machine }> {
    const leader = await this.whole();
    const members = await membersAt(leader);
    const named = (role: string) => this.nodeOf(members.find((member) => member.role === role)?.name);
    return { synchronous: named('sync_standby'), other: named('replica') };
  }

  /** Waits until commits wait for this standby. */
  async waitsFor(standby: Machine): Promise<void> {
    await until('commits wait for the other standby', async () => {
      const leader = await this.leader();
      const members = leader ? await membersAt(leader) : [];
      const isSynchronous = members.some(({ name, role }) => name === standby.name && role === 'sync_standby');
      return isSynchronous || (await sleep(50, false));
    });
  }

  async switchOver(leader: Machine): Promise<void> {
    const { synchronous } = await this.standbys();
    const answer = await fetch(`http://${leader.address}:8008/switchover`, {
      method: 'POST',
      body: JSON.stringify({ leader: leader.name, candidate: synchronous.name }),
    });
    if (!answer.ok) throw new Error(`Patroni refuses: ${answer.status} ${await answer.text()}`);
  }

  /** Cuts a node off from the other nodes, and from nobody else. */
  separate(node: Machine): void {
    for (const other of this.nodes) if (other !== node) other.drop(node);
  }

  rejoin(node: Machine): void {
    for (const other of this.nodes) if (other !== node) other.dropNoMore(node);
  }

  /** Connections that the rules of `pg_hba` have refused, of the cluster itself. */
  refused(): string[] {
    const lines = this.nodes.flatMap((node) => node.output('patroni').match(/no pg_hba.conf entry for .*/g) ?? []);
    return [...new Set(lines)];
  }

  launchEtcd(node: Machine): void {
    node.launch('etcd', ['--config-file', '/etc/etcd/etcd.yml'], { user: 'etcd' });
  }

  launchPatroni(node: Machine): void {
    const environment = {
      PATRONI_SUPERUSER_PASSWORD: this.passwords.postgres,
      PATRONI_REPLICATION_PASSWORD: this.passwords.replicator,
    };
    node.launch('patroni', ['/etc/patroni/patroni.yml'], { environment });
  }

  stop(): Promise<void> {
    return this.network.stop();
  }

  private async launchAll(): Promise<void> {
    const { hub, nodes, passwords } = this;
    for (const machine of [...nodes, hub]) {
      machine.tune(sysctl());
      // On a machine that boots systemd makes it.
      machine.run(['install', '-d', '-o', 'postgres', '/run/postgresql']);
    }
    const certificate = certificateFor([...NODES, HUB]);
    for (const node of nodes) {
      node.write('/etc/etcd/etcd.yml', etcdOf(node.name), 'etcd');
      node.write('/etc/patroni/patroni.yml', patroniOf(node.name));
      node.write('/etc/patroni/server.crt', certificate.crt);
      node.write('/etc/patroni/server.key', certificate.key);
      this.launchEtcd(node);
      this.launchPatroni(node);
    }
    hub.write('/etc/haproxy/haproxy.cfg', haproxy(), 'haproxy');
    hub.write('/etc/pgbouncer/pgbouncer.ini', pgbouncer());
    hub.write('/etc/pgbouncer/userlist.txt', `"portal" "${passwords.portal}"\n`);
    hub.launch('haproxy', ['-f', '/etc/haproxy/haproxy.cfg'], { user: 'root' });
    hub.launch('pgbouncer', ['/etc/pgbouncer/pgbouncer.ini']);
    await this.makeDatabase(await this.whole());
  }

  /** As docs/operations.md has it, "Logins". */
  private async makeDatabase(leader: Machine): Promise<void> {
    const administrator = this.databaseOf(leader, 'postgres');
    await administrator.sql(`create role portal_owner login createrole password '${this.passwords.portal_owner}'`);
    await administrator.sql(`create role portal login password '${this.passwords.portal}'`);
    await administrator.sql('create database portal owner portal_owner');
  }

  private nodeOf(name: string | undefined): Machine {
    const node = this.nodes.find((one) => one.name === name);
    if (!node) throw new Error(`There is no ${name}.`);
    return node;
  }
}

type Passwords = Record<'postgres' | 'replicator' | 'portal' | 'portal_owner', string>;

function newPasswords(): Passwords {
  const one = () => randomBytes(16).toString('hex');
  return { postgres: one(), replicator: one(), portal: one(), portal_owner: one() };
}
