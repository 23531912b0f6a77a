import { DEVICES, LIST, TRIVIAL } from './guard/operations.js';
import { measureServer, pinLoad, startServer } from './guard/servers.js';
import { measureIntrospection, storeService } from './profile/introspection.js';
import { partsOf } from './profile/parts.js';
import { readExtent } from './support/arguments.js';
import { BenchServer } from './support/bench-server.js';
import { printMachine } from './support/machine.js';
import { storeDevices, storedKey, storeKeys } from './support/stored-keys.js';
import { printBars, printTable } from './support/table.js';

const extent = readExtent({ rounds: 1, sampleMs: 4_000 });
const KEY = 1;
const SHOWN = 30;

await BenchServer.with({ disposable: true }, async (server) => {
  const database = await server.database('profile');
  await storeKeys(database.administrator, 1_001);
  await storeService(database.administrator);
  await storeDevices(database.administrator, KEY, 100);
  await printMachine('profile', extent, database.administrator);
  pinLoad(server.pid);
  const portal = await startServer('guarded', { databaseUrl: database.url, dataDirectory: server.directory });
  try {
    for (const [title, operation] of Object.entries({ trivial: TRIVIAL, list: LIST, devices: DEVICES })) {
      const load = { operation, key: storedKey(KEY), forMs: extent.sampleMs };
      await measureServer(portal, load);
      const { cpuMicros } = await measureServer(portal, load);
      const { samples, byPart, functions } = partsOf(await portal.profileDuring(() => measureServer(portal, load)));
      const share = (count: number) => `${((100 * count) / samples).toFixed(1)} %`;
      const micros = (count: number) => ((cpuMicros * count) / samples).toFixed(1);
      printTable(
        `A guarded request, ${title}: ${cpuMicros.toFixed(0)} µs of CPU, by whose code ran`,
        ['part', 'share', 'µs'],
        [...byPart].slice(0, SHOWN).map(([part, count]) => [part, share(count), micros(count)]),
      );
      if (process.env['FUNCTIONS'])
        printTable(
          'Functions',
          ['function', 'share', 'µs'],
          functions.slice(0, 400).map(({ name, samples: of }) => [name, share(of), micros(of)]),
        );
    }
    printBars([await measureIntrospection(portal, storedKey(KEY), extent.sampleMs / 4)]);
  } finally {
    await portal.stop();
  }
});
