import { randomInt } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { testServer } from '../support/test-server.js';
import { Machine } from './machine.js';

/** Machines that know each other's names, and the one whose network is their switch. The host is in their network, too. */
export class Network {
  private constructor(
    private readonly folder: string,
    readonly hub: Machine,
    readonly nodes: readonly Machine[],
  ) {}

  /** @param names of the nodes, and of the machine that is the switch */
  static async start(names: readonly string[], hubName: string): Promise<Network> {
    const folder = await mkdtemp(join(testServer().directory, 'machines-'));
    await chmod(folder, 0o755);
    // Another run on this host has another network.
    const network = `10.${randomInt(64, 256)}.${randomInt(256)}`;
    const addresses = [hubName, ...names].map((name, at) => ({ name, address: `${network}.${10 + at}` }));
    const hosts = addresses.map(({ name, address }) => `${address} ${name}\n`).join('');
    const machines: Machine[] = [];
    for (const { name, address } of addresses) machines.push(await Machine.start(name, address, folder, hosts));
    const [hub, ...nodes] = machines as [Machine];
    hub.beSwitch();
    hub.connectHost(`${network}.254`);
    for (const node of nodes) hub.connect(node);
    return new Network(folder, hub, nodes);
  }

  async stop(): Promise<void> {
    const kept = process.env['CLUSTER_LOGS'];
    for (const machine of [...this.nodes, this.hub]) {
      if (kept) await machine.keepLogs(kept);
      await machine.stop();
    }
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
