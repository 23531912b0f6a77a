import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Pool } from 'pg';
import { UseRecorder } from '#api-keys';
import { PortalMetrics } from '../apps/portal/src/metrics/portal-metrics.js';
import { readExtent } from './support/arguments.js';
import { BenchServer } from './support/bench-server.js';
import { CLIENT } from './support/clients.js';
import { heapBytes } from './support/heap.js';
import { printMachine } from './support/machine.js';
import { openPortal, trusted, verifierOf } from './support/portal.js';
import { figuresOf } from './support/statistics.js';
import { storedKey, storeKeys } from './support/stored-keys.js';
import { printBars, printTable, shown, shownSpread } from './support/table.js';

const extent = readExtent({ rounds: 7, sampleMs: 1_000 });
const REMEMBERED = extent.isQuick ? 2_000 : 100_000;
const USES = extent.isQuick ? 500 : 10_000;
const CHANGES = 900;
const CHANGE = `update api_keys set expires_at = now() + interval '1 year' where id in (select id from api_keys limit $1)`;
const AT_ONCE = 256;
/** Work that no request asked for may hold the event loop so long. */
const BAR_MS = 2;

interface Task {
  what: string;
  prepare?: () => void | Promise<void>;
  run: () => Promise<unknown>;
}

await BenchServer.with({ disposable: true }, async (server) => {
  const { url, administrator } = await server.database('tail');
  await storeKeys(administrator, REMEMBERED);
  await printMachine('tail', extent, administrator);
  const app = await openPortal({ databaseUrl: url, dataDirectory: server.directory, cacheSize: REMEMBERED });
  try {
    const tasks = tasksOf(app, administrator, await idsOf(administrator));
    const longest = new Map(tasks.map(({ what }) => [what, [] as Hold[]]));
    for (let round = -1; round < extent.rounds; round++)
      for (const { what, prepare, run } of tasks) {
        const measured = async (measure: (run: Task['run']) => Promise<number>) => {
          await remember(app);
          await prepare?.();
          // What was prepared at once comes in over seconds elsewhere: moving it to the old part of the heap is not the task's work.
          await heapBytes();
          return measure(run);
        };
        const held = { passed: await measured(longestPassed), worked: await measured(longestWorked) };
        // The first round compiles.
        if (round >= 0) longest.get(what)?.push(held);
      }
    report(longest);
  } finally {
    await app.close();
  }
});

function tasksOf(app: NestFastifyApplication, administrator: Pool, ids: readonly string[]): Task[] {
  const uses = app.get(UseRecorder, { strict: false });
  const metrics = app.get(PortalMetrics, { strict: false });
  return [
    { what: 'a timer of 1 s, and heartbeats', run: () => wait(extent.sampleMs) },
    {
      what: `a flush of the uses of ${shown(USES)} keys`,
      prepare: () => {
        for (const [n, id] of ids.entries()) uses.allowed(id, `192.0.2.${n % 250}`, ['devices:read'], 1);
      },
      run: () => uses.flush(),
    },
    { what: 'a scrape of the metrics', run: () => metrics.text() },
    {
      what: `${shown(CHANGES)} changed keys`,
      run: async () => {
        await administrator.query(CHANGE, [CHANGES]);
        await trusted(app, 0);
      },
    },
  ];
}

/** The longest time that one turn of the event loop takes, in milliseconds. */
interface Hold {
  /** As it passes, by a timer of libuv that fires each millisecond: too long by up to 1 ms, and by other processes that have the core. */
  passed: number;
  /** Of the thread's work. Asking at each turn makes garbage, whose collection is in it. */
  worked: number;
}

async function longestPassed(run: () => Promise<unknown>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await run();
  await wait(5);
  delay.disable();
  return delay.max / 1e6;
}

async function longestWorked(run: () => Promise<unknown>): Promise<number> {
  let isOver = false;
  let [longest, last] = [0, worked()];
  const turn = () => {
    const now = worked();
    longest = Math.max(longest, now - last);
    last = now;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  await run().finally(() => (isOver = true));
  return longest;
}

function worked(): number {
  // Makes the kernel bring the times up to date: of one thread alone they are as of its last tick, up to 4 ms ago.
  process.cpuUsage();
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

async function remember(app: NestFastifyApplication): Promise<void> {
  await trusted(app, 0);
  const verifier = verifierOf(app);
  for (let from = 1; from <= REMEMBERED; from += AT_ONCE) {
    const size = Math.min(AT_ONCE, REMEMBERED - from + 1);
    await Promise.all(Array.from({ length: size }, (_, n) => verifier.verify(storedKey(from + n), CLIENT)));
  }
}

async function idsOf(administrator: Pool): Promise<string[]> {
  const { rows } = await administrator.query<{ id: string }>('select id from api_keys limit $1', [USES]);
  return rows.map(({ id }) => id);
}

function report(longest: ReadonlyMap<string, readonly Hold[]>): void {
  const rows = [...longest].map(([what, holds]) => ({
    what,
    passed: figuresOf(holds.map(({ passed }) => passed)),
    worked: figuresOf(holds.map(({ worked }) => worked)),
  }));
  printTable(
    `Longest time without a turn of the event loop, ms; ${shown(REMEMBERED)} keys remembered`,
    ['what', 'CPU of the thread (min–max)', 'as it passes (min–max)'],
    rows.map(({ what, passed, worked }) => [what, shownSpread(worked), shownSpread(passed)]),
  );
  printBars(rows.map(({ what, worked }) => ({ what, reached: worked, bar: { at: 'most' as const, value: BAR_MS } })));
}
