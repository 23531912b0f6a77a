import { barePage } from './guard/bare-page.js';
import { guardInProcess } from './guard/in-process.js';
import { ItemsModule } from './guard/items.module.js';
import { DEVICES, LIST, TRIVIAL } from './guard/operations.js';
import { reportGuard } from './guard/report.js';
import { measureServer, pinLoad, type ServerName, SERVERS, type ServerOptions, startServer } from './guard/servers.js';
import { GuardSamples } from './guard/samples.js';
import { readExtent } from './support/arguments.js';
import { type BenchDatabase, BenchServer } from './support/bench-server.js';
import type { ServerProcess } from './support/child.js';
import { drive } from './support/load.js';
import { printMachine } from './support/machine.js';
import { hasPeers } from './support/peers.js';
import { openPortal, verifierOf } from './support/portal.js';
import { storeDevices, storedKey, storeKeys, tenantSql } from './support/stored-keys.js';
import { CLIENT } from './support/clients.js';

const extent = readExtent({ rounds: 6, sampleMs: 800 });
const KEY = 1;
const DEVICE_COUNT = 100;
/** Samples that a fresh process serves before it counts: V8 compiles what is hot while it runs. */
const WARM_UP_SAMPLES = 4;
/** A run must be over before the verdict has to be proven anew. */
const IN_PROCESS = { requests: 4_000, warmUps: 10 };

// Nothing that is measured writes.
await BenchServer.with({ disposable: true }, async (server) => {
  const database = await server.database('guard');
  await storeKeys(database.administrator, 1_000);
  await storeDevices(database.administrator, KEY, DEVICE_COUNT);
  await printMachine('guard', extent, database.administrator);
  const isPinned = pinLoad(server.pid);
  console.log(isPinned ? 'one core for the servers, one for load and database' : 'cores are shared: not pinned');
  const samples = new GuardSamples();
  const options = { databaseUrl: database.url, dataDirectory: server.directory };
  const withPeers = hasPeers();
  const names = SERVERS.filter((name) => name !== 'stock on Express, unguarded' || withPeers);
  for (let round = 0; round < extent.rounds; round++) {
    const turned = [...names.slice(round % names.length), ...names.slice(0, round % names.length)];
    await oneRound(turned, options, samples);
    process.stderr.write('.');
  }
  process.stderr.write('\n');
  await measureBarePage(database, samples);
  await measureInProcess(options, samples);
  reportGuard(samples);
});

/** Fresh processes each round: two copies of one program differ more than two rounds of one process. */
async function oneRound(names: readonly ServerName[], options: ServerOptions, samples: GuardSamples): Promise<void> {
  const servers = new Map<ServerName, ServerProcess>();
  try {
    for (const name of names) servers.set(name, await startServer(name, options));
    for (const isWarmUp of [true, false]) {
      const forMs = extent.sampleMs * (isWarmUp ? WARM_UP_SAMPLES : 1);
      for (const [title, operation] of Object.entries({ trivial: TRIVIAL, list: LIST, devices: DEVICES }))
        for (const [name, running] of servers) {
          if (operation === DEVICES && name !== 'guarded') continue;
          const key = name.startsWith('guarded') ? storedKey(KEY) : undefined;
          const sample = await measureServer(running, { operation, key, forMs });
          if (!isWarmUp) samples.add(title, name, sample);
        }
    }
  } finally {
    await Promise.all([...servers.values()].map((running) => running.stop()));
  }
}

async function measureBarePage(database: BenchDatabase, samples: GuardSamples): Promise<void> {
  const { rows } = await database.administrator.query<{ id: string }>(`select ${tenantSql(KEY)} as id`);
  const page = barePage(database, rows[0]?.id ?? '');
  for (let round = -1; round < extent.rounds; round++) {
    const { cpuMicros } = await drive(page.read, { inFlight: 4, forMs: extent.sampleMs });
    if (round >= 0) samples.barePageMicros.push(cpuMicros);
  }
  await page.close();
}

async function measureInProcess(options: ServerOptions, samples: GuardSamples): Promise<void> {
  const app = await openPortal({ ...options, cacheSize: 1_000, imports: [ItemsModule] });
  try {
    await verifierOf(app).verify(storedKey(KEY), CLIENT);
    const run = guardInProcess(app, storedKey(KEY));
    for (let round = -IN_PROCESS.warmUps; round < extent.rounds * 4; round++) {
      const micros = await run(IN_PROCESS.requests);
      if (round >= 0) samples.inProcessMicros.push(micros);
    }
  } finally {
    await app.close();
  }
}
