import { fileURLToPath } from 'node:url';
import { LOAD_CORE, pin, SERVER_CORE, ServerProcess } from '../support/child.js';
import { askOnce, graphqlRequest, requireGood } from '../support/http-load.js';
import { sampleServer, type ServerSample } from '../support/server-sample.js';
import { TRIVIAL } from './operations.js';
import { peerFile } from '../support/peers.js';

const PORTAL = fileURLToPath(new URL('portal.server.js', import.meta.url));

export const SERVERS = ['guarded', 'guarded, a copy', 'unguarded', 'stock on Express, unguarded'] as const;
export type ServerName = (typeof SERVERS)[number];

export interface ServerOptions {
  databaseUrl: string;
  dataDirectory: string;
}

/** Starts a server bound to the servers' core. @throws {Error} when it is not as guarded as its name says */
export async function startServer(name: ServerName, options: ServerOptions): Promise<ServerProcess> {
  const [kind] = name.split(',');
  const server = await (name === 'stock on Express, unguarded'
    ? ServerProcess.start(peerFile('nest-app.mjs'), ['express'], SERVER_CORE)
    : ServerProcess.start(PORTAL, [options.databaseUrl, options.dataDirectory, kind ?? ''], SERVER_CORE));
  const { status } = await askOnce(graphqlRequest(server.url, TRIVIAL));
  if ((status === 401) === (kind === 'guarded')) return server;
  await server.stop();
  throw new Error(`Without a key, the server "${name}" answers ${status}.`);
}

/** @returns whether load and database are kept away from the servers' core */
export function pinLoad(postmasterPid: number): boolean {
  return pin(process.pid, LOAD_CORE) && pin(postmasterPid, LOAD_CORE);
}

/** Asks one operation for so long, on ten connections, once it is seen to be answered. */
export async function measureServer(
  server: ServerProcess,
  { operation, key, forMs }: { operation: string; key?: string; forMs: number },
): Promise<ServerSample> {
  const request = graphqlRequest(server.url, operation, key);
  await requireGood(request);
  return sampleServer(server, request, { connections: 10, forMs });
}
