import { fileURLToPath } from 'node:url';
import { DEVICES, LIST, TRIVIAL } from './guard/operations.js';
import { measureServer, pinLoad } from './guard/servers.js';
import { LEVERS } from './levers/levers.js';
import { readExtent } from './support/arguments.js';
import { BenchServer } from './support/bench-server.js';
import { SERVER_CORE, ServerProcess } from './support/child.js';
import { printMachine } from './support/machine.js';
import { inTurn } from './support/rounds.js';
import { figuresOf, pairedRatios } from './support/statistics.js';
import { storeDevices, storedKey, storeKeys } from './support/stored-keys.js';
import { printTable, shownSpread } from './support/table.js';

const extent = readExtent({ rounds: 5, sampleMs: 800 });
const KEY = 1;
const WARM_UP_SAMPLES = 4;
const OPERATIONS = { trivial: TRIVIAL, list: LIST, devices: DEVICES };
const SERVER = fileURLToPath(new URL('levers/lever.server.js', import.meta.url));
const NAMES = Object.keys(LEVERS);
const [AS_IT_IS = ''] = NAMES;

/** Microseconds of CPU for each request, by lever and operation, round by round. */
const samples = new Map<string, number[]>();
const of = (lever: string, operation: string) => samples.get(`${lever}: ${operation}`) ?? [];

await BenchServer.with({ disposable: true }, async (server) => {
  const database = await server.database('levers');
  await storeKeys(database.administrator, 1_000);
  await storeDevices(database.administrator, KEY, 100);
  await printMachine('levers', extent, database.administrator);
  pinLoad(server.pid);
  for (let round = 0; round < extent.rounds; round++) {
    for (const lever of inTurn(NAMES, round)) {
      const portal = await ServerProcess.start(SERVER, [database.url, server.directory, lever], SERVER_CORE);
      await measure(lever, portal).finally(() => portal.stop());
    }
    process.stderr.write('.');
  }
  process.stderr.write('\n');
  report();
});

async function measure(lever: string, portal: ServerProcess): Promise<void> {
  for (const [title, operation] of Object.entries(OPERATIONS)) {
    const load = { operation, key: storedKey(KEY) };
    await measureServer(portal, { ...load, forMs: extent.sampleMs * WARM_UP_SAMPLES });
    const { cpuMicros } = await measureServer(portal, { ...load, forMs: extent.sampleMs });
    samples.set(`${lever}: ${title}`, [...of(lever, title), cpuMicros]);
  }
}

function report(): void {
  const titles = Object.keys(OPERATIONS);
  printTable(
    'CPU of the server for a guarded request, µs (min–max)',
    ['', ...titles],
    NAMES.map((lever) => [lever, ...titles.map((title) => shownSpread(figuresOf(of(lever, title))))]),
  );
  printTable(
    'The same ÷ as it is, within each round',
    ['', ...titles],
    NAMES.slice(1).map((lever) => [
      lever,
      ...titles.map((title) => shownSpread(pairedRatios(of(lever, title), of(AS_IT_IS, title)))),
    ]),
  );
}
