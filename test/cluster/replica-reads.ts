import type { Instance } from '../support/faults/instance.js';
import { Scrape } from '../support/prometheus.js';

/** Reads of an instance that a replica has answered so far. */
export async function replicaReads({ url }: Instance): Promise<number> {
  const answer = await fetch(new URL('/metrics', url));
  return new Scrape(await answer.text()).value('latchkey_replica_reads_total', { server: 'replica' });
}
