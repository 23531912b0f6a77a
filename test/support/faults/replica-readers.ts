import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReplicaReads } from '#database';
import type { GivenKey } from '../given.js';
import { Scrape } from '../prometheus.js';
import { TcpProxy } from '../tcp-proxy.js';
import { type PortalOptions, TestPortal } from '../test-portal.js';
import { until } from '../until.js';
import { ReplicaSet } from './replica-set.js';

export const TOKEN = 'x-consistency-token';
const LIST = 'query ($search: String) { devices(filter: { search: $search }) { nodes { hostname } } }';
const CREATE = `mutation ($input: CreateDeviceInput!) {
  createDevice(input: $input) { device { hostname alerts(first: 1) { nodes { id } } } } }`;

interface Asked {
  portal?: TestPortal;
  /** Default: a key with every scope. */
  by?: GivenKey;
}

/** Two instances on a primary that read lists from its standby. */
export class ReplicaReaders {
  private constructor(
    private readonly dataDirectory: string,
    readonly replicas: ReplicaSet,
    /** The way to the replica. */
    readonly reader: TcpProxy,
    readonly one: TestPortal,
    readonly other: TestPortal,
    readonly key: GivenKey,
  ) {}

  static async start(): Promise<ReplicaReaders> {
    const dataDirectory = await mkdtemp(join(tmpdir(), 'latchkey-replicas-'));
    const replicas = await ReplicaSet.start(false);
    const reader = await TcpProxy.before(replicas.standby.url);
    const place = placeOf(replicas, dataDirectory, reader.url);
    const [one, other] = [await TestPortal.start(place), await TestPortal.start(place)];
    return new ReplicaReaders(dataDirectory, replicas, reader, one, other, await one.given.apiKey());
  }

  async stop(): Promise<void> {
    await this.one.stop();
    await this.other.stop();
    await Promise.all([this.reader.close(), this.replicas.remove()]);
    await rm(this.dataDirectory, { recursive: true, force: true });
  }

  /** A further instance, which reads lists elsewhere. */
  startReading(databaseReadUrl: string): Promise<TestPortal> {
    return TestPortal.start(placeOf(this.replicas, this.dataDirectory, databaseReadUrl));
  }

  /** The replica has every change, and answers. */
  async well(): Promise<void> {
    this.replicas.stream.pass();
    await this.replicas.standby.resumeReplay();
    for (const portal of [this.one, this.other]) await inUse(portal);
  }

  /** The replicas' address leads to this server from now on, and older connections are cut. */
  leadTo({ url }: ReplicaSet['primary']): void {
    this.reader.leadTo(url);
    this.reader.reset();
  }

  async create({ portal = this.one, by = this.key }: Asked = {}): Promise<{ hostname: string; token: string }> {
    const hostname = `sw-${randomUUID().slice(0, 8)}`;
    const input = { hostname, ipAddress: '10.0.0.1' };
    const answer = await portal.query(CREATE, { key: by.secret, variables: { input } });
    expect(answer.at('createDevice.device.hostname')).toBe(hostname);
    return { hostname, token: answer.headers.get(TOKEN) ?? '' };
  }

  /** Does the list of devices have this one? */
  async shows(hostname: string, token?: string, { portal = this.other, by = this.key }: Asked = {}): Promise<boolean> {
    const headers: Record<string, string> = token === undefined ? {} : { [TOKEN]: token };
    const answer = await portal.query(LIST, { key: by.secret, headers, variables: { search: hostname } });
    expect(answer.status).toBe(200);
    return answer.at<unknown[]>('devices.nodes').length === 1;
  }

  /** Asks again where the machine was too slow for the replica: it counts as late or away then. */
  byReplica(ask: () => Promise<unknown>, portal = this.other): Promise<void> {
    return until('the replica answers', async () => {
      const before = await servers(portal);
      await ask();
      return (await servers(portal)).replica === before.replica + 1;
    });
  }
}

export const readsOf = (portal: TestPortal): ReplicaReads => portal.app.get(ReplicaReads, { strict: false });
export const inUse = (portal: TestPortal): Promise<void> =>
  until('the replica is in use', () => readsOf(portal).state === 'in use');

/** Reads by the server that answered them, as the metrics have them. */
export async function servers(portal: TestPortal): Promise<{ replica: number; primary: number }> {
  const scrape = await Scrape.of(portal);
  const by = (server: string) => scrape.value('latchkey_replica_reads_total', { server });
  return { replica: by('replica'), primary: by('primary') };
}

function placeOf({ primary, way }: ReplicaSet, dataDirectory: string, databaseReadUrl: string): PortalOptions {
  const through = { pool: way.url, listen: way.url };
  return { database: primary.database, through, config: { dataDirectory, databaseReadUrl } };
}
