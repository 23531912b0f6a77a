import nodeConsole from 'node:console';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { driveHttp, type FixedRequest, graphqlRequest, requireGood } from '../../bench/support/http-load.js';
import { figuresOf, median } from '../../bench/support/statistics.js';
import { printTable, shown, shownSpread } from '../../bench/support/table.js';
import { portal } from '../support/command-line.js';
import { Instance } from '../support/faults/instance.js';
import { makeTenants } from '../support/faults/load-tenants.js';
import { CREATE_KEY } from '../support/given.js';
import { post } from '../support/post.js';
import { until } from '../support/until.js';
import { DeployedCluster } from './deployed-cluster.js';
import { describeWithMachines } from './machine.js';
import { replicaReads } from './replica-reads.js';

const SAMPLE_MS = Number(process.env['SAMPLE_MS'] ?? 3_000);
const ROUNDS = Number(process.env['ROUNDS'] ?? 5);
const SIZES = [1, 2, 3];
const CONNECTIONS = 24;
/** Asks for a change, and for what it changed, at another instance. */
const CHANGES = 50;
const TOKEN = 'x-consistency-token';
const GUARDED = '{ viewer { kind } }';
const LIST = '{ devices(first: 20) { nodes { id hostname status } } }';
const CREATE = 'mutation ($input: CreateDeviceInput!) { createDevice(input: $input) { device { id } } }';
const FOUND = 'query ($search: String) { devices(filter: { search: $search }) { nodes { id } } }';

/** The port of HAProxy that leads to this many instances. */
const portOf = (size: number) => 4_000 + size;

describeWithMachines('instances behind HAProxy, on the files of deploy/cluster', () => {
  let cluster: DeployedCluster;
  let folder: string;
  let session: string;
  const results: string[][] = [];
  beforeAll(async () => {
    cluster = await DeployedCluster.start();
    folder = await mkdtemp(join(tmpdir(), 'latchkey-scale-'));
    const { exitCode } = await portal(['migrate'], { cwd: folder, environment: cluster.environment });
    expect(exitCode).toBe(0);
    const [tenant] = await makeTenants(cluster.databaseOf(await cluster.whole()), folder);
    session = tenant?.session ?? '';
  });
  afterAll(async () => {
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
    // Jest's own would print where each line comes from.
    globalThis.console = nodeConsole;
    const load = loadavg()[0]?.toFixed(2);
    printTable(
      `${new Date().toISOString().slice(0, 10)}, ${availableParallelism()} cores, load ${load}, ${ROUNDS} rounds of ${SAMPLE_MS} ms, ${CONNECTIONS} connections`,
      ['replica reads', 'request', 'instances', 'per second (min–max)', 'to one instance', 'p50 ms', 'p99 ms'],
      results,
    );
  });

  it.each(['on', 'off'])('requests a second, with reads on replicas %s', async (reads) => {
    const { DATABASE_READ_URL, ...others } = cluster.environment;
    const database = reads === 'on' ? { ...others, DATABASE_READ_URL: DATABASE_READ_URL ?? '' } : others;
    const environment = { ...database, HOST: '0.0.0.0', LOG_LEVEL: 'warn' };
    const instances: Instance[] = [];
    while (instances.length < SIZES.length) instances.push(await Instance.start({ cwd: folder, environment }));
    try {
      cluster.hub.balance(instances.map(({ url }) => new URL(url).port));
      const address = `http://${cluster.hub.address}`;
      const at = (size: number) => `${address}:${portOf(size)}`;
      await until('HAProxy leads to instances', () =>
        fetch(`${at(3)}/health/ready`).then(
          ({ ok }) => ok,
          () => false,
        ),
      );
      const key = await makeKey(at(3), session);
      const token = await ownWritesAreSeen(at(3), key);
      const kinds: [string, (size: number) => FixedRequest][] = [
        ['guarded', (size) => graphqlRequest(at(size), GUARDED, key)],
        ['20 devices', (size) => withToken(graphqlRequest(at(size), LIST, key), token)],
      ];
      for (const [kind, request] of kinds) results.push(...(await measure(reads, kind, request)));
      if (reads === 'on') for (const instance of instances) expect(await replicaReads(instance)).toBeGreaterThan(0);
    } finally {
      for (const instance of instances) await instance.end('SIGTERM');
    }
  });
});

async function makeKey(address: string, session: string): Promise<string> {
  const input = { name: 'scale', scopes: ['devices:read', 'devices:write'] };
  const body = JSON.stringify({ query: CREATE_KEY, variables: { input } });
  return (await post(`${address}/graphql`, body, { session })).at('createApiKey.secret');
}

/** A device that was made at one instance is found at the next, with the token of its making. @returns the last token */
async function ownWritesAreSeen(address: string, key: string): Promise<string> {
  let token = '';
  for (let n = 0; n < CHANGES; n++) {
    const hostname = `switch-${randomUUID().slice(0, 8)}`;
    const ask = (query: string, variables: object, headers = {}) =>
      post(`${address}/graphql`, JSON.stringify({ query, variables }), { key, headers });
    const made = await ask(CREATE, { input: { hostname, ipAddress: '10.0.0.1' } });
    const id = made.at('createDevice.device.id');
    token = made.headers.get(TOKEN) ?? '';
    const found = await ask(FOUND, { search: hostname }, token ? { [TOKEN]: token } : {});
    expect(found.at('devices.nodes')).toEqual([{ id }]);
  }
  return token;
}

function withToken({ url, bytes }: FixedRequest, token: string): FixedRequest {
  if (token === '') return { url, bytes };
  return { url, bytes: Buffer.from(bytes.toString().replace('\r\n', `\r\n${TOKEN}: ${token}\r\n`)) };
}

/** Every round measures all sizes, the first round warms up. */
async function measure(reads: string, kind: string, request: (size: number) => FixedRequest): Promise<string[][]> {
  const samples = SIZES.map((size) => ({ size, of: [] as Awaited<ReturnType<typeof driveHttp>>[] }));
  for (let round = -1; round < ROUNDS; round++)
    for (const { size, of } of samples) {
      await requireGood(request(size));
      const sample = await driveHttp(request(size), { connections: CONNECTIONS, forMs: SAMPLE_MS });
      if (round >= 0) of.push(sample);
    }
  const rates = samples.map(({ of }) => of.map(({ perSecond }) => perSecond));
  return samples.map(({ size, of }, at) => {
    const ratio = figuresOf((rates[at] ?? []).map((rate, round) => rate / (rates[0]?.[round] ?? NaN)));
    const [p50, p99] = [median(of.map(({ p50Ms }) => p50Ms)), median(of.map(({ p99Ms }) => p99Ms))];
    return [
      reads,
      kind,
      String(size),
      shownSpread(figuresOf(rates[at] ?? [])),
      shown(ratio.median),
      shown(p50),
      shown(p99),
    ];
  });
}
