import { setTimeout as sleep } from 'node:timers/promises';
import { Announcer, BeatingInstance } from './listeners/beating-instance.js';
import { type Listener, ListeningInstance } from './listeners/listening-instance.js';
import { cpuOfServer } from './listeners/server-cpu.js';
import { WokenListener } from './listeners/woken-listener.js';
import { readExtent } from './support/arguments.js';
import { BenchServer } from './support/bench-server.js';
import { printMachine } from './support/machine.js';
import { percentile } from './support/statistics.js';
import { printTable, shown } from './support/table.js';

const extent = readExtent({ rounds: 1, sampleMs: 10_000 });
const SIZES = extent.isQuick ? [5] : [10, 50, 100, 200, 500];
/** With heartbeats of their own, more instances take the whole machine. */
const MOST_OWN = 200;
/** Instances that start at once. */
const AT_ONCE = 10;
/** Time between two announced changes. */
const APART_MS = 50;
/** Time between two looks at the age of each proof. */
const LOOK_MS = 25;
const HEADINGS = [
  'instances',
  'heartbeats / s',
  'proof p99 ms',
  'proof max ms',
  'change p50 ms',
  'change p99 ms',
  'cores at rest',
];

const settings = { max_connections: '1100', track_commit_timestamp: 'off' };
await BenchServer.with({ disposable: false, settings }, async (server) => {
  const { url, administrator, administratorUrl } = await server.database('listeners');
  await printMachine('listeners', extent, administrator);
  const kinds: [string, () => () => Promise<Listener>, number[]][] = [
    [
      'The invalidation channel: one instance sends the heartbeats of all',
      () => () => ListeningInstance.start(url),
      SIZES,
    ],
    ['Of that, heartbeats alone: nobody asks or checks', () => WokenListener.ofOneSender(administratorUrl), SIZES],
    [
      'For comparison: each instance sends its own heartbeats',
      () => () => BeatingInstance.start(administratorUrl),
      SIZES.filter((size) => size <= MOST_OWN),
    ],
  ];
  for (const [title, starter, sizes] of kinds) {
    const rows: string[][] = [];
    for (const size of sizes) rows.push(await measure(server.pid, administratorUrl, starter(), size));
    printTable(title, HEADINGS, rows);
  }
});

async function measure(
  postmaster: number,
  url: string,
  start: () => Promise<Listener>,
  size: number,
): Promise<string[]> {
  const instances: Listener[] = [];
  while (instances.length < size) {
    const group = Array.from({ length: Math.min(AT_ONCE, size - instances.length) }, start);
    instances.push(...(await Promise.all(group)));
    // Instances start at any time, and what each one does four times a second is not done by all at once.
    await sleep(Math.random() * LOOK_MS * 10);
  }
  await sleep(2_000);
  const rest = await atRest(postmaster, instances);
  const changes = await withChanges(url, instances);
  await Promise.all(instances.map((instance) => instance.stop()));
  return [
    String(size),
    shown(rest.heartbeats),
    ...[percentile(rest.ages, 0.99), Math.max(...rest.ages.slice(-1))].map(shown),
    ...[percentile(changes, 0.5), percentile(changes, 0.99)].map(shown),
    shown(rest.cores),
  ];
}

/** What heartbeats and the questions of all instances cost while nothing changes, and how old the proofs get. */
async function atRest(
  postmaster: number,
  instances: readonly Listener[],
): Promise<{ cores: number; heartbeats: number; ages: number[] }> {
  const sent = () => instances.reduce((sum, { heartbeats }) => sum + heartbeats, 0);
  const [cpu, sentBefore, begunAt] = [cpuOfServer(postmaster), sent(), performance.now()];
  const ages: number[] = [];
  while (performance.now() < begunAt + extent.sampleMs) {
    for (const { proofAge } of instances) ages.push(proofAge);
    await sleep(LOOK_MS);
  }
  const seconds = (performance.now() - begunAt) / 1_000;
  const cores = (cpuOfServer(postmaster) - cpu) / seconds;
  return { cores, heartbeats: (sent() - sentBefore) / seconds, ages: ages.toSorted((one, other) => one - other) };
}

/** Milliseconds from each acknowledged change until every instance has heard of it. */
async function withChanges(url: string, instances: readonly Listener[]): Promise<number[]> {
  const announcer = await Announcer.start(url);
  const begunAt = performance.now();
  const changes: number[] = [];
  while (performance.now() < begunAt + extent.sampleMs) {
    changes.push(await announcer.announce(instances));
    await sleep(APART_MS);
  }
  await announcer.stop();
  return changes;
}
