import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { readExtent } from './support/arguments.js';
import { BenchServer } from './support/bench-server.js';
import { drive, type Sample } from './support/load.js';
import { heapBytes } from './support/heap.js';
import { printMachine } from './support/machine.js';
import { openPortal, trusted, verifierOf } from './support/portal.js';
import { type Contestant, figure, interleaved, type Samples } from './support/rounds.js';
import { printSamples } from './support/sample-table.js';
import { storedKey, storeKeys } from './support/stored-keys.js';
import { type Bar, printBars, printTable, ratioBar, shown } from './support/table.js';
import { type Access, ACCESSES } from './scale/access.js';
import { CLIENT } from './support/clients.js';

const extent = readExtent({ rounds: 7, sampleMs: 500 });
const SIZES = extent.isQuick ? [1_000, 10_000] : extent.isHuge ? [10_000, 1_000_000, 10_000_000] : [10_000, 1_000_000];
/** The application's default. */
const CACHE_SIZE = 100_000;
const IN_FLIGHT = [1, 64];

/** Applications on a database with `stored` keys. */
interface Population {
  stored: number;
  /** Without a cache. */
  asking: NestFastifyApplication;
  /** With the default one. */
  remembering: NestFastifyApplication;
}

// Rows are made by the million, and nothing that is measured writes.
const settings = { max_wal_size: '8GB' };
await BenchServer.with({ disposable: true, settings }, async (server) => {
  const populations: Population[] = [];
  try {
    for (const stored of SIZES) {
      const { url, administrator } = await server.database(`keys_${stored}`);
      await storeKeys(administrator, stored);
      process.stderr.write(`${shown(stored)} keys stored\n`);
      const open = (cacheSize: number) => openPortal({ databaseUrl: url, dataDirectory: server.directory, cacheSize });
      populations.push({ stored, asking: await open(0), remembering: await open(CACHE_SIZE) });
      if (stored === SIZES.at(-1)) await printMachine('scale', extent, administrator);
    }
    const memory = await rememberAll(populations);
    report(await interleaved(populations.flatMap(contestantsOf), extent.rounds), memory);
  } finally {
    for (const { asking, remembering } of populations) await Promise.all([asking.close(), remembering.close()]);
  }
});

function nameOf(stored: number, form: string, access: Access, inFlight: number): string {
  return `${shown(stored)} keys, ${form}, ${access.name}, ${inFlight}`;
}

function contestantsOf({ stored, asking, remembering }: Population): Contestant<Sample>[] {
  return ACCESSES.flatMap((access) =>
    IN_FLIGHT.flatMap((inFlight) =>
      Object.entries({ uncached: asking, cached: remembering }).map(([form, app]) => {
        const [verifier, next] = [verifierOf(app), access.over(stored)];
        const work = () => verifier.verify(storedKey(next()), CLIENT);
        return {
          name: nameOf(stored, form, access, inFlight),
          measure: async () => {
            await trusted(app, extent.sampleMs);
            return drive(work, { inFlight, forMs: extent.sampleMs });
          },
        };
      }),
    ),
  );
}

interface Memory {
  stored: number;
  remembered: number;
  heapMb: number;
}

/** Fills each cache as far as it goes, one after the other. */
async function rememberAll(populations: readonly Population[]): Promise<Memory[]> {
  const rows: Memory[] = [];
  for (const { stored, remembering } of populations) {
    const verifier = verifierOf(remembering);
    const before = await heapBytes();
    for (let from = 1; from <= Math.min(stored, CACHE_SIZE); from += 64)
      await Promise.all(
        Array.from({ length: 64 }, (_, n) => verifier.verify(storedKey(Math.min(from + n, stored)), CLIENT)),
      );
    const heapMb = ((await heapBytes()) - before) / 2 ** 20;
    rows.push({ stored, remembered: verifier.verdicts.remembered.verdicts, heapMb });
  }
  return rows;
}

function report(samples: Samples<Sample>, memory: readonly Memory[]): void {
  printSamples('Cost of a verification by the number of keys stored; making the key included', samples);
  printTable(
    `Memory once ${shown(CACHE_SIZE)} keys at most were remembered`,
    ['keys stored', 'remembered', 'heap MiB'],
    memory.map(({ stored, remembered, heapMb }) => [shown(stored), shown(remembered), shown(heapMb)]),
  );
  const [few = 0, ...more] = SIZES;
  printBars(
    more.flatMap((many) =>
      ACCESSES.map((access): Bar => {
        const [over, under] = [many, few].map((stored) =>
          figure(samples, nameOf(stored, 'uncached', access, 1), (of) => 1e6 / of.perSecond),
        );
        return ratioBar(
          `${shown(many)} ÷ ${shown(few)} keys, uncached, ${access.name}, time`,
          over ?? [],
          under ?? [],
          {
            at: 'most',
            value: many > 1_000_000 ? 1.2 : 1.1,
          },
        );
      }),
    ),
  );
}
