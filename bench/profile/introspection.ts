import type { Pool } from 'pg';
import { TRIVIAL } from '../guard/operations.js';
import type { ServerProcess } from '../support/child.js';
import { askOnce, type FixedRequest, formRequest, graphqlRequest } from '../support/http-load.js';
import { sampleServer } from '../support/server-sample.js';
import { storedKey } from '../support/stored-keys.js';
import { type Bar, ratioBar } from '../support/table.js';

/** In the tenant of the key 1. */
const SERVICE = 1_001;
const ROUNDS = 5;

/** Gives the stored key of the service its scope. */
export async function storeService(administrator: Pool): Promise<void> {
  await administrator.query(
    `update api_keys set scopes = '["keys:verify"]' where key_hash = encode(sha256($1::bytea), 'hex')`,
    [storedKey(SERVICE)],
  );
}

/**
 * Measures the verification of a remembered key for another service, beside the portal's own trivial request with that key. A
 * verification is two of them, of the service's key and of its client's, and takes no fast path.
 */
export async function measureIntrospection(portal: ServerProcess, key: string, forMs: number): Promise<Bar> {
  const verify = formRequest(portal.url, '/keys/verify', { token: key, ip: '192.0.2.7' }, storedKey(SERVICE));
  const { status, body } = await askOnce(verify);
  if (status !== 200 || !body.startsWith('{"active":true,'))
    throw new Error(`The key is not active: ${status} ${body}`);
  const trivial = graphqlRequest(portal.url, TRIVIAL, key);
  const costOf = async (request: FixedRequest) =>
    (await sampleServer(portal, request, { connections: 10, forMs })).cpuMicros;
  const [verified, asked]: [number[], number[]] = [[], []];
  // The first round warms up.
  for (let round = 0; round <= ROUNDS; round++) {
    const costs = [await costOf(verify), await costOf(trivial)] as const;
    if (round === 0) continue;
    verified.push(costs[0]);
    asked.push(costs[1]);
  }
  return ratioBar('CPU: POST /keys/verify ÷ trivial request', verified, asked, { at: 'most', value: 2 });
}
