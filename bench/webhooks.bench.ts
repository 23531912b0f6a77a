import { fileURLToPath } from 'node:url';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Pool } from 'pg';
import { readExtent } from './support/arguments.js';
import { BenchServer } from './support/bench-server.js';
import { ServerProcess } from './support/child.js';
import { CLIENT } from './support/clients.js';
import { drive, type Sample } from './support/load.js';
import { printMachine } from './support/machine.js';
import { openPortal, trusted, verifierOf } from './support/portal.js';
import { figure, interleaved, type Samples } from './support/rounds.js';
import { printSamples } from './support/sample-table.js';
import { figuresOf } from './support/statistics.js';
import { storedKey, storeKeys } from './support/stored-keys.js';
import { type Bar, printBars, printTable, ratioBar, shownSpread } from './support/table.js';
import { BARE, changing, MATCHED, UNMATCHED } from './webhooks/changes.js';
import { deliver, ENDPOINTS, makeEndpoints } from './webhooks/deliveries.js';

const extent = readExtent({ rounds: 7, sampleMs: 1_500 });
const DELIVERIES = Number(process.env['DELIVERIES'] ?? (extent.isQuick ? 500 : 3_000));
const DELIVERING = fileURLToPath(new URL('webhooks/delivering.server.js', import.meta.url));
const ALONE = 'verification alone';
const BESIDE = 'verification beside deliveries';
const most = (value: number): Bar['bar'] => ({ at: 'most', value });

// Commits are part of what a change costs.
await BenchServer.with({ disposable: false }, async (server) => {
  const { contestants, apps } = await changing(server, extent.sampleMs);
  const database = await server.database('deliveries');
  await storeKeys(database.administrator, 1_000);
  await printMachine('webhooks', extent, database.administrator);
  const changes = await interleaved(contestants, extent.rounds);
  for (const app of apps) await app.close();

  const delivering = await ServerProcess.start(DELIVERING, [database.url, server.directory]);
  const app = await openPortal({ databaseUrl: database.url, dataDirectory: server.directory, cacheSize: 0 });
  try {
    await makeEndpoints(database.administrator, delivering.url);
    await trusted(app, 0);
    report(changes, await deliverAndVerify(app, database.administrator));
  } finally {
    await app.close();
    await delivering.stop();
  }
});

interface Beside {
  verifications: Samples<Sample>;
  /** Deliveries a second while nobody verifies. */
  rates: readonly number[];
}

async function deliverAndVerify(app: NestFastifyApplication, administrator: Pool): Promise<Beside> {
  const rates: number[] = [];
  let number = 0;
  const verify = () => verifierOf(app).verify(storedKey((number++ % 1_000) + 1), CLIENT);
  const sample = (): Promise<Sample> => drive(verify, { inFlight: 4, forMs: extent.sampleMs });
  const beside = async (): Promise<Sample> => {
    const delivered = deliver(administrator, DELIVERIES);
    const measured = await sample();
    await delivered;
    return measured;
  };
  const alone = async (): Promise<Sample> => {
    rates.push(await deliver(administrator, DELIVERIES));
    return sample();
  };
  const verifications = await interleaved(
    [
      { name: ALONE, measure: alone },
      { name: BESIDE, measure: beside },
    ],
    extent.rounds,
  );
  // The first one warmed up.
  return { verifications, rates: rates.slice(1) };
}

function report(changes: Samples<Sample>, { verifications, rates }: Beside): void {
  printSamples('Changes of a key', changes);
  printSamples('Verifications that ask the database', verifications);
  const title = `Deliveries into ${ENDPOINTS} endpoints, ${DELIVERIES} at once`;
  printTable(title, ['per second (min–max)'], [[shownSpread(figuresOf(rates))]]);
  const took = (name: string) => figure(changes, name, ({ perSecond }) => 1 / perSecond);
  const cpu = (name: string) => figure(verifications, name, ({ cpuMicros }) => cpuMicros);
  printBars([
    ratioBar('time of a change without a matching endpoint', took(UNMATCHED), took(BARE), most(1.15)),
    ratioBar('time of a change with a matching endpoint', took(MATCHED), took(BARE), most(1.5)),
    ratioBar('CPU of a verification beside deliveries', cpu(BESIDE), cpu(ALONE), most(1.15)),
  ]);
}
