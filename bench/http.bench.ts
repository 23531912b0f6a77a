import { barePage } from './guard/bare-page.js';
import { pinLoad } from './guard/servers.js';
import { type Contestant, CONTESTANTS, KEY, OPERATIONS } from './http/contestants.js';
import { reportHttp } from './http/report.js';
import { HttpSamples } from './http/samples.js';
import { readExtent } from './support/arguments.js';
import { type BenchDatabase, BenchServer } from './support/bench-server.js';
import type { ServerProcess } from './support/child.js';
import { graphqlRequest, requireGood } from './support/http-load.js';
import { drive } from './support/load.js';
import { printMachine } from './support/machine.js';
import { requirePeers } from './support/peers.js';
import { inTurn, WARM_UP_ROUNDS } from './support/rounds.js';
import { sampleServer } from './support/server-sample.js';
import { storeDevices, storeKeys, tenantSql } from './support/stored-keys.js';

const extent = readExtent({ rounds: 5, sampleMs: 1_000 });
const CONNECTIONS = [10, 64];

requirePeers();
await BenchServer.with({ disposable: true }, async (server) => {
  const database = await server.database('http');
  await storeKeys(database.administrator, 1_000);
  await storeDevices(database.administrator, KEY, 100);
  await printMachine('http', extent, database.administrator);
  console.log(
    pinLoad(server.pid) ? 'one core for the servers, one for load and database' : 'cores are shared: not pinned',
  );
  const { rows } = await database.administrator.query<{ id: string }>(`select ${tenantSql(KEY)} as id`);
  const tenantId = rows[0]?.id ?? '';
  const served = { ...database, tenantId, dataDirectory: server.directory };
  const running = new Map<Contestant, ServerProcess>();
  try {
    for (const contestant of CONTESTANTS) running.set(contestant, await contestant.start(served));
    reportHttp(await measure(running, database, tenantId));
  } finally {
    await Promise.all([...running.values()].map((process) => process.stop()));
  }
});

async function measure(
  running: ReadonlyMap<Contestant, ServerProcess>,
  database: BenchDatabase,
  tenantId: string,
): Promise<HttpSamples> {
  const samples = new HttpSamples();
  const page = barePage(database, tenantId);
  const all = [...running];
  for (let round = -WARM_UP_ROUNDS; round < extent.rounds; round++) {
    for (const contestant of inTurn(all, round + WARM_UP_ROUNDS)) await oneTurn(contestant, round, samples);
    const { cpuMicros } = await drive(page.read, { inFlight: 4, forMs: extent.sampleMs });
    if (round >= 0) samples.barePageMicros.push(cpuMicros);
    process.stderr.write('.');
  }
  process.stderr.write('\n');
  await page.close();
  for (const [{ name }, server] of running) samples.residentBytes.set(name, await server.residentBytes());
  return samples;
}

/** Every operation of one contestant. A round below 0 warms up. */
async function oneTurn(
  [{ name, key, operations }, server]: [Contestant, ServerProcess],
  round: number,
  samples: HttpSamples,
): Promise<void> {
  for (const operation of OPERATIONS) {
    const request = graphqlRequest(server.url, operations[operation], key);
    await requireGood(request);
    for (const connections of round < 0 ? CONNECTIONS.slice(0, 1) : CONNECTIONS) {
      const sample = await sampleServer(server, request, { connections, forMs: extent.sampleMs });
      if (round >= 0) samples.add(operation, name, connections, sample);
    }
  }
}
