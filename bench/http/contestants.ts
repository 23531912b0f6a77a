import { fileURLToPath } from 'node:url';
import { DEVICES, LIST, TRIVIAL } from '../guard/operations.js';
import { ServerProcess, SERVER_CORE } from '../support/child.js';
import { peerFile } from '../support/peers.js';
import { storedKey } from '../support/stored-keys.js';

const PORTAL = fileURLToPath(new URL('portal/portal.server.js', import.meta.url));
/** Stored, with devices in its tenant. */
export const KEY = 1;

export const OPERATIONS = ['trivial', 'list', 'devices'] as const;
export type OperationName = (typeof OPERATIONS)[number];

/** A server that takes part, in a process of its own. */
export interface Contestant {
  name: string;
  start: (database: ServedDatabase) => Promise<ServerProcess>;
  /** Sent with each request. */
  key?: string;
  operations: Readonly<Record<OperationName, string>>;
}

export interface ServedDatabase {
  /** The portal's login. */
  url: string;
  /** Reads every tenant's rows: the peers name the tenant in the WHERE of their query. */
  administratorUrl: string;
  tenantId: string;
  dataDirectory: string;
}

const OURS = { trivial: TRIVIAL, list: LIST, devices: DEVICES };
const PEERS = { ...OURS, devices: DEVICES.replace('devices(first: 20)', 'benchDevices') };

const ours = (name: string): Contestant => ({
  name,
  key: storedKey(KEY),
  operations: OURS,
  start: ({ url, dataDirectory }) => ServerProcess.start(PORTAL, [url, dataDirectory], SERVER_CORE),
});
const peer = (name: string, file: string, kind: string): Contestant => ({
  name,
  operations: PEERS,
  start: ({ administratorUrl, tenantId }) =>
    ServerProcess.start(peerFile(file), [kind, administratorUrl, tenantId], SERVER_CORE),
});

export const GUARDED = 'our portal, guarded';
export const COPY = 'our portal, a copy';
export const EXPRESS = 'Nest + Apollo on Express, as documented';
export const FASTIFY = 'Nest + Apollo on Fastify, as documented';
export const MERCURIUS = 'Nest + Mercurius, compiled queries';

export const CONTESTANTS: readonly Contestant[] = [
  ours(GUARDED),
  ours(COPY),
  peer(FASTIFY, 'nest-app.mjs', 'fastify'),
  peer(EXPRESS, 'nest-app.mjs', 'express'),
  peer(MERCURIUS, 'nest-app.mjs', 'mercurius'),
  peer('GraphQL Yoga on node:http', 'yoga-app.mjs', ''),
  peer('node:http with JSON, no GraphQL', 'raw-http.mjs', ''),
];
