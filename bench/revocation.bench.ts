import { InstanceSet } from './revocation/instances.js';
import { reportRevocations } from './revocation/report.js';
import { revokeUnderLoad, type Revocation } from './revocation/revoke.js';
import { readExtent } from './support/arguments.js';
import { BenchServer } from './support/bench-server.js';
import { printMachine } from './support/machine.js';
import { storeKeys } from './support/stored-keys.js';

const extent = readExtent({ rounds: 1, sampleMs: 0 });
const REVOCATIONS = extent.isQuick ? 20 : 1_000;
/** Keys watched at once: each by one connection to each instance, which is the load. */
const AT_ONCE = 8;

// A commit is what is measured from, and the server notes when it was.
const options = { disposable: false, settings: { track_commit_timestamp: 'on' } };
await BenchServer.with(options, async (server) => {
  const database = await server.database('revocation');
  await storeKeys(database.administrator, REVOCATIONS);
  await printMachine('revocation', extent, database.administrator);
  const instances = await InstanceSet.start({ databaseUrl: database.url, dataDirectory: server.directory });
  try {
    const numbers = Array.from({ length: REVOCATIONS }, (_, n) => n + 1);
    const seen: Revocation[] = [];
    const startedAt = performance.now();
    const worker = async () => {
      for (let number = numbers.shift(); number !== undefined; number = numbers.shift())
        seen.push(await revokeUnderLoad(number, instances, database.administrator));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    reportRevocations(seen, (performance.now() - startedAt) / 1_000);
  } finally {
    await instances.stop();
  }
});
