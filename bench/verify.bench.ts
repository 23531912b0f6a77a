import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { readExtent } from './support/arguments.js';
import { type BenchDatabase, BenchServer } from './support/bench-server.js';
import { drive, type Sample } from './support/load.js';
import { printMachine } from './support/machine.js';
import { betterAuth, hasPeers, type Peer } from './support/peers.js';
import { openPortal } from './support/portal.js';
import { type Contestant, interleaved } from './support/rounds.js';
import { storeKeys } from './support/stored-keys.js';
import { floors } from './verify/floors.js';
import { ours } from './verify/ours.js';
import { reportVerify } from './verify/report.js';
import { nameAt, type Way } from './verify/way.js';

const extent = readExtent({ rounds: 7, sampleMs: 400 });
const STORED = extent.isQuick ? 2_000 : 100_000;
/** Connections of every pool: the verifier's own number. */
const CONNECTIONS = 4;
/** As many calls as fit between two looks at the clock where a call does not wait. */
const BLOCK = 200;

interface PeerWay {
  peer: Peer;
  way: Way;
}

// Commits are part of what is compared: nothing here runs without fsync.
await BenchServer.with({ disposable: false }, async (server) => {
  const database = await server.database('ours');
  await storeKeys(database.administrator, STORED);
  await printMachine('verify', extent, database.administrator);
  console.log(`${STORED.toLocaleString('en')} keys stored, pools of ${CONNECTIONS} connections`);
  const portal = (cacheSize: number) =>
    openPortal({ databaseUrl: database.url, dataDirectory: server.directory, cacheSize });
  const [remembering, asking] = [await portal(STORED), await portal(0)];
  const bare = await floors(database, { connections: CONNECTIONS, stored: STORED });
  const peers: PeerWay[] = [];
  try {
    if (hasPeers()) await openPeers(server, peers);
    const ways = [...(await ours(remembering, asking, STORED)), ...bare.ways, ...peers.map(({ way }) => way)];
    reportVerify(await interleaved(contestants(ways), extent.rounds), peers.length > 0);
  } finally {
    await Promise.all(peers.map(({ peer }) => peer.close()));
    await bare.close();
    await closeAll([remembering, asking]);
  }
});

async function openPeers(server: BenchServer, opened: PeerWay[]): Promise<void> {
  const { openBetterAuth } = await betterAuth();
  const open = async (name: string, tuned: boolean, keys: number) => {
    const { url }: BenchDatabase = await server.database(tuned ? 'tuned_peer' : 'default_peer');
    const peer = await openBetterAuth({ url, connections: CONNECTIONS, tuned, keys });
    opened.push({ peer, way: { name, work: () => peer.verify(), inFlight: [1, 64] } });
  };
  await open('better-auth, default', false, STORED);
  await open('better-auth, best tuned', true, extent.isQuick ? 50 : 1_000);
}

function contestants(ways: readonly Way[]): Contestant<Sample>[] {
  return ways.flatMap(({ name, work, inFlight, isPlain, ready }) =>
    inFlight.map((count) => ({
      name: nameAt(name, count),
      measure: async () => {
        await ready?.(extent.sampleMs);
        return drive(work, { inFlight: count, forMs: extent.sampleMs, block: isPlain ? BLOCK : 1 });
      },
    })),
  );
}

async function closeAll(apps: readonly NestFastifyApplication[]): Promise<void> {
  for (const app of apps) await app.close();
}
