import { basename, resolve } from 'node:path';
import { DEVICES, LIST, TRIVIAL } from './guard/operations.js';
import { measureServer } from './guard/servers.js';
import { readExtent } from './support/arguments.js';
import { BenchServer } from './support/bench-server.js';
import { SERVER_CORE, ServerProcess } from './support/child.js';
import { printMachine } from './support/machine.js';
import { peerFile, requirePeers } from './support/peers.js';
import { inTurn, WARM_UP_ROUNDS } from './support/rounds.js';
import { figuresOf, pairedRatios } from './support/statistics.js';
import { printTable, shownSpread } from './support/table.js';

const extent = readExtent({ rounds: 16, sampleMs: 400 });
const KEY = 1;
const OPERATIONS = { trivial: TRIVIAL, list: LIST, devices: DEVICES };
type Operation = keyof typeof OPERATIONS;
const ALL = Object.keys(OPERATIONS) as Operation[];
/** The documented peers have no devices. */
const OF_PEERS = ALL.filter((operation) => operation !== 'devices');

/** What takes part: a name, a process, and what it is asked. */
interface Contestant {
  name: string;
  server: ServerProcess;
  key?: string;
  operations: readonly Operation[];
}

const contestants: Contestant[] = [];
/** Microseconds of CPU for each request, by contestant and operation, round by round. */
const samples = new Map<string, number[]>();
const of = (name: string, operation: Operation) => samples.get(`${name}: ${operation}`) ?? [];

const folders = (process.env['BUILDS'] ?? '').split(':').filter(Boolean);
if (folders.length === 0) throw new Error('BUILDS names the folders of the builds, separated by colons.');
requirePeers();
await BenchServer.with({ disposable: true }, async (server) => {
  const { administrator } = await server.database('commits');
  await printMachine('commits', extent, administrator);
});
await withBuilds(folders, () => withPeers(measure));
report();

/** Starts the builds, each on a database made by its own migrations, and then `work`; stops them after it. */
async function withBuilds([folder, ...others]: readonly string[], work: () => Promise<void>): Promise<void> {
  if (folder === undefined) return work();
  const { server, stored, servers } = await modulesOf(folder);
  await server.BenchServer.with({ disposable: true }, async (running) => {
    const database = await running.database('commits');
    await stored.storeKeys(database.administrator, 1_000);
    await stored.storeDevices(database.administrator, KEY, 100);
    servers.pinLoad(running.pid);
    const options = { databaseUrl: database.url, dataDirectory: running.directory };
    const portal = await servers.startServer('guarded', options);
    contestants.push({ name: basename(folder), server: portal, key: stored.storedKey(KEY), operations: ALL });
    await withBuilds(others, work).finally(() => portal.stop());
  });
}

/** What a build has of its own: its migrations, its rows, its way to start the portal. */
async function modulesOf(folder: string) {
  const load = (name: string): Promise<unknown> => import(`${resolve(folder)}/dist/bench/${name}.js`);
  return {
    server: (await load('support/bench-server')) as typeof import('./support/bench-server.js'),
    stored: (await load('support/stored-keys')) as typeof import('./support/stored-keys.js'),
    servers: (await load('guard/servers')) as typeof import('./guard/servers.js'),
  };
}

async function withPeers(work: () => Promise<void>): Promise<void> {
  const peers: ServerProcess[] = [];
  try {
    for (const kind of ['fastify', 'express']) {
      const server = await ServerProcess.start(peerFile('nest-app.mjs'), [kind], SERVER_CORE);
      peers.push(server);
      contestants.push({ name: `Nest + Apollo on ${kind}`, server, operations: OF_PEERS });
    }
    await work();
  } finally {
    await Promise.all(peers.map((peer) => peer.stop()));
  }
}

async function measure(): Promise<void> {
  for (let round = -WARM_UP_ROUNDS; round < extent.rounds; round++) await oneRound(round);
  process.stderr.write('\n');
}

async function oneRound(round: number): Promise<void> {
  for (const operation of ALL) {
    const asked = contestants.filter(({ operations }) => operations.includes(operation));
    for (const { name, server, key } of inTurn(asked, round + WARM_UP_ROUNDS)) {
      const load = { operation: OPERATIONS[operation], forMs: extent.sampleMs, ...(key === undefined ? {} : { key }) };
      const { cpuMicros } = await measureServer(server, load);
      if (round >= 0) samples.set(`${name}: ${operation}`, [...of(name, operation), cpuMicros]);
    }
  }
  process.stderr.write('.');
}

function report(): void {
  const names = contestants.map(({ name }) => name);
  const [first = ''] = names;
  const table = (title: string, figures: (name: string, operation: Operation) => string) => {
    const rows = names.map((name) => [
      name,
      ...ALL.map((operation) => (of(name, operation).length === 0 ? '–' : figures(name, operation))),
    ]);
    printTable(title, ['', ...ALL], rows);
  };
  table('CPU of the server for a request, µs (min–max)', (name, operation) =>
    shownSpread(figuresOf(of(name, operation))),
  );
  table(`The same ÷ ${first}, within each round`, (name, operation) =>
    shownSpread(pairedRatios(of(name, operation), of(first, operation))),
  );
}
