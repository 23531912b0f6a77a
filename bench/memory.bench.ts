import { hash } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Unauthenticated } from '#access';
import { readExtent } from './support/arguments.js';
import { BenchServer } from './support/bench-server.js';
import { heapBytes } from './support/heap.js';
import { printMachine } from './support/machine.js';
import { openPortal, trusted, verifierOf } from './support/portal.js';
import { figuresOf } from './support/statistics.js';
import { storedKey, storeKeys } from './support/stored-keys.js';
import { printBars, printTable, shown, shownSpread } from './support/table.js';
import { CLIENT, clientOf } from './support/clients.js';

const extent = readExtent({ rounds: 3, sampleMs: 0 });
const REMEMBERED = extent.isQuick ? 5_000 : 100_000;
const UNKNOWN = extent.isQuick ? 10_000 : 1_000_000;
/** No stored key has a number from here on. */
const UNKNOWN_FROM = 1_000_000_000;
const AT_ONCE = 256;

// Nothing that is measured writes.
await BenchServer.with({ disposable: true }, async (server) => {
  const { url, administrator } = await server.database('memory');
  await storeKeys(administrator, REMEMBERED);
  await printMachine('memory', extent, administrator);
  const open = () => openPortal({ databaseUrl: url, dataDirectory: server.directory, cacheSize: REMEMBERED });
  const [perKey, held]: [number[], number[]] = [[], []];
  for (let round = -1; round < extent.rounds; round++) {
    const measured = await withPortal(open, bytesPerKey);
    // The first portal of the process also pays for code and shapes that the others share.
    if (round >= 0) perKey.push(measured);
    if (round >= 0) held.push(await bytesToHold());
  }
  const growth = await withPortal(open, growthUnderUnknown);
  report(perKey, held, growth);
});

async function withPortal(
  open: () => Promise<NestFastifyApplication>,
  measure: (app: NestFastifyApplication) => Promise<number>,
): Promise<number> {
  const app = await open();
  try {
    return await measure(app);
  } finally {
    await app.close();
  }
}

async function bytesPerKey(app: NestFastifyApplication): Promise<number> {
  const verifier = verifierOf(app);
  await trusted(app, 0);
  // Pools, statements and the shared sets of scopes are there before.
  await Promise.all(Array.from({ length: AT_ONCE }, (_, n) => verifier.verify(storedKey(n + 1), CLIENT)));
  const [before, known] = [await heapBytes(), verifier.verdicts.remembered.verdicts];
  await inTurns(REMEMBERED, (number) => verifier.verify(storedKey(number), CLIENT));
  const { verdicts } = verifier.verdicts.remembered;
  if (verdicts < REMEMBERED) throw new Error(`Only ${verdicts} of ${REMEMBERED} keys are remembered.`);
  return ((await heapBytes()) - before) / (verdicts - known);
}

/** What a remembered key must hold, and nothing else: its hash and the ids of key, tenant and user, as strings. */
async function bytesToHold(): Promise<number> {
  const held: string[] = [];
  const before = await heapBytes();
  for (let number = 1; number <= REMEMBERED; number++) {
    const text = hash('sha256', String(number), 'hex');
    held.push(text);
    // A string made of bytes holds those bytes alone, and not the one that it was cut from.
    for (const from of [0, 9, 18]) held.push(Buffer.from(text.slice(from, from + 36)).toString('latin1'));
  }
  const bytes = ((await heapBytes()) - before) / REMEMBERED;
  if (held.length !== REMEMBERED * 4) throw new Error('Something was not held.');
  return bytes;
}

/** Heap after, less the heap before, in MiB. */
async function growthUnderUnknown(app: NestFastifyApplication): Promise<number> {
  const verifier = verifierOf(app);
  const refused = async (number: number) => {
    try {
      await verifier.verify(storedKey(UNKNOWN_FROM + number), clientOf(number));
    } catch (error) {
      if (error instanceof Unauthenticated) return;
      throw error;
    }
    throw new Error('An unknown key was let in.');
  };
  await inTurns(AT_ONCE, refused);
  const before = await heapBytes();
  await inTurns(UNKNOWN, refused);
  return ((await heapBytes()) - before) / 2 ** 20;
}

/** Numbers 1 to `count`, some at once, again and again. */
async function inTurns(count: number, work: (number: number) => unknown): Promise<void> {
  for (let from = 1; from <= count; from += AT_ONCE) {
    const size = Math.min(AT_ONCE, count - from + 1);
    await Promise.all(Array.from({ length: size }, (_, n) => work(from + n)));
  }
}

function report(perKey: readonly number[], held: readonly number[], growth: number): void {
  const beyond = perKey.map((bytes, round) => bytes - (held[round] ?? NaN));
  printTable(
    `Heap, once collected; ${shown(REMEMBERED)} keys remembered, ${shown(UNKNOWN)} different unknown keys refused`,
    ['what', 'median (min–max)'],
    [
      ['a remembered key, bytes', shownSpread(figuresOf(perKey))],
      ['of which it must hold (hash, three ids), bytes', shownSpread(figuresOf(held))],
      ['growth under unknown keys, MiB', shown(growth)],
    ],
  );
  printBars([
    {
      what: 'a remembered key beyond what it must hold, bytes',
      reached: figuresOf(beyond),
      bar: { at: 'most', value: 400 },
    },
    { what: 'growth under unknown keys, MiB', reached: figuresOf([growth]), bar: { at: 'most', value: 30 } },
  ]);
}
