import { setTimeout as sleep } from 'node:timers/promises';
import { Announcer, BeatingInstance, type Beating } from './listeners/beating-instance.js';
import { cpuOfServer } from './listeners/server-cpu.js';
import { readExtent } from './support/arguments.js';
import { BenchServer } from './support/bench-server.js';
import { printMachine } from './support/machine.js';
import { percentile } from './support/statistics.js';
import { printTable, shown } from './support/table.js';

const extent = readExtent({ rounds: 1, sampleMs: 10_000 });
const SIZES = extent.isQuick ? [5] : [10, 25, 50, 100, 200, 350, 500];
/** Connections that are made at once. */
const AT_ONCE = 20;
/** Time between two announced changes. */
const APART_MS = 50;
/** A heartbeat that takes longer leaves no lease: 1.5 s of it, less the 250 ms until the next heartbeat. */
const IN_TIME_MS = 1_250;

const settings = { max_connections: '1100', track_commit_timestamp: 'off' };
await BenchServer.with({ disposable: false, settings }, async (server) => {
  const database = await server.database('listeners');
  await printMachine('listeners', extent, database.administrator);
  for (const beating of ['own', 'shared'] as const) {
    const rows: string[][] = [];
    for (const size of SIZES) rows.push(await measure(server.pid, database.administratorUrl, { beating, size }));
    printTable(
      beating === 'own' ? 'Each instance sends its own heartbeats' : 'One instance sends the heartbeats of all',
      [
        'instances',
        'heartbeats in time',
        'lag p50 ms',
        'lag p99 ms',
        'change p50 ms',
        'change p99 ms',
        'cores of the server',
      ],
      rows,
    );
  }
});

async function measure(
  postmaster: number,
  url: string,
  { beating, size }: { beating: Beating; size: number },
): Promise<string[]> {
  const instances: BeatingInstance[] = [];
  while (instances.length < size) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, size - instances.length) }, (_, n) => instances.length + n);
    instances.push(...(await Promise.all(numbers.map((n) => BeatingInstance.start(url, beating, n === 0)))));
  }
  const announcer = await Announcer.start(url);
  await sleep(1_000);
  for (const instance of instances) instance.lags = [];
  const [cpu, begunAt] = [cpuOfServer(postmaster), performance.now()];
  const changes: number[] = [];
  while (performance.now() < begunAt + extent.sampleMs) {
    changes.push(await announcer.announce(instances));
    await sleep(APART_MS);
  }
  const seconds = (performance.now() - begunAt) / 1_000;
  const cores = (cpuOfServer(postmaster) - cpu) / seconds;
  await Promise.all([announcer.stop(), ...instances.map((instance) => instance.stop())]);
  const lags = instances.flatMap((instance) => instance.lags);
  // Four a second were due from each.
  const inTime = lags.filter((lag) => lag <= IN_TIME_MS).length / (4 * seconds * size);
  const figures = [percentile(lags, 0.5), percentile(lags, 0.99), percentile(changes, 0.5), percentile(changes, 0.99)];
  return [String(size), `${shown(100 * Math.min(1, inTime))} %`, ...figures.map(shown), shown(cores)];
}
