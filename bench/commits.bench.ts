import { basename, resolve } from 'node:path';
import { DEVICES, LIST, TRIVIAL } from './guard/operations.js';
import { measureServer } from './guard/servers.js';
import { readExtent } from './support/arguments.js';
import { BenchServer } from './support/bench-server.js';
import { SERVER_CORE, ServerProcess } from './support/child.js';
import { printMachine } from './support/machine.js';
import { peerFile, requirePeers } from './support/peers.js';
import { figuresOf, pairedRatios } from './support/statistics.js';
import { storedKey } from './support/stored-keys.js';
import { printTable, shownSpread } from './support/table.js';

const extent = readExtent({ rounds: 16, sampleMs: 400 });
/** Rounds that do not count: V8 compiles what is hot while a server serves. */
const WARM_UP_ROUNDS = 12;
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
await startBuilds(folders);

/** Each build has a database of its own, made by its own migrations. */
async function startBuilds([folder, ...others]: readonly string[]): Promise<void> {
  if (folder === undefined) return startPeers();
  const { BenchServer: Server } = await moduleOf<typeof import('./support/bench-server.js')>(
    folder,
    'support/bench-server',
  );
  const stored = await moduleOf<typeof import('./support/stored-keys.js')>(folder, 'support/stored-keys');
  const servers = await moduleOf<typeof import('./guard/servers.js')>(folder, 'guard/servers');
  await Server.with({ disposable: true }, async (server) => {
    const database = await server.database('commits');
    await stored.storeKeys(database.administrator, 1_000);
    await stored.storeDevices(database.administrator, KEY, 100);
    servers.pinLoad(server.pid);
    const options = { databaseUrl: database.url, dataDirectory: server.directory };
    const portal = await servers.startServer('guarded', options);
    contestants.push({ name: basename(folder), server: portal, key: storedKey(KEY), operations: ALL });
    await startBuilds(others).finally(() => portal.stop());
  });
}

async function moduleOf<Module>(folder: string, name: string): Promise<Module> {
  return (await import(`${resolve(folder)}/dist/bench/${name}.js`)) as Module;
}

async function startPeers(): Promise<void> {
  for (const kind of ['fastify', 'express']) {
    const server = await ServerProcess.start(peerFile('nest-app.mjs'), [kind], SERVER_CORE);
    contestants.push({ name: `Nest + Apollo on ${kind}`, server, operations: OF_PEERS });
  }
  for (let round = -WARM_UP_ROUNDS; round < extent.rounds; round++) await oneRound(round);
  process.stderr.write('\n');
  report();
  for (const { server, key } of contestants) if (key === undefined) await server.stop();
}

async function oneRound(round: number): Promise<void> {
  for (const operation of ALL) {
    const asked = contestants.filter(({ operations }) => operations.includes(operation));
    const first = (round + WARM_UP_ROUNDS) % asked.length;
    for (const { name, server, key } of [...asked.slice(first), ...asked.slice(0, first)]) {
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
