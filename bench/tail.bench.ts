import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
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
        await remember(app);
        await prepare?.();
        // What was prepared at once comes in over seconds elsewhere: moving it to the old part of the heap is not the task's work.
        await heapBytes();
        const held = await longestHold(run);
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

/** The longest time between two turns of the event loop, in milliseconds: as it passes, and of the thread's work in it. */
interface Hold {
  passed: number;
  worked: number;
}

/** The time that passes holds what the machine adds: other processes that have the core. The first row of the table shows it. */
async function longestHold(run: () => Promise<unknown>): Promise<Hold> {
  let isOver = false;
  const done = run().finally(() => (isOver = true));
  const longest: Hold = { passed: 0, worked: 0 };
  for (let last = now(); !isOver;) {
    await turn();
    const next = now();
    longest.passed = Math.max(longest.passed, next.passed - last.passed);
    longest.worked = Math.max(longest.worked, next.worked - last.worked);
    last = next;
  }
  await done;
  return longest;
}

function now(): Hold {
  // Makes the kernel bring the times up to date: of one thread alone they are as of its last tick, up to 4 ms ago.
  process.cpuUsage();
  const { user, system } = process.threadCpuUsage();
  return { passed: performance.now(), worked: (user + system) / 1_000 };
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
